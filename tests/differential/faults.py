"""Faults planted into the compiler, one at a time: what the differential tests must be able to see.

Each takes the place of a piece of the compiler and gets a rule wrong as one gets it wrong by a slip of the pen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlglot import exp

from parcours.checking import checked
from parcours.checking.terms import Term, Window
from parcours.clock.span import Span
from parcours.compiler import (
    answering,
    best_hours,
    capacity,
    choosing,
    closing,
    counting,
    fates,
    gates,
    granted,
    known,
    leads,
    limits,
    precedence,
    preferences,
    quiet,
    reach,
    responses,
    static,
    subjects,
    terms,
    triggers,
)
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.expressions import NOW, case, number, own, text
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.limits import Limit
from parcours.compiler.routes import Route, Routes
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor import tick

Plant = Callable[[pytest.MonkeyPatch], None]


def _later_runs_are_seen(patch: pytest.MonkeyPatch) -> None:
    """A1: what is learned later is read before."""
    true = tick.runs_at

    def wrong(engine: DuckDBEngine, parameters: Iterable[str], at: datetime) -> dict[str, int | None]:
        return true(engine, parameters, at + timedelta(days=1))

    patch.setattr(tick, "runs_at", wrong)


def _groups_do_not_wait(patch: pytest.MonkeyPatch) -> None:
    """A3: a segment is refreshed whatever was learned of what it reads."""
    true = tick.runs_at

    def wrong(engine: DuckDBEngine, parameters: Iterable[str], at: datetime) -> dict[str, int | None]:
        # no run has this number: nothing is learned of anybody
        return {name: -1 if run is None else run for name, run in true(engine, parameters, at).items()}

    patch.setattr(tick, "runs_at", wrong)


def _window_closed_at_its_start(patch: pytest.MonkeyPatch) -> None:
    """E2: `T - D <= at`."""
    true = terms.Terms._window

    def wrong(self: terms.Terms, window: Window) -> exp.Expr | None:
        found = true(self, window)
        return exp.GTE(this=found.this, expression=found.expression) if isinstance(found, exp.GT) else found

    patch.setattr(terms.Terms, "_window", wrong)


def _event_after_the_time_out(patch: pytest.MonkeyPatch) -> None:
    """T15: an event wins whenever it comes."""
    true = terms.Terms._window

    def wrong(self: terms.Terms, window: Window) -> exp.Expr | None:
        found = true(self, window)
        if window.kind in ("arrived", "arrived_since_entry"):
            assert isinstance(found, exp.And)
            return found.this  # type: ignore[no-any-return]
        return found

    patch.setattr(terms.Terms, "_window", wrong)


def _event_at_the_arrival(patch: pytest.MonkeyPatch) -> None:
    """T15: `arrived <= at`, and `<` at the time-out."""
    true = terms.Terms._window

    def wrong(self: terms.Terms, window: Window) -> exp.Expr | None:
        found = true(self, window)
        if window.kind == "arrived":
            assert isinstance(found, exp.And)
            after, until = found.this, found.expression
            return exp.and_(
                exp.GTE(this=after.this, expression=after.expression),
                exp.LT(this=until.this, expression=until.expression),
            )
        return found

    patch.setattr(terms.Terms, "_window", wrong)


def _unknown_is_yes(patch: pytest.MonkeyPatch) -> None:
    """E1: at the gates and at the entry."""
    for room in (reach, known, triggers):
        patch.setattr(room, "holds", lambda made: exp.Coalesce(this=made, expressions=[exp.true()]))


def _consent_is_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    """P1."""
    true = reach.closed

    def wrong(channel: checked.Channel, gates: Gates, subject: Subject) -> exp.Expr:
        made = true(channel, gates, subject)
        number = str(gates.number("consent", channel.name))
        for branch in made.find_all(exp.If):
            if branch.args["true"].sql() == number:
                branch.set("this", exp.false())
        return made

    patch.setattr(known, "closed", wrong)


def _step_before_goal(patch: pytest.MonkeyPatch) -> None:
    """T6: the step that was due beats the goal."""
    patch.setattr(fates, "case", lambda pairs, otherwise=None: case(list(reversed(pairs)), otherwise))


def _cap_over_everything(patch: pytest.MonkeyPatch) -> None:
    """P4: a cap for one channel counts all of them."""
    patch.setattr(limits, "selected", lambda selector, alias: None)


def _ranked_backwards(patch: pytest.MonkeyPatch) -> None:
    """P2: of equal priority the last by name goes first."""
    true = precedence._ascending

    def wrong_places(policy: checked.Policy, sends: Sequence[SendStep]) -> list[int]:
        names = sorted({send.journey.name for send in sends}, reverse=True)
        by_priority = "priority" in policy.ranked_by
        keys = [
            (-send.journey.priority if by_priority else 0, names.index(send.journey.name)) for send in sends
        ]
        return [sorted(keys).index(key) for key in keys]

    def wrong(names: Sequence[str]) -> list[exp.Ordered]:
        order = true(names)
        return [exp.Ordered(this=one.this, desc=True) if one.this.name == "contact" else one for one in order]

    patch.setattr(static, "places", wrong_places)
    patch.setattr(precedence, "_ascending", wrong)


def _this_tick_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """P3: what was granted in this tick is not seen."""
    for name in ("nth_newest", "is_full", "full_at"):
        true = getattr(granted, name)

        def wrong(limit: Limit, what: Arbitration, alias: str, *, with_now: bool, true: Any = true) -> Any:
            return true(limit, what, alias, with_now=False)

        patch.setattr(closing, name, wrong)


def _all_is_kept_for_everybody(patch: pytest.MonkeyPatch) -> None:
    """P6: what is kept for the important is there for all."""
    true = replace

    def wrong(limit: Limit, **changed: Any) -> Limit:
        return true(limit, **{name: value for name, value in changed.items() if name != "count"})

    patch.setattr(limits, "replace", wrong)


def _always_open(patch: pytest.MonkeyPatch) -> None:
    """P1: opening hours are not looked at."""
    true = quiet._closed

    def wrong(channel: checked.Channel, gates: gates.Gates) -> exp.Select:
        made = true(channel, gates)
        next(made.find_all(exp.Case)).replace(exp.cast(exp.null(), "TIMESTAMP"))
        return made

    patch.setattr(quiet, "_closed", wrong)


def _one_too_many_on_a_channel(patch: pytest.MonkeyPatch) -> None:
    """P3: the one for whom there is no place any more is let in too."""
    true = capacity.in_line

    def wrong(query: exp.Select, source: str) -> tuple[exp.Select, str]:
        made, name = true(query, source)
        for found in made.find_all(exp.GT):
            if found.this.name == "nth":
                found.replace(
                    exp.GT(this=found.this, expression=exp.Add(this=found.expression, expression=number(1)))
                )
                break
        return made, name

    patch.setattr(capacity, "in_line", wrong)


def _a_wish_about_everything_is_ignored(patch: pytest.MonkeyPatch) -> None:
    """P10: a break from everything is none."""
    true = preferences.wishes

    def wrong(policy: checked.Policy, *more: Any) -> Any:
        return (wish for wish in true(policy, *more) if wish.selector.kind != "all")

    patch.setattr(preferences, "wishes", wrong)


def _anything_is_an_answer(patch: pytest.MonkeyPatch) -> None:
    """P2: to whatever was sent last, also what says that another message has caused it."""
    patch.setattr(counting, "_names_it", exp.true)


def _nothing_costs_anything(patch: pytest.MonkeyPatch) -> None:
    """P2: the expected value is what a message may bring."""
    true = responses.values

    def wrong(policy: checked.Policy, *, with_best: bool) -> Statement:
        made = true(policy, with_best=with_best)
        for found in made.tree.find_all(exp.Sub):
            if found.expression.name == "cost":
                found.set("expression", number(0))
        return made

    patch.setattr(responses, "values", wrong)


def _the_first_subject_again(patch: pytest.MonkeyPatch) -> None:
    """P10: which one somebody had last is forgotten."""
    true = subjects._last_had
    patch.setattr(subjects, "_last_had", lambda: true().having(exp.false()))


def _a_channel_too_few_is_told_of(patch: pytest.MonkeyPatch) -> None:
    """P9: the one before the one that it goes by."""
    true = choosing._stops

    def wrong(what: Arbitration, closed: str) -> exp.Expr:
        made = true(what, closed)
        made.expressions[2].replace(exp.Sub(this=made.expressions[2].copy(), expression=number(1)))
        return made

    patch.setattr(choosing, "_stops", wrong)


def _once_is_always(patch: pytest.MonkeyPatch) -> None:
    """T8: that somebody has been here is forgotten."""
    true = triggers.ended

    def wrong(versions: Sequence[int], spans: Sequence[Span | None]) -> exp.Select:
        return true(versions, spans).having(exp.false())

    patch.setattr(triggers, "ended", wrong)


def _a_day_is_24_hours(patch: pytest.MonkeyPatch) -> None:
    """T12: the wall clock is not kept."""
    true = leads._lead

    def wrong(version: int, routes: Routes, route: Route, keep_held: Span) -> leads.Lead:
        return replace(true(version, routes, route, keep_held), is_local=False)

    patch.setattr(leads, "_lead", wrong)


def _late_events_are_missed(patch: pytest.MonkeyPatch) -> None:
    """T4: an event is new when it happened, not when it became known."""

    def wrong(alias: str | None = None) -> exp.Expr:
        at = own("_at", alias)
        return exp.and_(
            exp.GT(this=at, expression=fates.BEFORE.copy()), exp.LTE(this=at.copy(), expression=NOW.copy())
        )

    patch.setattr(fates, "new_event", wrong)


def _one_clock_for_all(patch: pytest.MonkeyPatch) -> None:
    """T1: everybody lives in the project's zone."""
    patch.setattr(terms.Terms, "zone", lambda self: text(self.project_zone))


