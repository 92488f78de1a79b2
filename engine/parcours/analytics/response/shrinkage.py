"""Rates from few messages, drawn towards the whole: an empirical Bayes beta-binomial.

Of groups that are alike, small ones show large and small rates by chance. How far apart they truly are is estimated from
all of them together; each rate is then what it would be had `strength` messages more gone out with the rate of the whole."""

from collections.abc import Iterable, Sequence

WEAKEST, STRONGEST = 2.0, 10_000.0


def strength(cells: Iterable[tuple[int, int]], mean: float) -> float:
    """How many messages the whole counts for beside a group's own, from (messages, answers) of each group. By moments: under
    a beta-binomial the squared distance of a group's answers from what is expected is n m (1 - m) (1 + (n - 1) r) on
    average, and the strength is (1 - r) / r."""
    squares = messages = pairs = 0.0
    if not 0 < mean < 1:
        return STRONGEST
    for sent, answered in cells:
        squares += (answered - sent * mean) ** 2 / (mean * (1 - mean))
        messages += sent
        pairs += sent * (sent - 1)
    return strength_of((squares - messages) / pairs if pairs else 0.0)


def strength_of(likeness: float) -> float:
    """The strength for the likeness of two messages to one group, which is 0 where groups do not differ."""
    if likeness <= 0:
        return STRONGEST
    return min(max((1 - likeness) / likeness, WEAKEST), STRONGEST)


def shrunk(sent: int, answered: int, mean: float, strong: float) -> float:
    """The rate of a group, drawn towards the mean."""
    return (answered + strong * mean) / (sent + strong)


def shrunk_rates(cells: Sequence[tuple[int, int]]) -> list[float]:
    """The rate of each of (messages, answers), drawn towards all of them together."""
    sent, answered = (sum(cell[n] for cell in cells) for n in (0, 1))
    mean = answered / sent if sent else 0.0
    strong = strength(cells, mean)
    return [shrunk(*cell, mean, strong) for cell in cells]
