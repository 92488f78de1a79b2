"""Reads the files of cases, strictly: what they do not know is an error with file and line."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from cases import EXPLAINED, PARTS, Asked, Case, Edit, Event, Learned, Pause, Row
from sentences import asked, event, instant, length, outcome, rule, value

FOLDER = Path(__file__).parent
ANN: Mapping[str, Mapping[str, Any]] = {"ann": {}}


class BadCaseError(Exception):
    """`file:line: what is wrong`."""


class Part:
    """A node of a YAML file that knows its place. All plain values are text; what they mean is up to the key."""

    def __init__(self, node: yaml.Node, file: str) -> None:
        self.node = node
        self.place = f"{file}:{node.start_mark.line + 1}"
        self._file = file

    def bad(self, why: object) -> BadCaseError:
        return BadCaseError(f"{self.place}: {why}")

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.bad("one value is expected here")
        return str(self.node.value)

    def each(self) -> list["Part"]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.bad("a list is expected here")
        return [Part(node, self._file) for node in self.node.value]

    def items(self) -> dict[str, "Part"]:
        if not isinstance(self.node, yaml.MappingNode):
            raise self.bad("keys with values are expected here")
        found: dict[str, Part] = {}
        for key_node, node in self.node.value:
            key = Part(key_node, self._file)
            if key.text() in found:
                raise key.bad(f"`{key.text()}` is here twice")
            found[key.text()] = Part(node, self._file)
        return found

    def keys(self, *known: str, needed: tuple[str, ...] = ()) -> dict[str, "Part"]:
        found = self.items()
        for key, part in found.items():
            if key not in known:
                raise part.bad(f"`{key}` is no key here; there are {', '.join(known)}")
        for key in needed:
            if key not in found:
                raise self.bad(f"`{key}` is missing")
        return found

    def made(self, make: Callable[[str, str], Any], clock: str) -> Any:
        """What `make` makes of the text here; what it cannot read is said with the place."""
        try:
            return make(self.text(), clock)
        except (ValueError, KeyError) as why:
            raise self.bad(why) from why

    def of(self, *words: str) -> str:
        if self.text() not in words:
            raise self.bad(f"`{self.text()}` is none of {', '.join(words)}")
        return self.text()


def read_all() -> list[Case]:
    """Every case of the folder."""
    return [case for path in sorted(FOLDER.glob("*.yaml")) for case in read(path.read_text(), path.name)]


def read(text: str, file: str) -> list[Case]:
    """The cases of one file. What stands above `cases` holds for each of them that does not say otherwise."""
    node = yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if node is None:
        raise BadCaseError(f"{file}:1: there is nothing here")
    shared = ("journeys", "policy", "zone", "clock", "events", "products", "looks at")
    top = Part(node, file).keys("rule", "says", *shared, "cases", needed=("rule", "says", "cases"))
    rule = top["rule"].text()
    if Path(file).stem.split("-")[0] != rule:
        raise top["rule"].bad(f"the cases of {rule} belong into {rule}.yaml or {rule}-in-some-words.yaml")
    above = {key: part for key, part in top.items() if key in shared}
    cases = [_case(part, rule, above) for part in top["cases"].each()]
    for case in cases:
        if [other.name for other in cases].count(case.name) > 1:
            raise BadCaseError(f"{case.place}: two cases are called `{case.name}`")
    return cases


def _case(part: Part, rule: str, above: Mapping[str, Part]) -> Case:
    own = part.keys(
        *("name", "journeys", "policy", "zone", "clock", "contacts"),
        *("events", "products", "learned", "ticks", "edits", "pauses", "by hand"),
        *("looks at", "expect", "errors", "differs"),
        needed=("name",),
    )
    keys = {**above, **own}
    clock = keys["clock"].text() if "clock" in keys else "UTC"
    if "journeys" not in keys:
        raise part.bad("`journeys` is missing, here and above")
    if ("errors" in own) == ("expect" in own):
        raise part.bad("a case has either `expect` or `errors`")
    policy = keys["policy"].text() if "policy" in keys else ""
    expected = tuple(_outcomes(own["expect"], clock)) if "expect" in own else ()
    looks_at = (
        tuple(one.of(*PARTS, EXPLAINED) for one in keys["looks at"].each()) if "looks at" in keys else PARTS
    )
    for row in expected:
        if row.part not in looks_at:
            raise own["expect"].bad(f"`{row}` belongs to {row.part}, at which the case does not look")
    if "expect" in own and "ticks" not in own:
        raise part.bad("`ticks` is missing")
    contacts = _contacts(own["contacts"], clock) if "contacts" in own else ANN
    return Case(
        rule=rule,
        name=own["name"].text(),
        place=part.place,
        journeys=keys["journeys"].text(),
        policy=policy,
        zone=keys["zone"].text() if "zone" in keys else "UTC",
        contacts=contacts,
        events=_events(keys["events"], clock, contacts) if "events" in keys else (),
        learned=tuple(_learned(one, clock, contacts) for one in own["learned"].each())
        if "learned" in own
        else (),
        products=_contacts(keys["products"], clock) if "products" in keys else {},
        ticks=tuple(_ticks(own["ticks"], clock)) if "ticks" in own else (),
        edits=tuple(_edit(one, clock, policy) for one in own["edits"].each()) if "edits" in own else (),
        pauses=tuple(_pause(one, clock) for one in own["pauses"].each()) if "pauses" in own else (),
        asked=tuple(_asked(one, clock) for one in own["by hand"].each()) if "by hand" in own else (),
        looks_at=looks_at,
        expect=expected,
        errors=tuple(one.text() for one in own["errors"].each()) if "errors" in own else (),
        differs={name: why.text() for name, why in own["differs"].items().items()}
        if "differs" in own
        else {},
    )


def _outcomes(part: Part, clock: str) -> Iterator[Row]:
    for one in part.each():
        yield one.made(outcome, clock)


def _contacts(part: Part, clock: str) -> dict[str, dict[str, Any]]:
    return {
        name: {key: _value(one, clock) for key, one in own.items().items()}
        for name, own in part.items().items()
    }


def _value(part: Part, clock: str) -> Any:
    quoted = isinstance(part.node, yaml.ScalarNode) and part.node.style in ('"', "'")
    return part.text() if quoted else part.made(value, clock)


def _events(part: Part, clock: str, contacts: Mapping[str, Any]) -> tuple[Event, ...]:
    found = []
    for number, one in enumerate(part.each(), 1):
        at, contact, kind, fields = one.made(event, clock)
        if contact not in contacts and contact != "nobody":
            raise one.bad(f"there is no contact `{contact}`; whoever is not in the datamart is called nobody")
        loaded = fields.pop("loaded", at)
        given = fields.pop("id", f"e{number:03}")
        name = None if given is None else str(given)
        found.append(Event(kind, contact, at, loaded, name, fields))
    return tuple(found)


def _learned(part: Part, clock: str, contacts: Mapping[str, Any]) -> Learned:
    keys = part.keys("of", "as of", "says", needed=("of", "as of", "says"))
    kind, _, name = keys["of"].text().partition(" ")
    if kind == "response" and name in ("best_hour", "response"):
        return Learned(keys["as of"].made(instant, clock), kind, name, _answers(name, keys["says"], clock))
    if kind not in ("rfm", "clusters", "score", "rules") or not name:
        raise keys["of"].bad("write what was learned: `rfm value`, `clusters typology`, `score churn`")
    if kind == "rules":
        ranked = enumerate(keys["says"].each(), 1)
        rules = {rank: one.made(lambda text, _: rule(text), clock) for rank, one in ranked}
        return Learned(keys["as of"].made(instant, clock), kind, name, rules)
    says = _contacts(keys["says"], clock)
    for contact in says.keys() - contacts.keys():
        raise keys["says"].bad(f"there is no contact `{contact}`")
    return Learned(keys["as of"].made(instant, clock), kind, name, says)


def _answers(name: str, part: Part, clock: str) -> dict[Any, dict[str, Any]]:
    """The best hour by contact; the rate by segment and channel. `everybody` is None, and the segment "" that is everybody."""
    says = {
        who: {key: _value(one, clock) for key, one in own.items().items()}
        for who, own in part.items().items()
    }
    if name == "best_hour":
        return {None if who == "everybody" else who: own for who, own in says.items()}
    return {
        ("" if segment == "everybody" else segment, channel): {"rate": float(rate)}
        for segment, own in says.items()
        for channel, rate in own.items()
    }


def _ticks(part: Part, clock: str) -> Iterator[datetime]:
    """A list of instants and of stretches `{from, to, every}`, both ends included; or one such stretch."""
    last: datetime | None = None
    for one in [part] if isinstance(part.node, yaml.MappingNode) else part.each():
        for at in _stretch(one, clock):
            if last is not None and at <= last:
                raise one.bad("ticks must go forward")
            yield at
            last = at


def _stretch(part: Part, clock: str) -> Iterator[datetime]:
    if isinstance(part.node, yaml.ScalarNode):
        yield part.made(instant, clock)
        return
    keys = part.keys("from", "to", "every", needed=("from", "to", "every"))
    at, end = keys["from"].made(instant, clock), keys["to"].made(instant, clock)
    step = keys["every"].made(lambda text, _: length(text), clock)
    while at <= end:
        yield at
        at += step


def _edit(part: Part, clock: str, policy: str) -> Edit:
    keys = part.keys("at", "journeys", "policy", "apply", "steps", "refused", needed=("at", "journeys"))
    return Edit(
        at=keys["at"].made(instant, clock),
        journeys=keys["journeys"].text(),
        policy=keys["policy"].text() if "policy" in keys else policy,
        apply=keys["apply"].of("finish", "move", "leave") if "apply" in keys else "finish",
        steps={old: new.text() for old, new in keys["steps"].items().items()} if "steps" in keys else {},
        refused=keys["refused"].text() if "refused" in keys else "",
    )


def _pause(part: Part, clock: str) -> Pause:
    names = ("journey", "from", "to", "overdue")
    keys = part.keys(*names, needed=names)
    return Pause(
        journey=keys["journey"].text(),
        start=keys["from"].made(instant, clock),
        end=keys["to"].made(instant, clock),
        overdue=keys["overdue"].of("sent", "skipped", "shifted"),
    )


def _asked(part: Part, clock: str) -> Asked:
    at, contact, journey = part.made(asked, clock)
    return Asked(at, contact, journey)
