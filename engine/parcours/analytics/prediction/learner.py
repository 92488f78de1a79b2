"""The learner of `score`: declaration and snapshot ─► the probability and zone of every contact as of then."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from parcours.analytics.extra import need_libraries
from parcours.analytics.features import Feature, plain_features, plain_values, sample_order
from parcours.analytics.learner import Result, Run
from parcours.analytics.prediction.learning import CALIBRATE, CHECK, FIT, Learned, learn_scorecard
from parcours.analytics.prediction.scorecard import Scorecard
from parcours.analytics.prediction.splitting import LEARN_ON, Date, Split, snapshot_dates, split
from parcours.analytics.prediction.stakes import stake_of
from parcours.analytics.prediction.zones import Stake, zoned
from parcours.analytics.snapshot import Column, Snapshot
from parcours.checking.checked import BreakEvenZone, Score, WhereZone
from parcours.clock.chance import WHOLE
from parcours.clock.zones import to_local
from parcours.compiler.expressions import case, create_temporary, insert, number, own, table
from parcours.compiler.routes import Share
from parcours.compiler.shares import share_below
from parcours.diagnostics import Problem, problem

MOST_ROWS = 1_000_000
"""So many snapshots of contacts are learned from at most; of more contacts a share is drawn, the same at every date."""

_NOW, _THEN, _OUTCOME, _ROWS = "_score_now", "_score_then", "_score_outcome", "_score_rows"
_PROBABILITIES, _SCORED = "_score_probabilities", "_score"
_COMPARED = 2_000
_EQUAL = 1e-12


def learn_score(declared: Score, snapshot: Snapshot, earlier: Sequence[Run]) -> Result:  # noqa: ARG001 - as all learners
    """`Problem` when there is too little to learn from, or what was learned is no better than chance."""
    need_libraries(f"the score `{declared.name}`", declared.place)
    zone, engine = snapshot.project.time_zone, snapshot.engine
    asked = snapshot_dates(zone, snapshot.as_of, declared.within, declared.learn_on or LEARN_ON)
    features = _make_now(declared, snapshot)
    dates = _peopled(declared, snapshot, asked)
    parts = split(dates)
    if parts is None:
        raise _too_short(declared, asked, dates)
    _make_rows(declared, snapshot, dates, parts)
    learned = learn_scorecard(engine, _ROWS, features, declared.name, declared.place)
    stake = stake_of(declared, snapshot, _ROWS, dates)
    _score(learned.scorecard, snapshot, features, len(declared.zones))
    zones = zoned(
        engine, _PROBABILITIES, declared.zones, stake if isinstance(stake, Stake) else None, _SCORED
    )
    engine.run_text("DROP TABLE _score_rows")
    report = _report(declared, learned, stake)
    report |= {
        "dates": {
            name: [to_local(zone, dates[number].at).isoformat() for number in numbers]
            for name, numbers in (("fit", parts.fit), ("calibrate", parts.calibrate), ("check", parts.check))
        },
        "zones": zones,
    }
    return Result(snapshot.columns_of("score"), _SCORED, report)


def _report(declared: Score, learned: Learned, stake: Stake | str) -> dict[str, Any]:
    """How good it is, the model itself, and what is at stake, or why that is not known where a zone asks for it."""
    found: dict[str, Any] = {**learned.report, "model": learned.scorecard.as_data()}
    asking = [f"`{zone.name}`" for zone in declared.zones if isinstance(zone, BreakEvenZone)]
    if isinstance(stake, Stake):
        from parcours.analytics.prediction.profit import profit  # heavy: only where something is learned

        found["stake"] = profit(stake, learned.outcomes, learned.probabilities)
    elif asking:
        found["notes"] = [*found["notes"], f"nobody is in the zone {', '.join(asking)}: {stake}"]
    return found


def _peopled(declared: Score, snapshot: Snapshot, dates: Sequence[Date]) -> Sequence[Date]:
    """The dates from the first one on at which there was somebody to learn from: a datamart may begin later than asked for."""
    for place, date in enumerate(dates):
        then = snapshot.at(date.at)
        then.table_of_features((), declared.population, _THEN)
        if then.count(_THEN):
            return dates[place:]
    if dates:
        raise _cannot(
            declared, "there is no contact to learn from", "widen `for`, or learn as of a later date"
        )
    return ()


def _make_now(declared: Score, snapshot: Snapshot) -> tuple[Feature, ...]:
    """The table of those who are scored: features, and the conditions of zones as `wN`. Nobody: a `Problem`."""
    terms = [one.term for one in declared.features]
    conditions = {
        place: zone.condition for place, zone in enumerate(declared.zones) if isinstance(zone, WhereZone)
    }
    columns = snapshot.table_of_features([*terms, *conditions.values()], declared.population, _THEN)
    named = [
        exp.alias_(own(made.name), f"w{place}")
        for place, made in zip(conditions, columns[len(terms) :], strict=True)
    ]
    values = plain_values(columns[: len(terms)], snapshot.as_of)
    snapshot.engine.run_tree(
        create_temporary(_NOW, exp.select(own("contact"), *values, *named).from_(table(_THEN)))
    )
    if not snapshot.count(_NOW):
        raise _cannot(declared, "there is no contact to score", "widen `for`, or learn as of a later date")
    return plain_features(columns, [one.name for one in declared.features])


def _make_rows(declared: Score, snapshot: Snapshot, dates: Sequence[Date], parts: Split) -> None:
    """The table `(contact, date, part, outcome, f0, …)` of all dates that are for something."""
    used = sorted((*parts.fit, *parts.calibrate, *parts.check))
    share = _share(declared.name, snapshot.count(_NOW) * len(used))
    terms = [one.term for one in declared.features]
    for place in used:
        date = dates[place]
        columns = snapshot.at(date.at).table_of_features(terms, declared.population, _THEN)
        snapshot.at(date.end).outcome(declared.label, date.at, _THEN, _OUTCOME)
        query = _rows_of(declared.name, place, date, columns, parts)
        if share is not None:
            query = query.where(share.copy())
        if place == used[0]:
            snapshot.engine.run_tree(create_temporary(_ROWS, query))
        else:
            names = ["contact", "date", "part", "outcome", *(made.name for made in columns)]
            snapshot.engine.run_tree(insert(_ROWS, names, query))


def _rows_of(name: str, place: int, date: Date, columns: Sequence[Column], parts: Split) -> exp.Select:
    part: exp.Expr = number(CHECK if place in parts.check else CALIBRATE if place in parts.calibrate else FIT)
    if not parts.calibrate and place in parts.fit:
        # with few dates a third of the contacts is for the calibration
        third = share_below(Share(f"score/{name}/calibrate", WHOLE // 3), "t")
        part = case([(third, number(CALIBRATE))], number(FIT))
    same = exp.EQ(this=own("contact", "t"), expression=own("contact", "o"))
    values = exp.select(own("contact"), *plain_values(columns, date.at)).from_(table(_THEN)).subquery("t")
    return (
        exp.select(
            own("contact", "t"),
            exp.alias_(number(place), "date"),
            exp.alias_(part, "part"),
            own("outcome", "o"),
            *(own(made.name, "t") for made in columns),
        )
        .from_(values)
        .join(table(_OUTCOME, "o"), on=same)
    )


def _share(name: str, rows: int) -> exp.Expr | None:
    """Who is learned from, where there are more rows than are looked at."""
    if rows <= MOST_ROWS:
        return None
    return share_below(Share(f"score/{name}", WHOLE * MOST_ROWS // rows), "t")


def _score(scorecard: Scorecard, snapshot: Snapshot, features: Sequence[Feature], zones: int) -> None:
    """The table `(contact, probability, w0, …)`; a scorecard that says something else in SQL than in Python is our fault."""
    probability = exp.alias_(scorecard.probability(), "probability")
    conditions = [own(name) for name in _conditions(snapshot, zones)]
    scored = exp.select(own("contact"), probability, *conditions).from_(table(_NOW))
    snapshot.engine.run_tree(create_temporary(_PROBABILITIES, scored))
    columns = [feature.column for feature in features]
    compared = exp.select(
        exp.alias_(scorecard.probability(), "probability"), *(own(name) for name in columns)
    )
    compared = compared.from_(table(_NOW)).order_by(*sample_order("compared")).limit(_COMPARED)
    for probability_in_sql, *row in snapshot.engine.run_tree(compared):
        expected = scorecard.probability_of(dict(zip(columns, row, strict=True)))
        assert abs(probability_in_sql - expected) <= _EQUAL, (probability_in_sql, expected, row)


def _conditions(snapshot: Snapshot, zones: int) -> list[str]:
    wanted = {f"w{place}" for place in range(zones)}
    described = snapshot.engine.run_text("SELECT column_name FROM (DESCRIBE _score_now)")
    return [name for (name,) in described if name in wanted]


def _too_short(declared: Score, asked: Sequence[Date], dates: Sequence[Date]) -> Problem:
    """`asked` are the dates of the time that is learned on, `dates` those at which somebody was there."""
    many = {0: "is no date", 1: "is 1 date"}.get(
        len(dates), f"are {len(dates)} dates, whose outcomes come too late"
    )
    on = f"in {declared.learn_on or LEARN_ON} there {many}"
    advice = f"learn on a longer time: the longer of two months and twice {declared.within}, or more"
    if len(dates) < len(asked):
        on, advice = f"since the first contact to learn from there {many}", "learn as of a later date"
    return _cannot(
        declared,
        f"{on}, and it takes two that are {declared.within} apart: one to learn on and one to check",
        advice,
    )


def _cannot(declared: Score, message: str, advice: str) -> Problem:
    return problem(
        "cannot-learn",
        f"the score `{declared.name}` cannot be learned: {message}",
        declared.place,
        help=advice,
    )
