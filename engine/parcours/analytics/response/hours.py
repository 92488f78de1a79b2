"""The hour at which each contact answers best.

A contact has too few messages in any hour to go by them alone. So each hour begins with what is expected of it: the rate
of the hour over everybody, times how readily the contact answers at all. Its own messages of the hour, and those of the
hours before and after it at half the weight, move it from there, the more the more there are. The hour with the highest
rate is the best; where nothing of the contact's was ever answered, that of everybody."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from parcours.analytics.learner import Result, Run
from parcours.analytics.moment import Moment
from parcours.analytics.response.answers import SENDS, make_sends
from parcours.analytics.response.shrinkage import strength_of
from parcours.analytics.snapshot import Snapshot
from parcours.checking import checked
from parcours.compiler.analytic_store import RESPONSE
from parcours.compiler.expressions import cast_to, create_temporary, no_rows, number, own, table

HOURS = 24
WHOLE_STRENGTH = 100.0
"""With how many messages of the overall rate an hour of everybody's begins."""

_TABLE = "_best_hour"
_RATE = "DECIMAL(18, 12)"


def learn_best_hour(response: checked.Response, snapshot: Snapshot, earlier: Sequence[Run]) -> Result:  # noqa: ARG001
    """A row for each contact who has answered, and one without a contact for all others. Without a message that was
    answered there are no rows."""
    columns = {**snapshot.contact_column(), **RESPONSE["best_hour"]}
    whole = _whole(snapshot) if make_sends(snapshot) else []
    if not any(answered for _, answered in whole):
        snapshot.engine.run_tree(create_temporary(_TABLE, no_rows(columns)))
        return Result(columns, _TABLE, {"summary": "nothing was answered"})
    expected = expected_rates(whole)
    best = best_of(expected, whole)
    _make_hours(snapshot, expected, whole)
    strong = _make_cells(snapshot)
    _make_best(snapshot, strong, best)
    moved = snapshot.count(_TABLE) - 1
    report = {
        "summary": f"best at {best}:00 for everybody, an hour of their own for {moved:,} contacts",
        "hour": best,
        "rates": [round(rate, 6) for rate in expected],
        "strength": round(strong, 3),
    }
    return Result(columns, _TABLE, report)


def expected_rates(whole: Sequence[tuple[int, int]]) -> list[float]:
    """The rate of each hour over everybody from its (messages, answers), with its neighbours at half the weight, drawn
    towards the overall rate. Midnight lies beside 23:00."""
    sent, answered = (sum(cell[n] for cell in whole) for n in (0, 1))
    mean = answered / sent if sent else 0.0
    around = [
        tuple(whole[hour][n] + (whole[hour - 1][n] + whole[(hour + 1) % HOURS][n]) / 2 for n in (0, 1))
        for hour in range(HOURS)
    ]
    return [(yes + WHOLE_STRENGTH * mean) / (of + WHOLE_STRENGTH) for of, yes in around]


def best_of(rates: Sequence[float], whole: Sequence[tuple[int, int]]) -> int:
    """The hour with the highest rate; of several the one with the most messages, then the first."""
    return max(range(HOURS), key=lambda hour: (round(rates[hour], 12), whole[hour][0], -hour))


def _whole(moment: Moment) -> list[tuple[int, int]]:
    answered = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=own("answered")))
    query = exp.select("hour", exp.Count(this=exp.Star()), answered).from_(table(SENDS)).group_by("hour")
    found = {hour: (sent, yes) for hour, sent, yes in moment.engine.run_tree(query)}
    return [found.get(hour, (0, 0)) for hour in range(HOURS)]


def _make_hours(moment: Moment, expected: Sequence[float], whole: Sequence[tuple[int, int]]) -> None:
    """`_hour(hour, expected, messages)`."""
    rows = [
        exp.Tuple(
            expressions=[
                number(hour),
                cast_to(exp.Literal.string(f"{rate:.12f}"), _RATE),
                number(whole[hour][0]),
            ]
        )
        for hour, rate in enumerate(expected)
    ]
    names = [exp.to_identifier(name) for name in ("hour", "expected", "messages")]
    values = exp.Values(expressions=rows, alias=exp.TableAlias(this=exp.to_identifier("h"), columns=names))
    moment.engine.run_tree(create_temporary("_hour", exp.select("*").from_(values, copy=False)))