def _leave_when_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """T6."""
    true = fates.fates

    def wrong(shapes: Sequence[tuple[int, Routes]], zone: str, settable: Mapping[str, str]) -> Any:
        journeys = [routes.journey for _, routes in shapes]
        for _, routes in shapes:
            routes.journey = replace(routes.journey, leaves=())
        try:
            return true(shapes, zone, settable)
        finally:
            for (_, routes), journey in zip(shapes, journeys, strict=True):
                routes.journey = journey

    patch.setattr(fates, "fates", wrong)


def _held_for_ever(patch: pytest.MonkeyPatch) -> None:
    """P7: kept for a month, whatever is said."""
    true = leads._lead

    def wrong(version: int, routes: Routes, route: Route, keep_held: Span) -> leads.Lead:
        made = true(version, routes, route, keep_held)
        return made if made.keep is None else replace(made, keep=Span(30, "day"))

    patch.setattr(leads, "_lead", wrong)


def _no_quiet_hours_over_midnight(patch: pytest.MonkeyPatch) -> None:
    """P1: those that end on the next day are forgotten."""
    true = quiet.quiet_until

    def wrong(rule: checked.Quiet) -> exp.Expr:
        return true(rule) if rule.days or rule.start < rule.end else exp.cast(exp.null(), "TIMESTAMP")

    patch.setattr(quiet, "quiet_until", wrong)


