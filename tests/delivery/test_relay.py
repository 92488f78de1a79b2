"""The relay: what was granted leaves once, or it is said why not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from time import sleep

import pytest
from relay_world import GIVE_UP, GREETING, LOOP, Recording, Shop

from parcours.delivery import relay
from parcours.delivery.send import Accepted, Outcome, Send, TerminalFailure, TransientFailure, Untried

FAR = "2026-03-09 09:00"


def test_what_a_tick_granted_is_handed_over_once() -> None:
    shop = Shop()
    for name in ("ann", "bob"):
        shop.contact(name)
    shop.granted("ann", "bob")
    relayed = shop.relay()
    assert (relayed.claimed, relayed.accepted, relayed.waiting) == (2, 2, 0)
    assert shop.receipts() == [("ann", "accepted", ""), ("bob", "accepted", "")]
    assert sorted(send.address for send in shop.email.sends) == ["ann@example.org", "bob@example.org"]
    assert shop.relay().accepted == 0
    shop.restart()  # the state is looked at when it is opened
    assert len(shop.email.sends) == 2


def test_the_id_of_a_send_follows_from_what_it_is() -> None:
    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    shop.relay()
    entry = int((datetime(2026, 3, 2, 8, 59) - datetime(1970, 1, 1)) / timedelta(microseconds=1))
    parts = ["test", "j", "ann", "", str(entry), "hello", "email", "1"]
    said = "".join(f"{len(part.encode())}:{part}" for part in parts)
    assert [send.id for send in shop.email.sends] == [sha256(said.encode()).hexdigest()[:32]]


def test_each_visit_and_each_channel_has_an_id_of_its_own() -> None:
    shop = Shop(LOOP)
    shop.contact("ann")
    shop.granted("ann")
    for hour in (9, 10, 11):
        at = f"2026-03-02 {hour:02}:30"
        shop.tick(at)
        shop.relay(at)
    assert len(set(shop.ids())) == len(shop.ids()) == 6
    assert [len(shop.channels[c].sends) for c in ("email", "sms")] == [3, 3]


def test_ids_are_the_same_whether_visits_are_taken_one_by_one_or_together() -> None:
    found = []
    for one_by_one in (True, False):
        shop = Shop(LOOP)
        shop.contact("ann")
        shop.granted("ann")
        for hour in (9, 10, 11):
            shop.tick(f"2026-03-02 {hour:02}:30")
            if one_by_one:
                shop.relay(f"2026-03-02 {hour:02}:30")
        shop.relay("2026-03-02 11:30")
        found.append(shop.ids())
    assert found[0] == found[1]


# ---- P8: what happened since it was granted


def test_an_opt_out_after_the_grant_stops_what_has_not_been_handed_over() -> None:
    shop = Shop()
    for name in ("ann", "bob", "cleo", "dan"):
        shop.contact(name)
    shop.granted("ann", "bob", "cleo", "dan")
    shop.event("opt_out", "ann", "2026-03-02 09:00", channel="email")
    shop.event("opt_out", "bob", "2026-03-02 09:00", channel="sms")
    shop.rows("UPDATE memory.main.contact SET email_opt_in = false WHERE _contact = 'cleo'")
    shop.rows("UPDATE memory.main.contact SET email = NULL WHERE _contact = 'dan'")
    relayed = shop.relay("2026-03-02 09:01")
    assert (relayed.accepted, relayed.cancelled) == (1, 3)
    assert shop.receipts() == [
        ("ann", "cancelled", "suppressed"),
        ("bob", "accepted", ""),
        ("cleo", "cancelled", "no_consent"),
        ("dan", "cancelled", "unreachable"),
    ]
    assert shop.rows("SELECT rule, place FROM state.receipt WHERE contact = 'ann'") == [
        ("opt_out", "test.journey:6:9")
    ]


def test_an_opt_out_that_is_not_visible_yet_stops_nothing() -> None:
    """E2: it is seen from the instant on at which it was loaded."""
    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    shop.event("opt_out", "ann", "2026-03-02 09:00", loaded="2026-03-02 09:05")
    assert shop.relay("2026-03-02 09:04").accepted == 1


class Slow(Recording):
    """A channel that has time for so many at once, and else for none of them."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.pieces: list[Sequence[Send]] = []

    async def hand_over(self, piece: Sequence[Send], until: float) -> Sequence[Outcome]:
        self.pieces.append(piece)
        if len(piece) > self._most:
            return [Untried() for _ in piece]
        return await super().hand_over(piece, until)


