"""A round: every awake instance goes its route until it rests, exits, or stands at a send (T5, step 6)."""

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.terms import Events, Window, happened
from parcours.clock.span import Span
from parcours.compiler.expressions import (
    FALSE,
    NOW,
    among,
    case,
    case_of,
    holds,
    insert,
    interval,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.layout import EXIT, JUNCTION, MOVED, PASSED, REST, RUN, SEND, SINCE, WAKING
from parcours.compiler.routes import Choice, Condition, Routes, Share, Way
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.waits import Due, due
from parcours.compiler.zones import period_join, utc_in_period

_KEPT = ("row", "version", "contact", "key", "entered_at", "entry_at", "entry", "event")
_EVERYBODY = 2**32


def move(routes: Routes, version: int, project_zone: str, keep_held: Span) -> Statement:
    """`INSERT INTO moved`: the awake instances of one version, each with its route and where that leads."""
    only = exp.EQ(this=own("version", "s"), expression=number(version))
    subject = Subject("_awake", project_zone, only)
    waits = [(n, step, d) for n, step in routes.nodes(*_WAITS) if (d := due(step, subject))]
    since = [
        (n, holds(subject.sql(happened(_since_entry(step)))))
        for n, step in routes.nodes(checked.WaitEvent)
        if step.events.window.kind == "arrived_since_entry"
    ]
    unless = [
        (n, holds(subject.sql(step.unless)))
        for n, step in routes.nodes(checked.Send)
        if step.unless is not None
    ]
    keep: list[tuple[exp.Expr, exp.Expr]] = [
        (number(n), exp.Add(this=NOW.copy(), expression=interval(step.keep_for or keep_held)))
        for n, step in routes.nodes(checked.Send)
    ]
    route = case_of(
        own("anchor", "s"), [(number(a), _way(way, subject)) for a, way in sorted(routes.ways.items())]
    )
    # one query a step of reasoning: the route, then the node it leads to, then when that is due
    routed = subject.select(
        *(own(c, "s") for c in (*_KEPT, "arrived_at", "keep_until", "anchor")),
        exp.alias_(route, "route"),
        exp.alias_(subject.terms.zone(), "zone"),
        *(exp.alias_(d.expression, f"due_{n}") for n, _, d in waits),
        *(exp.alias_(seen, f"since_{n}") for n, seen in since),
        *(exp.alias_(refused, f"unless_{n}") for n, refused in unless),
    )
    node = case_of(
        own("route"), [(number(r.number), number(routes.numbers[r.target])) for r in routes.routes]
    )
    placed = exp.select("*", exp.alias_(node, "node")).from_(table("routed"))
    timed = exp.select(
        "*",
        exp.alias_(_choose(waits, local=False), "instant"),
        exp.alias_(_choose(waits, local=True), "local"),
    ).from_(table("placed"))
    resolved = exp.select(
        "t.*",
        exp.alias_(
            exp.Coalesce(this=own("instant", "t"), expressions=[utc_in_period(own("local", "t"))]), "due_at"
        ),
    ).from_(table("timed", "t"))
    resolved = resolved.join(
        table("zone_period", "p"), on=period_join(own("zone", "t"), own("local", "t")), join_type="left"
    )
    final = exp.select(*_moved_columns(routes, since, unless, keep)).from_(table("resolved", "m"))
    query = (
        final.with_("routed", as_=routed)
        .with_("placed", as_=placed)
        .with_("timed", as_=timed)
        .with_("resolved", as_=resolved)
    )
    return Statement(
        f"move_{version}",
        f"{routes.journey.name}: awake instances take their routes until they rest or stand at a send",
        insert("_moved", MOVED, query),
    )


_WAITS = (checked.Wait, checked.WaitUntil, checked.WaitEvent)


def _since_entry(step: checked.WaitEvent) -> Events:
    """What has come already when the instance arrives at a wait `since entry`."""
    return Events(step.events.event, step.events.filter, Window("since_entry"))


def _way(way: Way, subject: Subject) -> exp.Expr:
    """The number of the route that an instance takes, as nested CASEs."""
    if not isinstance(way, Choice):
        return number(way.number)
    tests: list[tuple[exp.Expr, exp.Expr]] = []
    default = way.default
    for test, then in way.tests:
        if isinstance(test, Condition):
            tests.append((subject.sql(test.term), _way(then, subject)))
        elif test.below >= _EVERYBODY:
            default = then
            break
        else:
            tests.append((share_below(test), _way(then, subject)))
    return case(tests, _way(default, subject))


def share_below(share: Share) -> exp.Expr:
    """T17: the first 8 hex digits of md5(`journey/split:contact key`), compared as text with those of the bound."""
    key = exp.DPipe(this=text(f"{share.key}:"), expression=exp.cast(own("contact", "s"), "VARCHAR"))
    digits = exp.Substring(this=exp.MD5(this=key), start=number(1), length=number(8))
    return exp.LT(this=digits, expression=text(f"{share.below:08x}"))


def _choose(waits: list[tuple[int, checked.Step, Due]], *, local: bool) -> exp.Expr:
    """The due time of the node at hand, of those waits that give an instant (or a local time)."""
    chosen = [(number(n), own(f"due_{n}")) for n, _, d in waits if d.is_local == local]
    return exp.cast(case_of(own("node"), chosen), "TIMESTAMP")


def _moved_columns(
    routes: Routes,
    since: list[tuple[int, exp.Expr]],
    unless: list[tuple[int, exp.Expr]],
    keep: list[tuple[exp.Expr, exp.Expr]],
) -> list[exp.Expr]:
    retried = among(own("anchor", "m"), [a.number for a in routes.anchors if a.label == "retry"])
    kept: dict[str, exp.Expr] = {name: own(name, "m") for name in (*WAKING, "round", "route")}
    node = own("node", "m")
    kept["round"] = parameter("round")
    # a held message keeps the time at which it came to its send, and how long it may stay
    kept["arrived_at"] = case([(retried, own("arrived_at", "m"))], NOW.copy())
    fresh_keep = case_of(node, keep) if keep else exp.null()
    kept["keep_until"] = case([(retried.copy(), own("keep_until", "m"))], fresh_keep)
    kinds: list[tuple[exp.Expr, exp.Expr]] = []
    exits = [n for n, _ in routes.nodes(checked.Exit)]
    sends = [n for n, _ in routes.nodes(checked.Send)]
    cut = [routes.numbers[name] for name in sorted(routes.junctions)]
    for numbers, kind in ((exits, EXIT), (sends, SEND), (cut, JUNCTION)):
        if numbers:
            kinds.append((among(node.copy(), numbers), text(kind)))
    if since:
        seen = case_of(node.copy(), [(number(n), own(f"since_{n}", "m")) for n, _ in since], FALSE.copy())
        kinds.append((seen, text(SINCE)))
    # T14: a moment that has passed is no wait
    kinds.append((exp.LTE(this=own("due_at", "m"), expression=NOW.copy()), text(PASSED)))
    refused = case_of(node.copy(), [(number(n), own(f"unless_{n}", "m")) for n, _ in unless], FALSE.copy())
    return [
        *(exp.alias_(kept[name], name) for name in ("row", *RUN, "round", "route")),
        exp.alias_(case(kinds, text(REST)), "kind"),
        exp.alias_(retried.copy(), "retried"),
        exp.alias_(refused, "unless"),
    ]
