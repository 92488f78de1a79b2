"""Messages, segments, lifecycles and seasons become clauses."""

from parcours.language.clauses import Clause
from parcours.language.printing.clauses import clause, doc
from parcours.language.printing.literals import month_day, span
from parcours.language.printing.names import BEGINNING, LINE_CONDITION, STAGE_CONDITION, written
from parcours.language.printing.predicates import predicate
from parcours.model.values import Duration
from parcours.model.vocabulary import Body, Lifecycle, Message, Season, Segment, Stage


def message(node: Message) -> Clause:
    topic, expires = node.topic, node.expires
    head = (
        None if topic is None else clause("topic", topic, {"topic": written(topic)}),
        clause("subject", None, {"subject": node.subjects}) if node.subjects else None,
    )
    tail = (
        None if expires is None else clause("expires", expires, {"expires after": str(expires)}),
        clause("live", node.live[0], {"live": ", ".join(written(name) for name in node.live)})
        if node.live
        else None,
    )
    bodies = [_body(body) for body in node.bodies]
    return clause("message", node, {"message": written(node.name)}, head, bodies, tail)


def _body(node: Body) -> Clause:
    channel = written(node.channel, BEGINNING)
    if node.file is not None:
        return clause("body_file", node, {"channel": channel, "from": node.file})
    return clause("body_text", node, {"channel": channel, "text": node.text})


def segment(node: Segment) -> Clause:
    where = predicate(node.predicate, LINE_CONDITION)
    clauses = (
        doc(node.doc),
        refresh(node.refresh),
        clause("condition", node.predicate, {"where": where}),
    )
    return clause("segment", node, {"segment": written(node.name)}, clauses)


def refresh(node: Duration | None) -> Clause | None:
    return None if node is None else clause("refresh", node, {"refresh every": span(node)})


def lifecycle(node: Lifecycle) -> Clause:
    stages = [_stage(stage) for stage in node.stages]
    clauses = (doc(node.doc), refresh(node.refresh))
    return clause("lifecycle", node, {"lifecycle": written(node.name)}, clauses, stages)


def _stage(node: Stage) -> Clause:
    when = "otherwise" if node.predicate is None else predicate(node.predicate, STAGE_CONDITION)
    return clause("stage", node, {"stage": written(node.name, BEGINNING), "when": when})


def season(node: Season) -> Clause:
    days = clause("season_days", node.start, {"from": month_day(node.start), "to": month_day(node.end)})
    return clause("season", node, {"season": written(node.name)}, (days,))