def other_opts_out(shop: Shop, piece: Sequence[Send]) -> None:
    for name in {"ann", "bob"} - {piece[0].contact}:
        shop.event("opt_out", name, "2026-03-02 09:00")


def test_the_datamart_is_asked_before_each_batch() -> None:
    """Bob opts out while Ann's batch is being handed over."""
    email = Recording(batch_size=1)
    shop = Shop(channels={"email": email})
    for name in ("ann", "bob"):
        shop.contact(name)
    shop.granted("ann", "bob")

    email.before = lambda batch: other_opts_out(shop, batch)
    relayed = shop.relay("2026-03-02 09:01")
    assert (relayed.accepted, relayed.cancelled) == (1, 1)


def test_p8_what_a_batch_has_left_after_five_seconds_is_asked_about_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both are of one batch; Bob opts out while Ann's piece is being handed over, which takes too long."""
    monkeypatch.setattr(relay, "FRESH_SECONDS", 0.05)
    email = Recording(batch_size=2, piece_size=1)
    shop = Shop(channels={"email": email})
    for name in ("ann", "bob"):
        shop.contact(name)
    shop.granted("ann", "bob")

    def then(piece: Sequence[Send]) -> None:
        other_opts_out(shop, piece)
        sleep(0.06)

    email.before = then
    relayed = shop.relay("2026-03-02 09:01")
    assert (relayed.accepted, relayed.cancelled) == (1, 1)


def test_what_is_too_much_for_its_time_goes_in_smaller_batches() -> None:
    """A list that takes too long to write does not get its name."""
    email = Slow(most=2)
    shop = Shop(channels={"email": email})
    names = [f"contact {n}" for n in range(9)]
    for name in names:
        shop.contact(name)
    shop.granted(*names)
    assert shop.relay().accepted == 9
    assert [len(piece) for piece in email.pieces] == [9, 4, 2, 4, 2, 4, 2, 3, 1, 2]
    assert all(count == 1 for count in email.taken.values())


def test_what_is_too_slow_for_one_alone_waits_for_the_next_run() -> None:
    email = Slow(most=0)
    shop = Shop(channels={"email": email})
    shop.contact("ann")
    shop.granted("ann")
    relayed = shop.relay()
    assert (relayed.accepted, relayed.waiting, len(email.pieces)) == (0, 1, 1)


def test_who_has_left_the_datamart_gets_nothing() -> None:
    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    shop.rows("DELETE FROM memory.main.contact")
    assert shop.relay().cancelled == 1
    assert shop.receipts() == [("ann", "cancelled", "unreachable")]


QUIET = """
    journey j
        enter on cart
            again
        send hello by sms

    channel sms
        address phone
        consent sms_opt_in
        quiet from 20:00 to 08:00
"""


def test_what_could_not_be_handed_over_in_the_evening_does_not_arrive_at_night() -> None:
    shop = Shop(QUIET, zone="Europe/Paris")
    shop.contact("ann")
    shop.contact("ben", zone="America/New_York")
    shop.granted("ann", "ben", at="2026-03-02 18:30")
    shop.channels["sms"].answer = lambda send: TransientFailure("down")
    shop.relay("2026-03-02 18:59")
    shop.channels["sms"].answer = lambda send: Accepted()
    relayed = shop.relay("2026-03-02 19:00")
    assert (relayed.accepted, relayed.deferred, relayed.waiting) == (1, 1, 1)
    assert [send.contact for send in shop.channels["sms"].sends[2:]] == ["ben"]
    assert shop.waits_until("ann") == "2026-03-03 07:00"
    assert shop.relay("2026-03-03 07:00").accepted == 1


# ---- failures


