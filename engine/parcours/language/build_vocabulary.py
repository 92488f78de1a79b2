"""Segments, lifecycles, seasons and messages: lark trees become model nodes."""

from typing import cast

from lark import Token

from parcours.language.build_journey import build_doc
from parcours.language.build_predicates import build_predicate
from parcours.language.build_values import build_duration, build_span
from parcours.language.building import (
    Branch,
    Building,
    branch,
    branch_or_none,
    branches,
    plain_text,
    word,
)
from parcours.model.values import Duration
from parcours.model.vocabulary import Body, Lifecycle, Message, MonthDay, Season, Segment, Stage


def build_segment(building: Building, tree: Branch) -> Segment:
    lines = branches(tree)
    condition = next(line for line in lines if line.data == "condition")
    return Segment(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        doc=build_doc(branch_or_none(tree, 1)),
        predicate=build_predicate(building, branch(condition, 0)),
        refresh=build_refresh(building, lines),
    )


def build_lifecycle(building: Building, tree: Branch) -> Lifecycle:
    lines = branches(tree)
    return Lifecycle(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        doc=build_doc(branch_or_none(tree, 1)),
        stages=tuple(_stage(building, line) for line in lines if line.data == "stage"),
        refresh=build_refresh(building, lines),
    )


def build_refresh(building: Building, lines: list[Branch]) -> Duration | None:
    """The `refresh every D` among the lines of a declaration."""
    line = building.single(lines, "refresh")
    return None if line is None else build_span(building, branch(line, 0))


def _stage(building: Building, tree: Branch) -> Stage:
    condition = branches(tree)
    return Stage(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        predicate=build_predicate(building, condition[0]) if condition else None,
    )


def build_season(building: Building, tree: Branch) -> Season:
    name, start, end = (cast(Token, token) for token in tree.children)
    return Season(
        place=building.head(tree),
        name=building.name(name),
        start=_month_day(building, start),
        end=_month_day(building, end),
    )


def _month_day(building: Building, token: Token) -> MonthDay:
    month, day = token.split("-")
    return MonthDay(place=building.place(token), month=int(month), day=int(day))


def build_message(building: Building, tree: Branch) -> Message:
    lines = branches(tree)
    in_turn = (
        'keep one of the two; subjects that a contact gets in turn are one line: `subject "One" or "Another"`'
    )
    topic, subject = building.single(lines, "topic"), building.single(lines, "subject", help=in_turn)
    expires, live = building.single(lines, "expires"), building.single(lines, "live")
    return Message(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        topic=None if topic is None else building.name(word(topic, 0)),
        subjects=() if subject is None else tuple(plain_text(cast(Token, t)) for t in subject.children),
        bodies=_bodies(building, lines),
        expires=None if expires is None else build_duration(building, branch(expires, 0)),
        live=() if live is None else tuple(building.name(cast(Token, token)) for token in live.children),
        lines=building.lines(lines),
    )


def _bodies(building: Building, lines: list[Branch]) -> tuple[Body, ...]:
    bodies: dict[str, Body] = {}
    for line in lines:
        if line.data not in ("body_text", "body_file"):
            continue
        channel, said = building.name(word(line, 0)), plain_text(word(line, 1))
        first = bodies.get(channel.text)
        if first is not None:
            building.report(
                "repeated-clause",
                f"the message has two bodies for `{channel}`",
                channel.place,
                mark=f"first said in line {first.place.line}",
            )
            continue
        text, file = (said, None) if line.data == "body_text" else (None, said)
        bodies[channel.text] = Body(place=building.head(line), channel=channel, text=text, file=file)
    return tuple(bodies.values())