def _an_hour_that_comes_too_late(patch: pytest.MonkeyPatch) -> None:
    """A14: the best hour is waited for, however late it begins."""
    true = best_hours.closed

    def wrong() -> exp.Expr:
        made = true()
        for found in made.find_all(exp.LTE):
            found.replace(exp.true())
        return made

    patch.setattr(best_hours, "closed", wrong)


def _answers_are_not_learned(patch: pytest.MonkeyPatch) -> None:
    """A15: only what was counted says which channel is best."""
    true = answering.answered

    def wrong(told_apart: Sequence[tuple[str, Term]]) -> Statement:
        made = true(told_apart)
        for found in made.tree.find_all(exp.Coalesce):
            if len(found.expressions) > 1:
                found.replace(found.expressions[-1].copy())
        return made

    patch.setattr(answering, "answered", wrong)


FAULTS: Mapping[str, Plant] = {
    plant.__name__.strip("_"): plant
    for plant in (
        _window_closed_at_its_start,
        _event_after_the_time_out,
        _event_at_the_arrival,
        _unknown_is_yes,
        _consent_is_not_looked_at,
        _step_before_goal,
        _cap_over_everything,
        _ranked_backwards,
        _once_is_always,
        _a_day_is_24_hours,
        _late_events_are_missed,
        _one_clock_for_all,
        _leave_when_is_forgotten,
        _held_for_ever,
        _no_quiet_hours_over_midnight,
        _this_tick_is_forgotten,
        _all_is_kept_for_everybody,
        _always_open,
        _one_too_many_on_a_channel,
        _a_wish_about_everything_is_ignored,
        _later_runs_are_seen,
        _groups_do_not_wait,
        _anything_is_an_answer,
        _nothing_costs_anything,
        _the_first_subject_again,
        _a_channel_too_few_is_told_of,
        _an_hour_that_comes_too_late,
        _answers_are_not_learned,
    )
}