def test_a_failure_that_passes_is_tried_again_after_a_growing_time_and_has_an_end() -> None:
    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    shop.email.answer = lambda send: TransientFailure("out of order")
    assert shop.relay().retried == 1
    tried = []
    while shop.rows("SELECT 1 FROM state.queue"):
        shop.clock = shop.waits_until("ann")
        tried.append(shop.now())
        assert shop.relay().accepted == 0
    waits = [
        int((b - a).total_seconds() / 60)
        for a, b in zip([datetime(2026, 3, 2, 9), *tried], tried, strict=False)
    ]
    assert waits == [1, 2, 4, 8, 16, 32, *[60] * 22]
    assert tried[-1] < datetime(2026, 3, 2, 9) + GIVE_UP
    assert shop.receipts() == [("ann", "given_up", "out of order")]
    assert shop.rows("SELECT attempts FROM state.receipt") == [(29,)]
    assert shop.rows("SELECT count(*), max(attempt) FROM state.attempt") == [(28, 28)]
    assert len({send.id for send in shop.email.sends}) == 1


def test_nothing_is_tried_before_its_time() -> None:
    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    shop.email.answer = lambda send: TransientFailure("out of order")
    shop.relay()
    shop.relay("2026-03-02 09:00:59")
    assert len(shop.email.sends) == 1
    shop.relay("2026-03-02 09:01")
    assert len(shop.email.sends) == 2


def test_a_failure_for_good_is_recorded_and_that_of_an_address_is_a_bounce() -> None:
    shop = Shop()
    for name in ("ann", "bob"):
        shop.contact(name)
    shop.granted("ann", "bob")

    def answer(send: Send) -> Outcome:
        return TerminalFailure("550 no such user", "address" if send.contact == "ann" else "message")

    shop.email.answer = answer
    assert shop.relay().failed == 2
    assert shop.receipts() == [("ann", "failed", "550 no such user"), ("bob", "failed", "550 no such user")]
    assert shop.rows("SELECT contact FROM state.receipt WHERE kind = 'address'") == [("ann",)]
    assert [(b.contact, b.channel, b.reason) for b in shop.bounced] == [("ann", "email", "550 no such user")]
    # as the history of what was sent calls it, so that journeys can speak of the bounce of a message
    entry = int((datetime(2026, 3, 2, 8, 59) - datetime(1970, 1, 1)) / timedelta(microseconds=1))
    assert shop.bounced[0].reference == f"j::{entry}:hello:email"


def test_whatever_somebody_answers_is_recorded_and_nothing_is_sent_again() -> None:
    """A server that answers in Latin-1, and one whose JSON says half a character."""
    shop = Shop()
    for name in ("ann", "bob", "cleo"):
        shop.contact(name)
    shop.granted("ann", "bob", "cleo")
    answers: dict[str, Outcome] = {
        "ann": TerminalFailure("550 Empf\udce4nger unbekannt", "address"),
        "bob": Accepted("id \ud800\0"),
        "cleo": TransientFailure("sp\udce4ter"),
    }
    shop.email.answer = lambda send: answers[send.contact]
    relayed = shop.relay()
    assert (relayed.failed, relayed.accepted, relayed.retried) == (1, 1, 1)
    assert shop.receipts() == [("ann", "failed", "550 Empf?nger unbekannt"), ("bob", "accepted", "")]
    assert shop.rows("SELECT provider_id FROM state.receipt WHERE contact = 'bob'") == [("id ??",)]
    assert [one.reason for one in shop.bounced] == ["550 Empf?nger unbekannt"]


def test_what_a_channel_has_not_begun_is_asked_about_again_before_it_is_handed_over() -> None:
    """P8: Bob opts out while Ann's message is being handed over, which takes long."""
    shop = Shop()
    for name in ("ann", "bob"):
        shop.contact(name)
    shop.granted("ann", "bob")
    late: list[str] = []

    def answer(send: Send) -> Outcome:
        if not late:
            late.append(send.id)
            return Accepted()
        if len(late) == 1:
            late.append(send.id)
            shop.event("opt_out", send.contact, "2026-03-02 09:00")
            return Untried()
        return Accepted()

    shop.email.answer = answer
    relayed = shop.relay("2026-03-02 09:01")
    assert (relayed.accepted, relayed.cancelled, relayed.retried) == (1, 1, 0)
    assert shop.rows("SELECT count(*) FROM state.attempt") == [(0,)]


