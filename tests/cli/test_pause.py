"""`parcours pause`, `resume` and `enter`: commands between two ticks."""

import pytest

BEFORE, IN = "2026-03-01 00:00", "2026-03-02 09:00"


@pytest.fixture
def inside(corner, parcours) -> None:
    for at in (BEFORE, IN):
        assert parcours("tick", "corner", "--at", at).code == 0


@pytest.mark.usefixtures("inside")
def test_a_journey_is_paused_and_goes_on(parcours) -> None:
    answer = parcours("pause", "welcome", "--project", "corner", "--at", "2026-03-03 09:00")
    assert answer.out == (
        "`welcome` is paused since 2026-03-03 09:00 (Europe/Paris); `parcours resume welcome` lets it go on\n"
    )
    assert "0 ended" in parcours("tick", "corner", "--at", "2026-03-05 09:00").out
    assert parcours("plan", "corner").out.startswith("welcome: unchanged, paused\n")
    answer = parcours(
        "resume", "welcome", "--overdue", "sent", "--project", "corner", "--at", "2026-03-06 09:00"
    )
    assert answer.out == "`welcome` goes on; 2 runs fell due meanwhile: they go on with the next tick\n"
    assert "2 ended" in parcours("tick", "corner", "--at", "2026-03-06 09:00").out


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("command", [("pause",), ("resume", "--overdue", "sent"), ("enter",)])
def test_a_journey_that_is_none_is_told_with_the_nearest(parcours, command) -> None:
    name, *more = command
    contacts = ["1"] if name == "enter" else []
    answer = parcours(name, "welcom", *contacts, *more, "--project", "corner", "--at", "2026-03-03 09:00")
    assert answer.code == 2
    assert "unknown-journey" in answer.err and "did you mean `welcome`?" in answer.err


@pytest.mark.usefixtures("inside")
def test_what_is_not_paused_cannot_be_resumed(parcours) -> None:
    answer = parcours(
        "resume", "welcome", "--overdue", "sent", "--project", "corner", "--at", "2026-03-03 09:00"
    )
    assert (answer.code, "already-paused" in answer.err) == (2, True)


@pytest.mark.usefixtures("inside")
def test_contacts_enter_by_hand(parcours) -> None:
    answer = parcours("enter", "welcome", "3", "--project", "corner", "--at", "2026-03-03 09:00")
    assert answer.out == "1 contact asked into `welcome`; the next tick takes them in\n"
    assert "1 entered" in parcours("tick", "corner", "--at", "2026-03-03 09:00").out


@pytest.mark.usefixtures("inside")
def test_a_stranger_cannot_enter_by_hand(parcours) -> None:
    answer = parcours("enter", "welcome", "77", "--project", "corner", "--at", "2026-03-03 09:00")
    assert (answer.code, "unknown-contact" in answer.err) == (2, True)
