"""A story as text, for people: days and times on the contact's clock."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from textwrap import wrap

from parcours.clock import to_local
from parcours.explaining.story import Absence, Check, Fact, Line, Run, Stay, Story

_COLOURS = {
    "sent": "32",
    "not_sent": "31",
    "held": "33",
    "refused": "31",
    "entered": "1",
    "left": "1",
}
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""What steers a terminal. Values of the datamart are whatever somebody has typed."""
_DIM = "2"
_DEPTH = 2
_NARROWEST = 30


def as_text(story: Story, *, colour: bool, width: int) -> str:
    """`width` in characters; `colour` for a terminal."""
    return "\n".join(_Text(story, colour=colour, width=width).lines())


class _Text:
    def __init__(self, story: Story, *, colour: bool, width: int) -> None:
        self._story = story
        self._colour = colour
        self._width = width
        names = [_name(line.run) for line in story.lines]
        self._names = max((len(name) for name in names), default=0)

    def lines(self) -> Iterator[str]:
        story = self._story
        yield self._styled(f"Contact {story.contact}", "1") + f", on the clock of {story.zone}"
        if story.as_of is None:
            yield "no tick has run yet: nothing has happened that could be explained"
            return
        yield f"as of the tick of {self._local(story.as_of)}"
        if story.stays:
            yield ""
            yield from self._stays(story.stays)
        if story.lines:
            yield from self._days(story.lines)
        elif story.absence is None:
            yield ""
            yield "nothing has happened to this contact" + (
                " in this time" if story.first or story.last else ""
            )
        if story.absence is not None:
            yield ""
            yield from self._absence(story.absence)
        if any(line.facts and _has_todays(line.facts) for line in story.lines):
            yield ""
            yield self._styled("as of today: nothing keeps what it was then", _DIM)
        if story.elsewhere:
            yield ""
            yield f"not in {', '.join(story.elsewhere)} now: `--journey NAME` says why"

    def _stays(self, stays: Sequence[Stay]) -> Iterator[str]:
        width = max(len(_name(stay.run)) for stay in stays)
        for stay in stays:
            text = f"entered {self._local(stay.entered_at)}"
            if stay.outcome is not None and stay.left_at is not None:
                text += f", left as `{stay.outcome}` {self._local(stay.left_at)}"
            elif stay.step:
                text += f", stands at `{stay.step}`"
                text += f" until {self._local(stay.due_at)}" if stay.due_at is not None else ""
            if stay.status != "newest":
                why = "the files have another" if stay.status == "older" else "the files have it no more"
                text += f"; version {stay.run.version}: {why}"
            yield from self._wrapped(f"  {_name(stay.run):{width}}  ", text)

    def _days(self, lines: Sequence[Line]) -> Iterator[str]:
        day: date | None = None
        for line in lines:
            there = to_local(self._story.zone, line.at)
            if there.date() != day:
                day = there.date()
                yield ""
                yield self._styled(f"{day:%A} {day}", "1")
            clock = f"{there:%H:%M}" if not there.second else f"{there:%H:%M:%S}"
            front = f"  {clock:5}  {_name(line.run):{self._names}}  "
            place = f"  ({line.place})" if line.place else ""
            style = _COLOURS.get(line.kind, "")
            yield from self._wrapped(front, line.text + place, style)
            yield from self._facts(line.facts, len(front))
            if line.change:
                yield from self._wrapped(" " * len(front) + "→ ", line.change)

    def _absence(self, absence: Absence) -> Iterator[str]:
        yield from self._wrapped("", absence.text, "1")
        for check in absence.checks:
            yield from self._check(check)
        if absence.sends:
            yield ""
            yield "and of its messages:"
            for check in absence.sends:
                yield from self._check(check)

    def _check(self, check: Check) -> Iterator[str]:
        mark, style = ("yes", "32") if check.passes else ("NO ", "31")
        place = f"  ({check.place})" if check.place else ""
        front = f"  {self._styled(mark, style)}  "
        yield from self._wrapped(front, check.text + place, shown=7)
        yield from self._facts(check.facts, 7)
        if check.change:
            yield from self._wrapped(" " * 7 + "→ ", check.change)

    def _facts(self, facts: Sequence[Fact], indent: int) -> Iterator[str]:
        for fact in facts:
            front = " " * indent + "· "
            whole = _seen(inline(fact))
            if len(front) + len(whole) <= self._width:
                yield self._styled(front + whole, _DIM)
                continue
            for line in self._wrapped(front, _said(fact)):
                yield self._styled(line, _DIM)
            yield from self._facts(fact.parts, indent + _DEPTH)

    def _wrapped(self, front: str, text: str, style: str = "", shown: int | None = None) -> Iterator[str]:
        """The text behind its front, on as many lines as it takes; `shown`: how wide the front is to the eye."""
        indent = len(front) if shown is None else shown
        room = max(self._width - indent, _NARROWEST)
        first, *more = wrap(_seen(text), room, break_long_words=False, break_on_hyphens=False) or [""]
        yield front + self._styled(first, style)
        for line in more:
            yield " " * indent + self._styled(line, style)

    def _local(self, at: datetime) -> str:
        return f"{to_local(self._story.zone, at):%Y-%m-%d %H:%M}"

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._colour and style else text


def _name(run: Run) -> str:
    return _seen(f"{run.journey} ({run.key})") if run.key else run.journey


def _seen(text: str) -> str:
    return _UNSEEN.sub("\ufffd", text)


def _said(fact: Fact) -> str:
    today = ", as of today" if fact.todays and fact.says else ""
    return f"{fact.text}: {fact.says}{today}" if fact.says else fact.text


def inline(fact: Fact) -> str:
    """A fact on one line, with what it was found by in brackets."""
    if not fact.parts:
        return _said(fact)
    return f"{_said(fact)} ({', '.join(inline(part) for part in fact.parts)})"


def _has_todays(facts: Sequence[Fact]) -> bool:
    return any(fact.todays or _has_todays(fact.parts) for fact in facts)