def test_a_channel_that_begins_nothing_is_left_for_the_next_run() -> None:
    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    shop.email.answer = lambda send: Untried()
    relayed = shop.relay()
    assert (relayed.waiting, relayed.retried, len(shop.email.sends)) == (1, 0, 1)


def test_a_channel_that_is_down_is_not_asked_for_everything_and_holds_up_no_other() -> None:
    email = Recording(batch_size=2)
    shop = Shop(GREETING_BY_TWO, channels={"email": email})
    email.answer = lambda send: TransientFailure("down")
    names = [f"c{n}" for n in range(6)]
    for name in names:
        shop.contact(name)
    shop.granted(*names)
    relayed = shop.relay()
    assert len(email.sends) == 2
    assert len(shop.channels["sms"].taken) == 6
    assert (relayed.retried, relayed.waiting) == (2, 6)


GREETING_BY_TWO = """
    journey j
        enter on cart
            again
        send hello by email and sms
"""


def test_what_is_too_old_is_not_handed_over_any_more() -> None:
    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    assert shop.relay(FAR).given_up == 1
    assert shop.receipts() == [("ann", "given_up", "it could not be handed over in time")]
    assert shop.email.sends == []


def test_a_message_that_has_expired_since_is_not_handed_over() -> None:
    shop = Shop(GREETING + '\n    message hello\n        email "…"\n        expires after 2 hours\n')
    shop.contact("ann")
    shop.granted("ann")
    assert shop.relay("2026-03-02 11:00:01").given_up == 1
    assert shop.receipts() == [("ann", "given_up", "the message has expired")]


@pytest.mark.parametrize("sizes", [{"batch_size": 1}, {"batch_size": 2, "piece_size": 1}])
def test_between_two_batches_and_two_pieces_it_can_be_stopped(sizes: dict[str, int]) -> None:
    email = Recording(**sizes)
    shop = Shop(channels={"email": email})
    for name in ("ann", "bob"):
        shop.contact(name)
    shop.granted("ann", "bob")
    shop.stopping = lambda: bool(email.sends)
    relayed = shop.relay()
    assert (relayed.accepted, relayed.waiting) == (1, 1)
    shop.stopping = lambda: False
    assert shop.relay().accepted == 1


# ---- a state is looked at


@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM state.receipt", "INSERT INTO state.receipt FROM state.receipt", "DELETE FROM state.claim"],
)
def test_a_state_that_has_lost_or_doubled_a_send_is_refused(damage: str) -> None:
    from parcours.diagnostics import Problem

    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    shop.relay()
    shop.rows(damage)
    with pytest.raises(Problem, match="messages in the outbox"):
        shop.restart()


# ---- what was not tried


def test_what_was_not_tried_waits_as_before_and_the_channel_is_told() -> None:
    shop = Shop()
    for name in ("ann", "bob"):
        shop.contact(name)
    shop.granted("ann", "bob")
    answers = iter([Accepted(), Untried(is_left_alone=True)])
    shop.email.answer = lambda send: next(answers)
    relayed = shop.relay()
    assert (relayed.accepted, relayed.waiting, relayed.retried) == (1, 1, 0)
    assert relayed.left_alone == {"email"}
    assert shop.rows("SELECT attempts, due_at = granted_at FROM state.queue") == [(0, True)]
    shop.email.answer = lambda send: Accepted()
    assert shop.relay().accepted == 1
    shop.close()


def test_a_channel_that_is_left_alone_gets_nothing_more_in_this_run() -> None:
    shop = Shop(channels={"email": Recording(batch_size=2)})
    names = [f"c{number}" for number in range(6)]
    for name in names:
        shop.contact(name)
    shop.granted(*names)
    shop.email.answer = lambda send: Accepted() if len(shop.email.sends) < 2 else Untried(is_left_alone=True)
    shop.relay()
    assert len(shop.email.sends) == 2
    shop.close()
