"""The tick program: every statement of a tick, in its order (LANGUAGE.md T5).

`run`, `simulate` and `parcours sql` all read the same program, so they cannot drift apart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler import (
    acts,
    answering,
    best_hours,
    budgets,
    calendars,
    commits,
    counting,
    entries,
    fates,
    former,
    freshness,
    groups,
    limits,
    offers,
    pressure,
    quiet,
    ranking,
    responses,
    several,
    stops,
    subjects,
    triggers,
)
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.choices import Choose, Place, Together, choose, in_groups, needs_choice
from parcours.compiler.features import Shared
from parcours.compiler.flights import Flight
from parcours.compiler.gates import Gates, send_steps
from parcours.compiler.known import Known
from parcours.compiler.learned import Source, sources_of
from parcours.compiler.listening import listened_kinds
from parcours.compiler.looks import look
from parcours.compiler.moves import move
from parcours.compiler.moving import moving
from parcours.compiler.outbox import Told
from parcours.compiler.pressure import Deciding
from parcours.compiler.routes import Routes
from parcours.compiler.statement import Statement
from parcours.compiler.static import static_tables
from parcours.compiler.tried import Tried
from parcours.compiler.zones import zone_now


@dataclass(frozen=True)
class Version:
    """One journey in a version that runs: its statements, and what makes its triggers fire. `takes_in`: whether it takes
    people in, which an older one does no more (T18); `candidates`: who might enter when its trigger fires."""

    number: int
    journey: checked.Journey
    routes: Routes
    takes_in: bool
    candidates: Statement | None
    choices: Mapping[int, Choose]  # by anchor; at those missing there is nothing to find out


@dataclass(frozen=True)
class TickProgram:
    """Statements by their role. `events` are the kinds of which `look` counts the new ones, in its order;
    `listened` those that may wake an instance."""

    project: checked.CheckedProject
    versions: tuple[Version, ...]
    events: tuple[str, ...]
    listened: tuple[str, ...]
    gates: Gates
    groups: tuple[tuple[checked.Group, Statement], ...]
    setup: tuple[Statement, ...]
    empty: Mapping[str, Statement]  # by table
    look: Statement
    zone_now: Statement
    members: Statement
    arrivals: Statement | None
    waking: Statement
    waking_due: Statement
    waking_looked: Statement  # with those at whom the tick looks because of an edit or a pause (T18, T19)
    requested: Statement
    over: Statement
    judgements: tuple[tuple[frozenset[int], Statement], ...]  # of the candidates of which versions
    starts: Statement
    waking_in: Statement
    fates: tuple[fates.Fates, ...]
    awake_at: Statement
    moving: Statement
    all_choices: Sequence[Together]
    counts: Mapping[str, Statement]  # by event: what steps ask about it
    move: Statement
    outcomes: Statement
    counting: tuple[Statement, ...]  # is this day counted, and counting it (P2); () when nobody asks
    of_channels: tuple[Statement, ...]  # what is so for all contacts of a clock, or of a send, once a tick
    before_sends: tuple[Statement, ...]  # what the order of sends depends on, before each arbitration
    to_send: Statement
    known: Statement  # of the contacts, whatever is granted now
    steps: Statement
    deciding: Deciding  # the first step of a tick
    deciding_again: Deciding  # a step before which something may have been granted
    settle: Statement | None
    held_runs: Statement | None
    decisions: Statement
    go_on_decided: Statement
    go_on_passed: Statement
    wake_come: Statement
    forget_changed: Statement
    remember_changed: Statement
    writes: Mapping[str, Statement]
    count_stored: Statement
    no_offers: Statement
    offers: tuple[offers.Offers, ...]  # of each send that has an offering
    acts: Mapping[str, Statement]
    views: tuple[exp.Expr, ...]
    learned: tuple[tuple[Source, str], ...]  # (kind, name) of declarations of which something may be read
    watches: bool  # somebody may wait for a condition (T16)
    parameters: frozenset[str] = field(init=False)  # of all statements

    def __post_init__(self) -> None:
        names = {name for statement in self.statements() for name in statement.parameters}
        object.__setattr__(self, "parameters", frozenset(names))

    def stages(self, journey: str | None = None) -> Iterator[tuple[str, list[Statement]]]:
        """The stages of a tick in order, with their statements; only those that one journey runs when named."""
        versions = [v for v in self.versions if journey is None or v.journey.name == journey]
        numbers = {v.number for v in versions}
        listened_groups = {
            v.journey.enter.trigger.group.name
            for v in versions
            if isinstance(v.journey.enter.trigger, checked.GroupTrigger)
        }
        refreshes = [s for group, s in self.groups if journey is None or group.name in listened_groups]
        yield "before anything: is there something to do?", [self.look, self.zone_now, *self.empty.values()]
        yield "1-2 new events", [self.arrivals] if self.arrivals else []
        yield (
            "3, 5 goals, leave when, and who wakes",
            [
                self.waking,
                self.waking_in,
                *(made.statement for made in self.fates if made.versions & numbers),
            ],
        )
        entering = [v.candidates for v in versions if v.candidates is not None]
        judging = [statement for those, statement in self.judgements if those & numbers]
        refreshing = [self.members, *refreshes] if refreshes else []
        yield "4 entries", [*refreshing, *entering, self.requested, self.over, *judging, self.starts]
        yield (
            "6 rounds, until nobody moves",
            [
                self.moving,
                self.awake_at,
                *self._counts(versions),
                *(made.statement for v in versions for made in v.choices.values()),
                *(
                    made.choose.statement
                    for made in self.all_choices
                    if any(version in numbers for version, _ in made.anchors)
                ),
                self.move,
                self.outcomes,
                *self.counting,
                *self.of_channels,
                *self.before_sends,
                self.to_send,
                self.known,
                self.steps,
                *self.deciding.statements(),
                *(self.deciding_again.statements() if self.deciding_again is not self.deciding else []),
                *([self.settle] if self.settle else []),
                *([self.held_runs] if self.held_runs else []),
                self.decisions,
                self.go_on_decided,
                self.go_on_passed,
                self.wake_come,
            ],
        )
        offering = [v for v in self.offers if any(v.version == one.number for one in versions)]
        if offering:
            found = [statement for one in offering for statement in one.statements()]
            yield "6 what is offered with what was granted", [self.no_offers, *found]
        remembered = [self.forget_changed, self.remember_changed] if refreshes else []
        yield "7 one commit", [*self.writes.values(), *self.acts.values(), *remembered, self.count_stored]

    def _counts(self, versions: Iterable[Version]) -> list[Statement]:
        asked = {event for v in versions for made in v.choices.values() for event in made.asks}
        return [self.counts[event] for event in sorted(asked)]

    def statements(self) -> Iterator[Statement]:
        """Every statement of a tick."""
        yield self.waking_due
        yield self.waking_looked
        for _, statements in self.stages():
            yield from statements


def compile_program(
    project: checked.CheckedProject,
    flights: Sequence[Flight],
    contact_type: str,
    stored: Mapping[str, str] = MappingProxyType({}),
    *,
    skipping: bool = False,
) -> TickProgram:
    """Compiles a checked project. `flights` are the versions that run, by journey and number; `contact_type` is the SQL
    type of the contacts' key; `stored` are attributes that were set before, with their SQL types. `skipping`: this tick
    skips what some runs would send, after a pause (T19)."""
    zone = project.time_zone
    journeys = [flight.journey for flight in flights]
    shapes = [(flight.number, Routes(flight.journey)) for flight in flights]
    sends = send_steps(shapes, project.messages)
    policy = project.policy
    gates = Gates(policy, sends, skipping=skipping)
    limited = limits.limits_of(policy, gates)
    with_several = any(send.is_several for send in sends)
    goals = responses.goals(policy, project.journeys)
    told = Told(
        costs=budgets.costs_matter(policy, sends),
        stops=bool(stops.alternatives(sends)),
        rates=bool(responses.best_of(sends)),
        values=bool(responses.valued(sends, goals)),
        subjects=subjects.several(project.messages, sends),
        offering=tuple(offers.with_offering(sends)),
    )
    listened = listened_kinds(project, journeys)
    settable = acts.settable(journeys)
    watching = [
        (number, nodes)
        for number, shape in shapes
        if (nodes := [node for node, _ in shape.nodes(checked.WaitCondition)])
    ]
    resting = [flight.number for flight in flights if flight.paused]
    choosing = {
        number: [anchor for anchor in shape.anchors if needs_choice(shape, anchor)]
        for number, shape in shapes
    }
    with_laps = any(shape.laps.numbers for _, shape in shapes)
    shared = Shared(zone)
    compiled = tuple(
        Version(
            flight.number,
            shape.journey,
            shape,
            flight.newest,
            entries.candidates(shape.journey.enter, shape.journey.name, flight.number, zone)
            if flight.newest
            else None,
            {
                anchor.number: choose([Place(flight.number, shape, [anchor])], zone, settable, shared)
                for anchor in choosing[flight.number]
            },
        )
        for flight, (_, shape) in zip(flights, shapes, strict=True)
    )
    all_choices = [
        Together(
            frozenset((place.version, anchor.number) for place in places for anchor in place.anchors),
            choose(places, zone, settable, shared),
        )
        for places in in_groups([Place(n, shape, choosing[n]) for n, shape in shapes])
    ]
    newest = [flight.journey for flight in flights if flight.newest]
    entering = [
        triggers.Entering(flight.number, shape, _siblings(flight, shapes), flight.paused)
        for flight, (_, shape) in zip(flights, shapes, strict=True)
        if flight.newest
    ]
    started_by = {
        journey.enter.trigger.events.event
        for journey in newest
        if isinstance(journey.enter.trigger, checked.EventTrigger)
    }
    events = tuple(sorted(started_by | set(listened)))
    moved = move()
    weighed = [*responses.best_of(sends), *responses.valued(sends, goals)]
    told_apart = answering.segments(project.told_apart, weighed, zone, settable) if weighed else None
    what = Arbitration(
        policy=policy,
        sends=sends,
        gates=gates,
        limits=limited,
        zone=zone,
        settable=settable,
        with_value=told.values,
        by_answers=bool(weighed),
        told_apart=told_apart is not None,
        skipping=skipping,
    )
    to_send, of_contacts = ranking.candidates(what), Known(what)
    deciding, deciding_again = pressure.deciding(what, Tried(what, of_contacts))
    known = of_contacts.statement()
    return TickProgram(
        project=project,
        versions=compiled,
        events=events,
        listened=listened,
        gates=gates,
        groups=groups.listened_to(newest, zone),
        setup=static_tables(
            policy, shapes, sends, gates, limited, project.holiday_country, project.messages, goals, entering
        ),
        empty=commits.empty_tables(contact_type, with_several=with_several),
        look=look(events, watching, resting),
        zone_now=zone_now(),
        members=groups.members(),
        arrivals=fates.arrivals(events, listened) if events else None,
        waking=fates.waking(watching, resting, with_arrivals=bool(listened), with_laps=with_laps),
        waking_due=fates.waking(watching, resting, with_laps=with_laps),
        waking_looked=fates.waking(
            watching, resting, with_arrivals=bool(listened), with_looked=True, with_laps=with_laps
        ),
        requested=entries.requested(),
        over=former.over(),
        judgements=tuple(triggers.judgements(entering, zone)),
        starts=triggers.starts(),
        waking_in=commits.waking_in(),
        fates=tuple(fates.all_fates(shapes, zone, settable)),
        awake_at=commits.awake_at(),
        moving=moving(
            [
                *(made.statement for v in compiled for made in v.choices.values()),
                *(made.choose.statement for made in all_choices),
                *_there(moved, told_apart, to_send, known),
            ],
            zone,
        ),
        all_choices=all_choices,
        counts=shared.statements(),
        move=moved,
        outcomes=commits.outcomes(),
        counting=_counting(project) if told.rates or told.values else (),
        of_channels=_there(
            answering.answered(project.told_apart) if weighed else None,
            responses.best() if told.rates else None,
            responses.values(policy, with_best=told.rates) if told.values else None,
            quiet.quiet_now(policy, gates),
            best_hours.hours_now(sends),
            freshness.stale_now(sends, gates),
            calendars.calendar_now(limits.units(limited)),
        ),
        before_sends=_there(told_apart),
        to_send=to_send,
        known=known,
        steps=commits.steps(),
        deciding=deciding,
        deciding_again=deciding_again,
        settle=several.settle() if with_several else None,
        held_runs=several.held_runs() if with_several else None,
        decisions=commits.decisions(),
        go_on_decided=commits.go_on_decided(with_several=with_several),
        go_on_passed=commits.go_on_passed(),
        wake_come=commits.wake_come(),
        forget_changed=groups.forget_changed(),
        remember_changed=groups.remember_changed(),
        writes={made.name: made for made in commits.writes(told, with_several=with_several)},
        count_stored=commits.count_stored(),
        no_offers=offers.no_offers(contact_type),
        offers=offers.offers(sends, zone, settable),
        acts={
            made.name: made
            for made in (
                acts.find_set(),
                acts.forget_set(),
                acts.write_set(),
                acts.write_recorded(),
                acts.forget_requests(),
                acts.write_requests(),
                acts.write_entries(),
            )
        },
        views=acts.views(project, {**stored, **settable}),
        learned=sources_of(project.learned, tuple(journeys)),
        watches=bool(watching),
    )


def _counting(project: checked.CheckedProject) -> tuple[Statement, ...]:
    """P2: what became of the messages of the days before."""
    losing = [event for event in project.events if event in counting.LOSING]
    count = counting.count_responses(responses.WINDOW, project.answering, losing)
    return counting.is_counted(), count


def _there(*statements: Statement | None) -> tuple[Statement, ...]:
    return tuple(statement for statement in statements if statement is not None)


def _siblings(flight: Flight, shapes: Sequence[tuple[int, Routes]]) -> list[tuple[int, Routes]]:
    """T18: those inside of any version of the journey are inside."""
    name = flight.journey.name
    return [(number, other) for number, other in shapes if other.journey.name == name]
