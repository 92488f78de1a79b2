"""What is said of the figures."""

import pytest

from parcours.analytics.experiments.verdicts import Figures, Verdict, compare, compare_all, verdict

MARGIN = 0.1


def judged(*arms: Figures, control: str = "plain", ratio: float = 0.5) -> Verdict:
    return verdict(arms, compare_all(arms, control, 0.05, MARGIN), ratio, MARGIN)


def test_an_arm_that_beats_all_others_has_won() -> None:
    found = judged(Figures("plain", 5_000, 500), Figures("gift", 5_000, 700))
    assert found == Verdict("`gift` is better", "gift", decided=True)


def test_the_control_can_win_too() -> None:
    assert judged(Figures("plain", 5_000, 700), Figures("gift", 5_000, 500)).winner == "plain"


def test_what_is_open_is_not_decided_yet() -> None:
    found = judged(Figures("plain", 5_000, 500), Figures("gift", 5_000, 540))
    assert found == Verdict("not decided yet", None, decided=False)


def test_arms_that_are_alike_are_decided_too() -> None:
    found = judged(Figures("plain", 400_000, 40_000), Figures("gift", 400_000, 40_100))
    assert found == Verdict("no difference larger than 10%", None, decided=True)


def test_a_few_contacts_say_nothing() -> None:
    found = judged(Figures("plain", 99, 0), Figures("gift", 5_000, 5_000))
    assert (
        found.text
        == "not decided yet: `plain` has 99 contacts whose time is over, and less than 100 say nothing"
    )
    assert judged(Figures("plain", 1_000, 0), Figures("gift", 1_000, 19)).text == "not decided yet"
    assert compare(Figures("a", 99, 9), Figures("b", 100, 9), 0.05, MARGIN).rate is None


def test_shares_that_are_wrong_end_all_trust() -> None:
    found = judged(Figures("plain", 5_000, 500), Figures("gift", 5_000, 700), ratio=0.0005)
    assert found.text.startswith("not to be trusted")
    assert (found.winner, found.decided) == (None, False)


def test_two_that_are_better_than_the_third_are_told_with_what_is_between_them() -> None:
    open_between = judged(
        Figures("free", 8_000, 1_200), Figures("ten", 8_000, 1_230), Figures("plain", 8_000, 800)
    )
    assert open_between.text == "`free` and `ten` are better than `plain`; between them: not decided yet"
    assert (open_between.winner, open_between.decided) == (None, False)
    alike = judged(
        Figures("free", 200_000, 30_000), Figures("ten", 200_000, 30_050), Figures("plain", 200_000, 20_000)
    )
    assert (
        alike.text == "`free` and `ten` are better than `plain`; between them: no difference larger than 10%"
    )
    assert (alike.winner, alike.decided) == (None, True)


def test_one_of_three_may_beat_both() -> None:
    found = judged(
        Figures("free", 8_000, 1_500), Figures("ten", 8_000, 1_000), Figures("plain", 8_000, 1_010)
    )
    assert found.winner == "free"


def test_a_winner_that_brings_in_less_is_told_so() -> None:
    plain = Figures("plain", 5_000, 500, total=50_000.0, squares=5_200_000.0)
    gift = Figures("gift", 5_000, 700, total=28_000.0, squares=1_200_000.0)
    found = judged(plain, gift)
    assert found.winner == "gift"
    assert found.text == "`gift` is better, but each of its contacts brings in less than those of `plain`"


def test_every_pair_is_compared_once_those_with_the_control_first() -> None:
    arms = [Figures(name, 1_000, 100) for name in ("plain", "free", "ten")]
    pairs = [(c.arm, c.against) for c in compare_all(arms, "plain", 0.05, MARGIN)]
    assert pairs == [("free", "plain"), ("ten", "plain"), ("free", "ten")]


@pytest.mark.parametrize("arms", [2, 3, 4])
def test_more_arms_share_the_risk(arms: int) -> None:
    figures = [Figures(f"a{n}", 5_000, 500) for n in range(arms)]
    widths = {c.rate.high - c.rate.low for c in compare_all(figures, "a0", 0.05, MARGIN) if c.rate}
    (alone,) = (compare(figures[1], figures[0], 0.05, MARGIN).rate,)
    assert alone is not None
    assert (max(widths) > alone.high - alone.low + 1e-9) == (arms > 2)
