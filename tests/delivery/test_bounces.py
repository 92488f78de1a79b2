"""Bounces: each is told, whoever dies in between, and nothing is sent again because of one."""

from collections.abc import Sequence

import pytest
from relay_world import Shop

from parcours.delivery.bounces import MOST_ALONE, Bounced, believed
from parcours.delivery.send import Accepted, Outcome, TerminalFailure, TransientFailure, Untried
from parcours.diagnostics import Problem, problem
from parcours.executor.integrity import check_rows

BAD = TerminalFailure("550 5.1.1 no such user", "address")
NAMES = ("ann", "bob")


@pytest.fixture
def refused() -> Shop:
    """Ann and Bob were granted a message, and nobody is at their addresses."""
    shop = Shop()
    for name in NAMES:
        shop.contact(name)
    shop.granted(*NAMES)
    shop.email.answer = lambda one: BAD
    return shop


def untold(shop: Shop) -> list[tuple[object, ...]]:
    return shop.rows("SELECT contact, channel, reason FROM state.bounce ORDER BY contact")


def test_a_bounce_that_could_not_be_told_is_told_later_and_nothing_is_sent_again(refused: Shop) -> None:
    def full(bounced: Sequence[Bounced]) -> None:
        raise problem("output-unwritable", "the inbox cannot be written: no space left on device", "inbox")

    usual, refused.tell = refused.tell, full
    with pytest.raises(Problem, match="no space"):
        refused.relay()
    assert untold(refused) == [(name, "email", BAD.reason) for name in NAMES]
    assert refused.receipts() == [(name, "failed", BAD.reason) for name in NAMES]
    refused.restart()  # the state is looked at when it is opened
    refused.tell = usual
    refused.relay("2026-03-02 09:30")
    assert sorted((one.contact, one.channel, one.reason) for one in refused.bounced) == [
        (name, "email", BAD.reason) for name in NAMES
    ]
    assert {one.at.isoformat() for one in refused.bounced} == {"2026-03-02T09:00:00"}
    assert len(refused.email.sends) == len(NAMES)
    assert untold(refused) == []


def test_who_dies_after_telling_tells_the_same_again(refused: Shop) -> None:
    told: list[Bounced] = []

    def dying(bounced: Sequence[Bounced]) -> None:
        told.extend(bounced)
        raise KeyboardInterrupt

    usual, refused.tell = refused.tell, dying
    with pytest.raises(KeyboardInterrupt):
        refused.relay()
    refused.tell = usual
    refused.relay("2026-03-02 09:30")
    assert refused.bounced == told
    assert sorted(one.send for one in told) == refused.ids()


def test_a_bounce_without_a_receipt_is_no_state_of_ours(refused: Shop) -> None:
    refused.rows("INSERT INTO state.bounce VALUES ('x', 'r', 'ann', 'email', TIMESTAMP '2026-03-02', 'why')")
    with pytest.raises(Problem, match="without a receipt"):
        check_rows(refused.engine, "memory")


# ---- what is believed


def test_a_channel_that_calls_everybodys_address_bad_is_not_believed() -> None:
    answers = believed([BAD] * MOST_ALONE)
    assert [type(answer) for answer in answers] == [TransientFailure] * MOST_ALONE


@pytest.mark.parametrize(
    "answers",
    [
        [BAD] * (MOST_ALONE - 1),
        [BAD] * MOST_ALONE + [Accepted()],
        [TerminalFailure("554 spam")] * MOST_ALONE,
        [Untried()] * MOST_ALONE,
        [],
    ],
)
def test_all_else_is_believed(answers: list[Outcome]) -> None:
    assert believed(answers) == answers


def test_nobodys_channel_is_closed_by_an_endpoint_that_refuses_everybody() -> None:
    names = [f"c{n}" for n in range(MOST_ALONE)]
    shop = Shop()
    for name in names:
        shop.contact(name)
    shop.granted(*names)
    shop.email.answer = lambda one: BAD
    assert shop.relay().retried == MOST_ALONE
    assert (shop.bounced, shop.receipts()) == ([], [])
    shop.email.answer = lambda one: Accepted(one.id)
    assert shop.relay("2026-03-02 09:05").accepted == MOST_ALONE
