"""Why a condition said yes or no: what it consists of, each part with its value at an instant (LANGUAGE.md E1, E2).

The values are those that the oracle finds (oracle/terms.py): the rules themselves, over the rows of one contact."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeGuard

from parcours.checking import terms as t
from parcours.checking.parts import parts
from parcours.clock import to_local
from parcours.explaining.story import Fact
from parcours.graph.wording import term_words
from parcours.oracle.terms import Scene, chosen, picks, value

_LOGICAL = t.And | t.Or | t.Not | t.Holds


def facts_of(term: t.Term, scene: Scene) -> tuple[Fact, ...]:
    """The conditions that a condition consists of, with what each said, and by which values."""
    return tuple(dict.fromkeys(_atom(atom, scene) for atom in _atoms(term)))


def asked(term: t.Term, scene: Scene, words: str = "") -> Fact:
    """A condition as a whole with its answer, and those that it consists of. `words`: how the author wrote it."""
    found = facts_of(term, scene)
    said = words or term_words(term)
    if len(found) == 1 and not isinstance(term, _LOGICAL):
        return replace(found[0], text=said)
    return Fact(said, shown(value(term, scene), scene), parts=found)


def needed(term: t.Term, scene: Scene, wanted: bool = True) -> str:
    """What would have to be otherwise for a condition to say yes, or `wanted` no; "" when it does."""
    said = value(term, scene)
    if (said is True) == wanted:
        return ""
    match term:
        case t.And(items) | t.Or(items):
            all_of = isinstance(term, t.And) == wanted
            wishes = [needed(item, scene, wanted) for item in items]
            return (" and " if all_of else " or ").join(dict.fromkeys(wish for wish in wishes if wish))
        case t.Not(item) if said is not None:
            return needed(item, scene, not wanted)
        case t.Holds(item):
            return needed(item, scene, wanted)
    return f"`{term_words(term)}` is {'yes' if wanted else 'no'}"


def reads_today(term: object, scene: Scene) -> bool:
    """Whether a term reads an attribute, of which nobody keeps what it was; unless the run has set it in that tick."""
    own = scene.run.sets if scene.run else {}
    return any(isinstance(part, t.Attribute) and part.name not in own for part in parts(term))


def shown(said: Any, scene: Scene) -> str:
    """A value as people write it; instants on the contact's clock."""
    match said:
        case None:
            return "unknown"
        case bool():
            return "yes" if said else "no"
        case Fraction():
            return (
                f"{float(said):.6f}".rstrip("0").rstrip(".") if said.denominator != 1 else str(said.numerator)
            )
        case datetime():
            return f"{to_local(scene.zone, said):%Y-%m-%d %H:%M}"
        case date():
            return said.isoformat()
        case _:
            return f'"{said}"'


def _atoms(term: t.Term) -> Iterator[t.Term]:
    match term:
        case t.And(items) | t.Or(items):
            for item in items:
                yield from _atoms(item)
        case t.Not(t.Known()):
            yield term
        case t.Not(item) | t.Holds(item):
            yield from _atoms(item)
        case _:
            yield term


def _atom(term: t.Term, scene: Scene) -> Fact:
    if _is_of_events(term):
        # `has E` and `no E` say the count themselves
        rows = _rows(term.left, scene)
        return Fact(term_words(term), shown(value(term, scene), scene), reads_today(term, scene), rows)
    found = tuple(
        Fact(term_words(leaf), shown(value(leaf, scene), scene), reads_today(leaf, scene), _rows(leaf, scene))
        for leaf in dict.fromkeys(_leaves(term))
        if leaf != term
    )
    todays = reads_today(term, scene) and not any(fact.todays for fact in found)
    return Fact(term_words(term), shown(value(term, scene), scene), todays, found)


def _is_of_events(term: t.Term) -> TypeGuard[t.Compare]:
    return (
        isinstance(term, t.Compare)
        and isinstance(term.left, t.Count)
        and term.right == t.number(0)
        and term.operator in (">", "=")
    )


def _leaves(term: t.Term) -> Iterator[t.Term]:
    """The parts of a condition that have a value of their own, constants left out."""
    match term:
        case t.Constant():
            return
        case t.Compare(_, left, right) | t.Arithmetic(_, left, right):
            yield from _leaves(left)
            yield from _leaves(right)
        case t.Among() | t.Known() | t.InLast() | t.Shift() | t.PartOf() | t.Not() | t.Holds():
            yield from _leaves(term.item)
        case t.And() | t.Or():
            for item in term.items:
                yield from _leaves(item)
        case _:
            yield term


def _rows(term: t.Term, scene: Scene) -> tuple[Fact, ...]:
    """Of what counts events: the newest of those that counted; when none did, the newest of the kind and why it did not."""
    if not isinstance(term, t.EventTerm):
        return ()
    rows = chosen(term.events, scene)
    if rows:
        words = f"the last {term.events.event}" if len(rows) > 1 else f"the only {term.events.event}"
        return (Fact(f"{words} that counts", shown(rows[-1].at, scene)),)
    every = scene.world.events(term.events.event, scene.contact, scene.at)
    if not every:
        return (Fact(f"no {term.events.event} was known then"),)
    newest = every[-1]
    why = "outside of the time that counts" if picks(term.events, newest, scene) else "not one that counts"
    return (Fact(f"the last {term.events.event}, {why}", shown(newest.at, scene)),)
