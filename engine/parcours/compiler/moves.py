"""A pass: every awake instance goes its way until it rests, exits, or stands at a send (T5, step 6).

One statement for all journeys: the way is one of `_chosen`, where something had to be found out about the instance, or
the only one of its anchor (`_straight`); where it leads is in `_lead`."""

from sqlglot import exp

from parcours.compiler.expressions import NOW, case, insert, left, own, parameter, table, text
from parcours.compiler.layout import COME, MOVED, PASSED, REST
from parcours.compiler.moving import CLOCK, clock
from parcours.compiler.statement import Statement
from parcours.compiler.zones import period_join, utc_in_period

_KEPT = ("row", "version", "contact", "key", "entered_at", "entry_at", "entry", "event")
_OF_THE_LEAD = ("node", "kind", "retried")


def move() -> Statement:
    """`INSERT INTO _moved`: everybody awake."""
    is_rest = exp.EQ(this=own("kind", "r"), expression=text(REST))
    retried = own("retried", "r")
    due_at = _due_at()
    made: dict[str, exp.Expr] = {
        "due_at": due_at,
        "round": parameter("round"),
        # T14: a moment that has passed is no wait
        "kind": case(
            [
                (exp.and_(is_rest, own("come", "r")), text(COME)),
                (exp.and_(is_rest.copy(), exp.LTE(this=due_at.copy(), expression=NOW.copy())), text(PASSED)),
            ],
            own("kind", "r"),
        ),
        # a held message keeps the time at which it came to its send, and how long it may stay
        "arrived_at": case([(retried, own("arrived_at", "r"))], exp.cast(NOW.copy(), "TIMESTAMP")),
        "keep_until": case([(retried.copy(), own("keep_until", "r"))], own("kept_until", "r")),
        "tried": case([(retried.copy(), own("tried", "r"))]),
    }
    columns = [exp.alias_(made[name], name) if name in made else own(name, "r") for name in MOVED]
    # a local time is mostly one of the period in which its clock is now; only for the others is their period looked up
    # among all of the zone
    local = own("local_due", "r")
    elsewhere = case([(exp.Not(this=exp.paren(_is_in_this_period(local))), clock("zone", "r"))])
    query = exp.select(*columns).with_("led", as_=_led(), copy=False).from_(table("led", "r"), copy=False)
    query = query.join(left(table("zone_period", "p"), on=period_join(elsewhere, local)), copy=False)
    return Statement("move", "everybody awake goes his way, in all journeys", insert("_moved", MOVED, query))


def _led() -> exp.Select:
    """The awake with where they are led, and when they are due there: an instant, or the time of their wall clock."""
    now = exp.cast(NOW.copy(), "TIMESTAMP")
    wait, is_local = own("wait", "l"), own("is_local", "l")
    exact = case([(exp.Not(this=is_local), exp.Add(this=now, expression=wait))])
    local = case([(is_local.copy(), exp.Add(this=clock("wall", "c"), expression=wait.copy()))])
    columns = [
        *(own(name, "s") for name in (*_KEPT, "arrived_at", "keep_until", "tried")),
        *(own(name, "l") for name in _OF_THE_LEAD),
        *(own(name, "d") for name in ("come", "act")),
        own("route", "l"),
        exp.alias_(_first(own("unless", "d"), exp.false()), "unless"),
        exp.alias_(_first(own("laps", "d"), own("laps", "s")), "laps"),
        exp.alias_(_first(own("sets", "d"), own("sets", "s")), "sets"),
        exp.alias_(exp.Add(this=now.copy(), expression=own("keep", "l")), "kept_until"),
        exp.alias_(_first(own("due_at", "d"), exact), "exact_due"),
        exp.alias_(_first(own("local_due", "d"), local), "local_due"),
        *(clock(name, "c") for name in CLOCK if name != "wall"),
    ]
    route = _first(own("route", "d"), own("route", "t"))
    return (
        exp.select(*columns)
        .from_(table("_awake", "s"), copy=False)
        .join(
            left(table("_chosen", "d"), on=exp.EQ(this=own("awake", "d"), expression=own("rowid", "s"))),
            copy=False,
        )
        .join(left(table("_straight", "t"), on=_same("t", "version", "anchor")), copy=False)
        .join(
            table("_lead", "l"),
            on=exp.and_(_same("l", "version"), exp.EQ(this=own("route", "l"), expression=route)),
            copy=False,
        )
        .join(
            left(table("_moving", "c"), on=exp.EQ(this=own("_contact", "c"), expression=own("contact", "s"))),
            copy=False,
        )
    )


def _due_at() -> exp.Expr:
    """When somebody is due at his new place: at an instant, or when his clock shows a time."""
    local = own("local_due", "r")
    here = exp.Sub(this=local.copy(), expression=clock("utc_offset", "r"))
    now_or_later = exp.func("greatest", here, clock("utc_from", "r"), dialect="duckdb")
    instant = case([(_is_in_this_period(local), now_or_later)], utc_in_period(local))
    return _first(own("exact_due", "r"), instant)


def _is_in_this_period(local: exp.Expr) -> exp.Expr:
    return exp.and_(
        exp.GTE(this=local.copy(), expression=clock("local_from", "r")),
        exp.LT(this=local.copy(), expression=clock("local_to", "r")),
    )


def _same(alias: str, *names: str) -> exp.Expr:
    return exp.and_(*(exp.EQ(this=own(name, alias), expression=own(name, "s")) for name in names))


def _first(*items: exp.Expr) -> exp.Expr:
    """The first that is known."""
    return exp.Coalesce(this=items[0], expressions=list(items[1:]))
