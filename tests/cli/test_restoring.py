"""An older copy of the state is put back: what was sent since is sent again under the same ids, so that who looks at ids has
everything once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from servers import Hook, hook_in_thread

STATE = Path("corner", "state", "state.duckdb")


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)  # noqa: TID251 - relay asks the machine


@pytest.fixture
def copy(corner, parcours) -> bytes:
    """The state before anybody has ordered."""
    corner.fill(f"UPDATE orders SET ordered_at = TIMESTAMP '{now() - timedelta(minutes=30)}', total = 20")
    corner.fill("UPDATE customers SET agreed = true, email = customer_id || '@example.com'")
    assert parcours("tick", "corner", "--at", f"{(now() - timedelta(minutes=40)).isoformat()}Z").code == 0
    return STATE.read_bytes()


def deliver(corner, url: str) -> None:
    settings = (corner.folder / "parcours.yaml").read_text(encoding="utf-8")
    corner.write("parcours.yaml", f"{settings}channels:\n  email: {{adapter: webhook, url: '{url}'}}\n")


def test_what_was_granted_and_sent_after_the_copy_has_the_same_ids_in_another_tick(
    corner, parcours, copy
) -> None:
    hook = Hook()
    with hook_in_thread(hook) as url:
        deliver(corner, url)
        for minutes in (20, 10):  # the tick that catches up is another one than before
            assert (
                parcours(
                    "tick", "corner", "--at", f"{(now() - timedelta(minutes=minutes)).isoformat()}Z"
                ).code
                == 0
            )
            assert parcours("relay", "corner").out == "relay: 3 messages handed over\n"
            if minutes == 20:
                first = dict(hook.taken)
                STATE.write_bytes(copy)
    assert len(first) == 3
    assert dict(hook.taken) == dict.fromkeys(first, 2)


def test_a_copy_made_after_the_last_relay_sends_nothing_again(corner, parcours, copy) -> None:
    hook = Hook()
    with hook_in_thread(hook) as url:
        deliver(corner, url)
        parcours("tick", "corner", "--at", f"{(now() - timedelta(minutes=20)).isoformat()}Z")
        parcours("relay", "corner")
        later = STATE.read_bytes()
        for _ in range(2):
            parcours("tick", "corner")
            parcours("relay", "corner")
            STATE.write_bytes(later)
    assert list(hook.taken.values()) == [1, 1, 1]
    with duckdb.connect(str(STATE), read_only=True) as state:
        assert state.execute("SELECT count(*) FROM receipt").fetchall() == [(3,)]