def _make_cells(moment: Moment) -> float:
    """`_hour_cell(contact, hour, sent, answered)` of what was sent, `_hour_contact(contact, answered, level)` of how readily
    each answers, and the strength with which hours are drawn towards what is expected."""
    run = moment.engine.run_text
    run(
        f"""CREATE OR REPLACE TEMP TABLE _hour_cell AS
        SELECT contact, hour, count(*) AS sent, count(*) FILTER (WHERE answered) AS answered
        FROM {SENDS} GROUP BY contact, hour"""  # noqa: S608 - our own table
    )
    # one message more, answered as expected: a contact who never answered is not taken for one who never will
    run(
        """CREATE OR REPLACE TEMP TABLE _hour_contact AS
        SELECT contact, sum(answered) AS answered,
            (sum(answered) + 1)::DOUBLE / (sum(sent * expected) + 1)::DOUBLE AS level
        FROM _hour_cell JOIN _hour USING (hour) GROUP BY contact"""
    )
    ((same, same_pairs, every, every_pairs),) = run(
        """WITH cell AS (
            SELECT contact, sent, (answered - sent * g) / sqrt(g * (1 - g)) AS far,
                (answered * (1 - g) ** 2 + (sent - answered) * g ** 2) / (g * (1 - g)) AS alone
            FROM (SELECT c.*, least(greatest(expected::DOUBLE, 0.0001), 0.95) AS g FROM _hour_cell AS c JOIN _hour USING (hour))
        ), whole AS (
            SELECT contact, sum(CAST(far ** 2 - alone AS DECIMAL(38, 9))) AS same, sum(sent * (sent - 1)) AS same_pairs,
                sum(CAST(far AS DECIMAL(18, 9)))::DOUBLE ** 2 - sum(CAST(alone AS DECIMAL(18, 9)))::DOUBLE AS every,
                sum(sent) * (sum(sent) - 1) AS every_pairs
            FROM cell GROUP BY contact)
        SELECT sum(same), sum(same_pairs), sum(CAST(every AS DECIMAL(38, 9))), sum(every_pairs) FROM whole"""
    )
    return strength_of_pairs(float(same), int(same_pairs), float(every), int(every_pairs))


def strength_of_pairs(same: float, same_pairs: int, every: float, every_pairs: int) -> float:
    """How many messages the expectation of an hour counts for beside the contact's own. From sums, over pairs of messages
    to one contact, of the product of what each is above its expectation, standardised: of pairs in the same hour, and of
    every pair. Two messages of the same hour are more alike than two of different hours just as far as hours matter to
    the contact, whatever else it likes or dislikes."""
    apart = (every - same) / (every_pairs - same_pairs) if every_pairs > same_pairs else 0.0
    return strength_of(same / same_pairs - apart if same_pairs else 0.0)


def _make_best(moment: Moment, strong: float, best: int) -> None:
    """Neighbours count half, so twice the counts are whole numbers; sums do not depend on their order (T3)."""
    run: Any = moment.engine.run_text
    run(
        """CREATE OR REPLACE TEMP TABLE _hour_around AS
        SELECT contact, (hour + shift + 24) % 24 AS hour, sum(sent * weight) AS sent2, sum(answered * weight) AS answered2
        FROM _hour_cell SEMI JOIN (SELECT contact FROM _hour_contact WHERE answered > 0) USING (contact)
        CROSS JOIN (VALUES (-1, 1), (0, 2), (1, 1)) AS k(shift, weight)
        GROUP BY ALL"""
    )
    run(
        f"""CREATE OR REPLACE TEMP TABLE {_TABLE} AS
        SELECT c.contact, arg_max(h.hour, row(
            (coalesce(a.answered2, 0) / 2 + $strong * least(c.level * h.expected::DOUBLE, 0.95))
            / (coalesce(a.sent2, 0) / 2 + $strong), h.expected, h.messages, -h.hour))::INTEGER AS hour
        FROM _hour_contact AS c CROSS JOIN _hour AS h
        LEFT JOIN _hour_around AS a ON a.contact = c.contact AND a.hour = h.hour
        WHERE c.answered > 0 GROUP BY c.contact
        UNION ALL SELECT NULL, $best::INTEGER""",  # noqa: S608 - our own table
        {"strong": strong, "best": best},
    )
