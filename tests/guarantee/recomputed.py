"""The guarantee of a generated script: what its outbox breaks of its policy."""

from collections import Counter
from collections.abc import Sequence

import holidays
from differential.cases import Script
from differential.instants import PROJECT_ZONES, ZONES
from guarantee import Person, Sent, Suppressing, broken
from wishes import Wish

from parcours.checking import checked
from parcours.graph.edges import all_steps

OUTBOX = "SELECT sent_at, contact, channel, purpose, topic, journey, message, exempt FROM state.outbox"
_CLOSING = ("opt_out", "bounce", "complaint")


def changing(project: checked.CheckedProject) -> set[str]:
    """The attributes that journeys set."""
    return {
        step.attribute.name
        for journey in project.journeys
        for step in all_steps(journey.steps)
        if isinstance(step, checked.SetAttribute)
    }


def broken_by(script: Script, project: checked.CheckedProject, sent: Sequence[Sent]) -> list[str]:
    """What was promised and not kept, in words."""
    known = {*ZONES, *PROJECT_ZONES}
    people = {
        person.name: Person(person.zone if person.zone in known else script.zone, person.values)
        for person in script.contacts
    }
    # of rows with one id only one counts
    ids = Counter(event.id for event in script.events)
    closing = [
        Suppressing(event.contact, max(event.at, event.loaded or event.at), event.values.get("channel"))
        for event in script.events
        if event.kind in _CLOSING and event.id is not None and ids[event.id] == 1
    ]
    said = [event for event in script.events if event.kind == "preference_changed"]
    # whoever has said something twice under one id is left aside: which of the two counts is a matter of T4
    unclear = {event.contact for event in said if event.id is None or ids[event.id] > 1}
    wishes = [
        Wish(event.contact, event.at, event.id or "", max(event.at, event.loaded or event.at), event.values)
        for event in said
        if event.contact not in unclear
    ]
    return broken(
        project.policy,
        script.zone,
        sent,
        people,
        closing,
        changing(project),
        wishes,
        holidays.country_holidays("FR", years=range(2011, 2030)),
    )
