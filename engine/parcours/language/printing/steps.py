"""The steps of a journey become clauses."""

from collections.abc import Sequence

from parcours.language.clauses import Clause, Said
from parcours.language.printing.clauses import bindings, clause
from parcours.language.printing.literals import days, optional, percent
from parcours.language.printing.names import BEGINNING, CHANNEL, WAIT_CONDITION, written
from parcours.language.printing.predicates import event, predicate, value, window
from parcours.model.journey import (
    AnyStep,
    Arm,
    Branch,
    Channels,
    Exit,
    Experiment,
    GoTo,
    If,
    Offering,
    Record,
    Repeat,
    Send,
    SetAttribute,
    Split,
    Start,
    WaitCondition,
    WaitEvent,
    WaitFor,
    WaitUntil,
)
from parcours.model.moments import DateMoment, Moment, OffsetMoment, TimeMoment, WindowMoment


def steps(nodes: Sequence[AnyStep]) -> list[Clause]:
    return [_step(node) for node in nodes]


def _step(node: AnyStep) -> Clause:
    match node:
        case Send():
            return _send(node)
        case WaitFor():
            return _plain(node, "wait", {"wait": str(node.duration)})
        case WaitUntil():
            return _plain(node, "wait_until", {"wait until": moment(node.moment)})
        case WaitCondition():
            said: dict[str, Said | None] = {
                "wait until": predicate(node.predicate, WAIT_CONDITION),
                "up to": str(node.up_to),
            }
            return _plain(node, "wait_condition", said, steps(node.then), steps(node.otherwise))
        case WaitEvent():
            said = {
                "wait for": event(node.event),
                "since": None if node.window is None else window(node.window).removeprefix("since "),
                "up to": str(node.up_to),
            }
            return _plain(node, "wait_event", said, steps(node.then), steps(node.otherwise))
        case If():
            return _if(node)
        case Split():
            return _plain(node, "split", {"split": written(node.name)}, _arms(node.arms))
        case Experiment():
            said = {"test": written(node.name), "measured by": written(node.goal)}
            return _plain(node, "experiment", said, _arms(node.arms))
        case Repeat():
            until = None if node.until is None else predicate(node.until)
            return _plain(
                node, "repeat", {"repeat up to": str(node.times), "until": until}, steps(node.steps)
            )
        case SetAttribute():
            return _plain(node, "set_attribute", {"set": written(node.attribute), "to": value(node.value)})
        case Record():
            return _plain(node, "record", {"record": written(node.event), "with": bindings(node.bindings)})
        case Start():
            return _plain(node, "start_journey", {"start": written(node.journey)})
        case GoTo():
            return _plain(node, "go_to", {"go to": written(node.target)})
        case Exit():
            return _plain(node, "exit", {"exit": "" if node.outcome is None else written(node.outcome)})


def _plain(
    node: AnyStep, form: str, said: dict[str, Said | None], *blocks: Sequence[Clause | None]
) -> Clause:
    label = "" if node.label is None else written(node.label, BEGINNING)
    return clause(form, node, said, *blocks, label=label)


def _send(node: Send) -> Clause:
    unless, keep_for, best_hour = node.unless, node.keep_for, node.best_hour
    clauses = (
        None if node.offering is None else _offering(node.offering),
        None if unless is None else clause("unless", unless, {"unless": predicate(unless)}),
        None if keep_for is None else clause("keep_for", keep_for, {"keep for": str(keep_for)}),
        None
        if best_hour is None
        else clause(
            "best_hour",
            best_hour,
            {"at best hour": "", "best hour within": optional(best_hour.within)},
        ),
    )
    said: dict[str, Said | None] = {"send": written(node.message), "by": channels(node.channels)}
    return _plain(node, "send", said, clauses, steps(node.if_not_sent))


def _offering(node: Offering) -> Clause:
    where = None if node.where is None else predicate(node.where)
    return clause("offering", node, {"offering": f"{node.count} from {written(node.rules)}", "where": where})


def channels(node: Channels) -> str:
    """`email`, `push else sms`, `email and push`, `best of email, push`."""
    match node.choice:
        case "best_of":
            return f"best of {', '.join(written(name) for name in node.names)}"
        case "all_of":
            between = " and "
        case "one" | "first_of":
            between = " else "
    first, *others = node.names
    return between.join((written(first, CHANNEL), *(written(name) for name in others)))


def _if(node: If) -> Clause:
    first, *others = node.branches
    return _plain(
        node,
        "if_step",
        {"if": predicate(first.predicate)},
        steps(first.steps),
        [_else_if(branch) for branch in others],
        steps(node.otherwise),
    )


def _else_if(node: Branch) -> Clause:
    return clause("else_if", node, {"if": predicate(node.predicate)}, steps(node.steps))


def _arms(nodes: Sequence[Arm]) -> list[Clause]:
    return [
        clause("arm", node, {"share": percent(node.percent), "arm": written(node.name)}, steps(node.steps))
        for node in nodes
    ]


def moment(node: Moment) -> str:
    match node:
        case TimeMoment(days=None):
            return str(node.time)
        case TimeMoment(days=on) if on is not None and len(on.days) == 1:
            return f"{days(on)} at {node.time}"
        case TimeMoment(days=on) if on is not None:
            return f"{node.time} on {days(on)}"
        case WindowMoment():
            on_days = "" if node.days is None else f" on {days(node.days)}"
            return f"between {node.start} and {node.end}{on_days}"
        case DateMoment():
            return node.date.text if node.time is None else f"{node.date.text} at {node.time}"
        case OffsetMoment():
            return f"{node.duration} {node.direction} {value(node.value)}"
    raise AssertionError(f"a moment that is not printed: {node.kind}")
