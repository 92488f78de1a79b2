"""An older copy of the state is put back: with its logbook nothing is sent again; without it what was sent since is sent again
under the same ids, so that who looks at ids has everything once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree

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


@pytest.mark.parametrize("has_logbook", [True, False])
def test_what_was_granted_and_sent_after_the_copy_is_sent_again_only_where_the_logbook_is_lost(
    corner, parcours, copy, has_logbook: bool
) -> None:
    hook = Hook()
    with hook_in_thread(hook) as url:
        deliver(corner, url)
        ticks = relay = ""
        for minutes in (20, 10):  # the tick that catches up is another one than before
            at = f"{(now() - timedelta(minutes=minutes)).isoformat()}Z"
            ticks = parcours("tick", "corner", "--at", at).out
            relay = parcours("relay", "corner").out
            if minutes == 20:
                assert relay == "relay: 3 messages handed over\n"
                first = dict(hook.taken)
                STATE.write_bytes(copy)
                if not has_logbook:
                    rmtree(STATE.with_name("state.duckdb.logbook"))
    assert len(first) == 3
    if has_logbook:
        assert [line.partition(" at ")[0] for line in ticks.splitlines()] == ["tick 1", "tick 2"]
        assert relay == "relay: 0 messages handed over; 3 handed over before\n"
        assert dict(hook.taken) == first
    else:
        assert ticks.startswith("tick 1")
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
