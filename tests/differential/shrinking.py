"""From a script that differs to a small one that still does: journeys, steps, lines, contacts, events and ticks are taken
out as long as something is left of what went wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from differential.cases import Script

T = TypeVar("T")
StillWrong = Callable[[Script], bool]
"""Whether something is still wrong with a script. One that the check refuses is not wrong."""


def shrunk(script: Script, is_wrong: StillWrong, most: int = 1500) -> Script:
    """The smallest script found in so many trials."""
    tries = [most]

    def still(candidate: Script) -> bool:
        tries[0] -= 1
        return tries[0] > 0 and is_wrong(candidate)

    before = None
    while script != before and tries[0] > 0:
        before = script
        script = _files(script, still)
        script = _ticks(script, still)
        script = _contacts(script, still)
        for file in script.texts:
            script = _lines(script, file, still)
        script = _events(script, still)
        script = _learned(script, still)
    return script


def _files(script: Script, still: StillWrong) -> Script:
    def kept(names: tuple[str, ...]) -> Script:
        return replace(script, texts={name: script.texts[name] for name in names})

    return _fewer(script, tuple(script.texts), kept, still)


def _ticks(script: Script, still: StillWrong) -> Script:
    return _fewer(script, script.ticks, lambda ticks: replace(script, ticks=ticks), still)


def _contacts(script: Script, still: StillWrong) -> Script:
    def kept(contacts: tuple[T, ...]) -> Script:
        names = {contact.name for contact in contacts}  # type: ignore[attr-defined]
        strangers = {event.contact for event in script.events} - {c.name for c in script.contacts}
        events = tuple(event for event in script.events if event.contact in names | strangers)
        return replace(script, contacts=contacts, events=events)  # type: ignore[arg-type]

    return _fewer(script, script.contacts, kept, still)


def _events(script: Script, still: StillWrong) -> Script:
    return _fewer(script, script.events, lambda events: replace(script, events=events), still)


def _learned(script: Script, still: StillWrong) -> Script:
    return _fewer(script, script.learned, lambda learned: replace(script, learned=learned), still)


def _fewer(
    script: Script, items: tuple[T, ...], made: Callable[[tuple[T, ...]], Script], still: StillWrong
) -> Script:
    """Takes out halves, then quarters, and so on down to single items."""
    size = max(1, len(items) // 2)
    while items:
        start = 0
        while start < len(items):
            fewer = items[:start] + items[start + size :]
            candidate = made(fewer)
            if still(candidate):
                items, script = fewer, candidate
            else:
                start += size
        if size == 1:
            return script
        size = max(1, size // 2)
    return script


# ---- texts


def _lines(script: Script, file: str, still: StillWrong) -> Script:
    """Takes out lines with all that is indented below them, the outermost first; and makes conditions simpler."""
    changed = True
    while changed:
        changed = False
        lines = script.texts[file].split("\n")
        for candidate in _shorter(lines):
            made = replace(script, texts={**script.texts, file: "\n".join(candidate)})
            if still(made):
                script, changed = made, True
                break
    return script


def _shorter(lines: Sequence[str]) -> Iterator[list[str]]:
    blocks = [(start, _end(lines, start)) for start, line in enumerate(lines) if line.strip()]
    for start, end in sorted(blocks, key=lambda block: block[0] - block[1]):
        yield [*lines[:start], *lines[end:]]
    for start, end in blocks:
        # the steps of a block in its place
        inner = [line[4:] for line in lines[start + 1 : end]]
        if inner:
            yield [*lines[:start], *inner, *lines[end:]]
    for number, line in enumerate(lines):
        for simpler in _simpler(line):
            yield [*lines[:number], simpler, *lines[number + 1 :]]


def _end(lines: Sequence[str], start: int) -> int:
    depth = _depth(lines[start])
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > depth):
        end += 1
    return end


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _simpler(line: str) -> Iterator[str]:
    """The line with a part of a condition in place of the whole, or without brackets and what is in them."""
    for word in (" and ", " or "):
        head, found, tail = line.partition(word)
        if found:
            yield head
            opening = head.rfind("(")
            yield head[: opening + 1] + tail if opening >= 0 else _kept_words(head) + tail
    for opening, closing in (("(", ")"), ("[", "]")):
        depth, start = 0, -1
        for place, sign in enumerate(line):
            if sign == opening:
                start = place if depth == 0 else start
                depth += 1
            elif sign == closing and depth:
                depth -= 1
                if depth == 0:
                    inside = line[start + 1 : place]
                    yield line[:start] + (inside if opening == "(" else "") + line[place + 1 :]
    if " not " in line:
        yield line.replace(" not ", " ", 1)
    for word in (" in last ", " ever", " since entry", " else ", " within ", " for "):
        if word in line:
            yield line[: line.rindex(word)]


def _kept_words(head: str) -> str:
    """What stands before a condition: `if`, `unless`, `leave when`."""
    for word in ("else if ", "if ", "unless ", "leave when ", "until "):
        if word in head:
            return head[: head.index(word) + len(word)]
    return ""
