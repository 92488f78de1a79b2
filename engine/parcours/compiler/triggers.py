"""Who enters, and why the others do not (T5 step 4, T8, T9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.clock.chance import threshold
from parcours.clock.span import Span
from parcours.compiler.expressions import (
    NOW,
    among,
    case,
    cast_to,
    holds,
    insert,
    left,
    number,
    own,
    table,
    text,
)
from parcours.compiler.former import ended, running
from parcours.compiler.instants import start_of
from parcours.compiler.layout import AWAKE, CANDIDATE, TRIGGERED
from parcours.compiler.routes import ENTER_ANCHOR, Routes, Share
from parcours.compiler.shares import share_below
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.zones import shifted_by

# why a trigger is refused
UNKNOWN_CONTACT = "unknown_contact"
TOO_OLD = "too_old"
NO_KEY = "no_key"
NOT_ELIGIBLE = "not_eligible"
ALREADY_RUNNING = "already_running"
ALREADY_RAN = "already_ran"
TOO_SOON = "too_soon"
SAME_INSTANT = "same_instant"
SAME_TICK = "same_tick"
HELD_OUT = "held_out"
FULL = "full"
PAUSED = "paused"


@dataclass(frozen=True)
class Entering:
    """A version that takes people in. `siblings`: all versions of its journey, this one too; whoever is inside of one of
    them is inside (T18)."""

    version: int
    routes: Routes
    siblings: Sequence[tuple[int, Routes]]
    paused: bool

    @property
    def enter(self) -> checked.Enter:
        return self.routes.journey.enter

    @property
    def is_plain(self) -> bool:
        """Whether all that is asked of who enters is in the tables."""
        enter = self.enter
        own_words = (enter.condition, enter.hold_out, enter.cap, getattr(enter.trigger, "predicate", None))
        return all(words is None for words in own_words)

    @property
    def remembers(self) -> bool:
        """T8: whether former runs matter; plain `again` has no need to know."""
        return not self.enter.again or self.enter.after is not None


ENTERING = {
    "version": "INTEGER",
    "journey": "VARCHAR",
    "keyed": "BOOLEAN",
    "paused": "BOOLEAN",
    "once": "BOOLEAN",
    "after": "INTERVAL",
}
SIBLING = {"version": "INTEGER", "sibling": "INTEGER"}
LEAVING = {"version": "INTEGER", "anchor": "INTEGER"}


def entering_rows(entering: Sequence[Entering]) -> list[tuple[int | str | bool | Span | None, ...]]:
    """The rows of `_entering`: what a version asks of whom it takes in, whatever its own words are."""
    return [
        (
            *(one.version, one.routes.journey.name, one.enter.key is not None, one.paused),
            *(not one.enter.again, one.enter.after),
        )
        for one in entering
    ]


def sibling_rows(entering: Sequence[Entering]) -> list[tuple[int, int]]:
    """The rows of `_sibling`: each version that takes people in, with all versions of its journey."""
    return [(one.version, number) for one in entering for number, _ in one.siblings]


def leaving_rows(shapes: Sequence[tuple[int, Routes]]) -> list[tuple[int, int]]:
    """The rows of `_leaving`: the anchors of goals and `leave when`."""
    return [(version, anchor.number) for version, shape in shapes for anchor in shape.leaving()]


def judgements(entering: Sequence[Entering], project_zone: str) -> Iterator[tuple[frozenset[int], Statement]]:
    """The statements that judge candidates, each with the versions of which it does: one for all that only ask what stands
    in the tables, and one for each other."""
    plain = [one for one in entering if one.is_plain]
    for together in ([plain] if plain else []) + [[one] for one in entering if not one.is_plain]:
        yield frozenset(one.version for one in together), triggers(together, project_zone)


def triggers(entering: Sequence[Entering], project_zone: str) -> Statement:
    """`INSERT INTO triggered`: every candidate of some versions, with the reason why it starts nobody. Several versions are
    plain ones."""
    first = entering[0]
    enter, journey = first.enter, first.routes.journey.name
    of_them = [one.version for one in entering]
    subject = Subject("_candidate", project_zone, among(own("version", "s"), of_them))
    predicate = enter.trigger.predicate if isinstance(enter.trigger, checked.ScheduleTrigger) else None
    asked = own("asked", "s")
    kept = (*CANDIDATE[:6], "id", "stranger", "too_old")
    judged = subject.select(
        *(own(c, "s") for c in kept),
        *(
            [exp.alias_(holds(subject.sql(enter.condition)), "eligible")]
            if enter.condition is not None
            else []
        ),
        *(
            [exp.alias_(exp.or_(asked, holds(subject.sql(predicate))), "chosen")]
            if predicate is not None
            else []
        ),
    )
    not_eligible = (exp.Not(this=own("eligible", "j")), text(NOT_ELIGIBLE))
    reasons: list[tuple[exp.Expr, exp.Expr]] = [
        (own("stranger", "j"), text(UNKNOWN_CONTACT)),
        (own("too_old", "j"), text(TOO_OLD)),
        (own("key", "j").is_(exp.null()), text(NO_KEY)),
        *([not_eligible] if enter.condition is not None else []),
        *_held_out(enter, journey),
        (own("paused", "n"), text(PAUSED)),
        (own("running_contact", "r").is_(exp.null()).not_(), text(ALREADY_RUNNING)),
        *_former_runs(entering, project_zone),
        (own("contact", "o").is_(exp.null()).not_(), text(SAME_INSTANT)),
    ]
    of_version = exp.EQ(this=own("version", "n"), expression=own("version", "j"))
    reasoned = (
        exp.select("j.*", exp.alias_(case(reasons), "reason"))
        .from_(table("judged", "j"), copy=False)
        .join(table("_entering", "n"), on=of_version, copy=False)
        .join(left(table("running", "r"), on=_same_run("r", "running_")), copy=False)
        .join(left(table("_over", "o"), on=_same_run("o", "", "entry_at")), copy=False)
    )
    if predicate is not None:
        reasoned = reasoned.where(own("chosen", "j"), copy=False)
    tables = {"judged": judged, "running": running(of_them)}
    if any(one.remembers for one in entering):
        reasoned = reasoned.join(left(table("ended", "x"), on=_same_run("x", "ended_")), copy=False)
        asking = {
            one.version: one.enter.after if one.enter.again else None for one in entering if one.remembers
        }
        tables["ended"] = ended([*asking], [*asking.values()])
    # T9: several triggers for one contact and key in one tick start one run: the earliest of those not refused
    earlier = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("version"), own("contact"), own("key"), own("reason").is_(exp.null())],
        order=exp.Order(
            expressions=[exp.Ordered(this=own(n), nulls_first=False) for n in ("entry_at", "id")]
        ),
    )
    ranked = exp.select("*", exp.alias_(earlier, "place")).from_(table("reasoned"), copy=False)
    late = exp.and_(own("reason").is_(exp.null()), exp.GT(this=own("place"), expression=number(1)))
    if enter.cap is not None:
        ranked = exp.select("*", exp.alias_(_in_line(late), "line")).from_(
            ranked.subquery("l", copy=False), copy=False
        )
    full = [] if enter.cap is None else [(_is_full(enter.cap, journey), text(FULL))]
    final = {
        "key": exp.alias_(exp.Coalesce(this=own("key"), expressions=[text("")]), "key"),
        "reason": exp.alias_(case([(late, text(SAME_TICK)), *full], own("reason")), "reason"),
    }
    query = exp.select(*(final.get(name, own(name)) for name in TRIGGERED)).from_(table("ranked"), copy=False)
    for name, made in {**tables, "reasoned": reasoned, "ranked": ranked}.items():
        query = query.with_(name, as_=made, copy=False)
    whose = journey if len(entering) == 1 else "all who ask for nothing else"
    return Statement(
        f"triggers_{first.version}",
        f"{whose}: who enters, and why the others do not",
        insert("_triggered", TRIGGERED, query),
    )


def _former_runs(entering: Sequence[Entering], project_zone: str) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """T8: never again, or not before D after the last run left."""
    if any(not one.enter.again for one in entering):
        ran = exp.and_(own("once", "n"), own("left_at", "x").is_(exp.null()).not_())
        yield ran, text(ALREADY_RAN)
    for is_calendar in (False, True):
        of_them = [
            one.version
            for one in entering
            if one.enter.again and one.enter.after is not None and one.enter.after.is_calendar == is_calendar
        ]
        if of_them:
            length = own("after", "n")
            open_again = shifted_by(project_zone, own("left_at", "x"), length, is_calendar=is_calendar)
            too_soon = exp.GT(this=open_again, expression=NOW.copy())
            yield exp.and_(among(own("version", "n"), of_them), too_soon), text(TOO_SOON)


def _held_out(enter: checked.Enter, journey: str) -> list[tuple[exp.Expr, exp.Expr]]:
    """T17: a share of the contacts never enters."""
    if enter.hold_out is None:
        return []
    share = Share(f"{journey}/hold out", threshold(enter.hold_out))
    return [(share_below(share, "j"), text(HELD_OUT))]


def _in_line(late: exp.Expr) -> exp.Expr:
    """The place of those who would start a run, in the order in which a cap on entries takes them."""
    order = [exp.Ordered(this=own(n), nulls_first=False) for n in ("entry_at", "contact", "key")]
    starts = exp.and_(own("reason").is_(exp.null()), exp.Not(this=exp.paren(late.copy())))
    return exp.Window(this=exp.RowNumber(), partition_by=[starts], order=exp.Order(expressions=order))


def _is_full(cap: tuple[int, checked.Period], journey: str) -> exp.Expr:
    """Whether the window takes no more: of the runs that began in it, and those that are before in line."""
    count, period = cap
    since = exp.GT if period.kind == "rolling" else exp.GTE
    begun = (
        exp.select(exp.Coalesce(this=exp.Sum(this=own("entered", "n")), expressions=[number(0)]))
        .from_(table("state.entries", "n"), copy=False)
        .where(
            exp.EQ(this=own("journey", "n"), expression=text(journey)),
            since(this=own("entered_at", "n"), expression=start_of(period)),
            copy=False,
        )
    )
    place = exp.Add(this=begun.subquery(copy=False), expression=own("line"))
    return exp.and_(own("reason").is_(exp.null()), exp.GT(this=place, expression=number(count)))


def _same_run(alias: str, prefix: str, *further: str) -> exp.Expr:
    return exp.and_(
        *(
            exp.EQ(this=own(f"{prefix}{name}", alias), expression=own(name, "j"))
            for name in ("version", "contact", "key", *further)
        )
    )


def starts() -> Statement:
    """`INSERT INTO awake`: the runs that begin in this tick; they move in it (T7)."""
    fresh: dict[str, exp.Expr] = {
        "row": exp.cast(exp.null(), "BIGINT"),
        "entered_at": exp.cast(NOW.copy(), "TIMESTAMP"),
        "node": number(0),
        "arrived_at": exp.cast(NOW.copy(), "TIMESTAMP"),
        "due_at": exp.cast(exp.null(), "TIMESTAMP"),
        "keep_until": exp.cast(exp.null(), "TIMESTAMP"),
        "laps": cast_to(exp.null(), "INTEGER[]"),
        "tried": exp.cast(exp.null(), "VARCHAR"),
        "sets": exp.cast(exp.null(), "VARCHAR"),
        "anchor": number(ENTER_ANCHOR),
    }
    columns = [exp.alias_(fresh[name], name) if name in fresh else own(name) for name in AWAKE]
    query = (
        exp.select(*columns)
        .from_(table("_triggered"), copy=False)
        .where(own("reason").is_(exp.null()), copy=False)
    )
    return Statement("starts", "the runs that begin in this tick", insert("_awake", AWAKE, query))
