"""The tick as the rules say it (LANGUAGE.md T5): one contact at a time, in plain Python over the state graph."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from parcours.checking import checked
from parcours.checking.terms import happened
from parcours.clock.chance import boundaries, share_of
from parcours.graph.pairing import pair
from parcours.oracle.data import Data, EventRow, World
from parcours.oracle.entries import Entries
from parcours.oracle.gates import Closed, Gates, Grant, Turn, full_hour, share
from parcours.oracle.learned import Learned, Value
from parcours.oracle.moments import comes
from parcours.oracle.offers import offers
from parcours.oracle.run import Run
from parcours.oracle.terms import Scene, chosen, holds, on_wall, rounded, text, value

Fate = Literal["finish", "leave"] | Mapping[str, str]


class Oracle:
    """`log`: all that happened, in order; `runs`: who stands where; `now`: the instant of the last thing."""

    def __init__(self, project: checked.CheckedProject, data: Data) -> None:
        self.project, self.world, self.gates = project, World(data, project.time_zone), Gates(project)
        self.entries = Entries(self.world)
        self.learned = Learned(project, self.world, self.gates.grants)
        self.runs: list[Run] = []
        self.log: list[tuple[Any, ...]] = []
        self.now = self._ticked = datetime.min

    def tick(self, at: datetime) -> None:
        before, self.now, self._ticked = self._ticked, at, at
        # T5 (1): new events. (2) is for the gates to see
        reached = {row.contact for kind in self.project.events for row in self.world.new(kind, before, at)}
        # (3): goals, then `leave when`: when an event of the contact arrives, and before a step moves the run (T6)
        awake: list[tuple[Run, str]] = []
        for run in [run for run in self.runs if run.journey.name not in self.entries.paused]:  # T19
            looks = run.looked or run.contact in reached
            way = self._way(run, looks, hourly=before < full_hour(at))
            if (way or looks) and not self._leaves(run) and way:
                awake.append((run, way))
        # (4): entries; who enters is looked at and moves in this tick too (T6, T7)
        self.entries.enter(self.project.journeys, self.runs, before, at)
        self.log += [("refused", at, *run.name[:2], run.key or "", why) for run, why in self.entries.refused]
        for run in self.entries.begun:
            self.runs.append(run)
            self._happens("entered", run, ("entered", at, *run.name), journey=run.journey.name)
        awake += [(run, "next") for run in self.entries.begun if not self._leaves(run)]
        # (5), (6): all go on until they rest or stand at a send; then all sends together; until nobody moves
        moving = awake
        while moving:
            moving = self._arbitrate([run for run, way in moving if self._walk(run, way)])
        # (7), T7: of those who set the same attribute in one tick, the last by (journey, key, entry_at) counts
        for run, _ in sorted(awake, key=lambda one: (one[0].journey.name, one[0].key, one[0].entry_at)):
            self.world.set |= {(run.contact, name): said for name, said in run.sets.items()}
            run.sets, run.acts = {}, 0
        for run in self.runs:
            if run.journey.name not in self.entries.paused:
                run.looked = run.skips = False

    def _scene(self, run: Run) -> Scene:
        return Scene(self.world, self.now, run.contact, run)

    def _leaves(self, run: Run) -> bool:
        """T6: by the first goal that is reached, else by the first `leave when` that holds."""
        found = [goal.name for goal in run.journey.goals if holds(happened(goal.events), self._scene(run))]
        found += [leave.outcome for leave in run.journey.leaves if holds(leave.predicate, self._scene(run))]
        if found:
            self._end(run, found[0])
        return bool(found)

    def _end(self, run: Run, outcome: str) -> None:
        self.runs.remove(run)
        self.entries.left[run.name[:3]] = self.now
        self.entries.over.add(run.name)
        self.learned.ended[run.name].append((self.now, outcome))
        line = ("ended", self.now, *run.name, outcome)
        self._happens("left", run, line, journey=run.journey.name, outcome=outcome)

    def _happens(self, kind: str, run: Run, line: tuple[Any, ...], end: str = "", **fields: Any) -> None:
        """T7: an event of T that is known, and new, in the next tick."""
        self.log.append(line)
        loaded, message = self.now + datetime.resolution, fields.get("message")
        row = EventRow(run.contact, self.now, loaded, run.id + end, fields, message)
        self.world.rows[kind, run.contact].append(row)

    # ---- steps

    def _way(self, run: Run, looks: bool, hourly: bool = False) -> str:
        """The way on of a resting run, if it goes on. T16: nothing moves it but its wait's end or what it waits for."""
        step, is_due, scene = run.at_step, run.due is not None and run.due <= self.now, self._scene(run)
        match step:
            case checked.WaitEvent() if (looks or is_due) and (rows := chosen(step.events, scene)):
                run.event = {name: rows[0][name] for name, _ in step.captures}
                return "then"  # T15: the first in time, however late the tick runs
            case checked.WaitCondition() if (looks or is_due or hourly) and holds(step.predicate, scene):
                return "then"
            case checked.WaitEvent() | checked.WaitCondition():
                return "otherwise" if is_due else ""
        return ("retry" if isinstance(step, checked.Send) else "next") if is_due else ""  # T14, P7

    def _walk(self, run: Run, way: str) -> bool:
        """Goes on until the run rests, ends or stands at a send; whether it stands at a send."""
        while way and way != "retry":
            source = run.step
            self.log.append(("moved", self.now, *run.name, source, way, run.follow(way)))
            run.arrived, run.tried = self.now, {}
            self._rest(run)
            way = self._act(run, run.at_step, self._scene(run)) or self._way(run, looks=True)
        return run in self.runs and isinstance(run.at_step, checked.Send)

    def _rest(self, run: Run) -> None:
        """Until when a run rests at the step at which it arrived, if that is one at which one rests."""
        step, scene = run.at_step, Scene(self.world, run.arrived, run.contact, run)
        run.due = run.keep_until = None
        match step:
            case checked.Wait(_, span) | checked.WaitEvent(_, _, span) | checked.WaitCondition(_, _, span):
                run.due = on_wall(run.arrived, span, 1, scene.zone)  # T12
            case checked.WaitUntil(_, moment):
                run.due = comes(moment, scene)
            case checked.Send():
                keep = step.keep_for or self.gates.policy.keep_held  # P7
                run.keep_until = scene.shifted(run.arrived, keep, 1)

    def _act(self, run: Run, step: checked.Step, scene: Scene) -> str:
        """What a step does at which nobody rests, and the way out of it."""
        match step:
            case checked.If():
                number = next((n for n, (term, _) in enumerate(step.branches, 1) if holds(term, scene)), 0)
                return {0: "no", 1: "yes"}.get(number, f"else if {number}")
            case checked.Split() | checked.Experiment():
                share, ends = share_of(f"{step.key}:{run.contact}"), boundaries(arm[0] for arm in step.arms)
                return next(arm[1] for end, arm in zip(ends, step.arms, strict=True) if share < end)  # T17
            case checked.Repeat():
                begun = run.laps.get(step.name, 0)
                if begun >= step.times or (step.until is not None and holds(step.until, scene)):
                    return "done"
                run.laps[step.name] = begun + 1
                return "again"
            case checked.SetAttribute():
                run.sets[step.attribute.name] = rounded(value(step.value, scene))
            case checked.Record():
                run.acts += 1
                fields = {name: rounded(value(term, scene)) for name, term in step.bindings}
                written, end = {name: text(said) for name, said in fields.items()}, f":{run.acts:06}"
                line = ("recorded", self.now, step.event, run.contact, run.id + end, written)
                self._happens(step.event, run, line, end, **fields)
            case checked.Start():
                self.entries.asked.append((step.journey, run.contact, self.now))
            case checked.Exit():
                self._end(run, step.outcome)
        acts = checked.SetAttribute | checked.Record | checked.Start | checked.GoTo
        return "next" if isinstance(step, acts) else ""

    # ---- sends

    def _arbitrate(self, sending: Sequence[Run]) -> list[tuple[Run, str]]:
        """P2, P3: each contact's best candidate, then each contact's second, each seeing what was granted before."""
        ranks: Counter[Any] = Counter()
        turns: dict[Any, int] = {}
        ranked: list[tuple[Turn, Run, tuple[str, ...]]] = []
        shared = {cap.per: None for cap in self.gates.policy.caps if cap.per is not None}
        for run, channels in sorted(self._candidates(sending), key=lambda one: self._rank(*one)):
            rank = ranks[run.contact] = ranks[run.contact] + 1
            # P6: after all of this rank with whom it shares a cap
            common = [(rank, per, share(per, run.contact, self._scene(run))) for per in shared]
            turn = 1 + max((turns.get(one, 0) for one in common), default=0)
            turns |= dict.fromkeys(common, turn)
            ranked.append(((rank, turn), run, channels))
        self.gates.full.clear()
        for turn_, run, channels in sorted(ranked, key=lambda one: one[0]):
            run.tried[channels] = self._decide(run, run.at_step, channels, turn_)
        for run in sending:
            run.due = min((due for due in run.tried.values() if isinstance(due, datetime)), default=None)
        decided = [run for run in sending if run.due is None]
        return [(run, "sent" if "sent" in run.tried.values() else "not sent") for run in decided]

    def _candidates(self, sending: Sequence[Run]) -> Iterator[tuple[Run, tuple[str, ...]]]:
        """The runs that send, each with the channels of which one is taken; where it sends on several, those still open."""
        for run in sending:
            names = run.at_step.channels
            for channels in [(name,) for name in names] if run.at_step.choice == "all_of" else [names]:
                if not isinstance(run.tried.get(channels), str):
                    yield run, channels

    def _rank(self, run: Run, channels: Sequence[str]) -> tuple[Any, ...]:
        """P2: what comes first has the smaller one."""
        value = self._value(run, channels)
        ranks = {"priority": -run.journey.priority, "value": -value.expected if value else 0}
        position = run.at_step.channels.index(channels[0])
        return (*(ranks[name] for name in self.gates.policy.ranked_by), *run.name, position)

    def _value(self, run: Run, channels: Sequence[str]) -> Value | None:
        """By the channel that is tried first."""
        return self.learned.value(run, self._in_order(run, channels)[0], self._scene(run))

    def _in_order(self, run: Run, channels: Sequence[str]) -> Sequence[str]:
        """In which they are tried."""
        if run.at_step.choice != "best_of":
            return channels
        return [name for name, *_ in self.learned.in_order(run.at_step, self._scene(run))]

    def _decide(self, run: Run, step: checked.Send, channels: Sequence[str], turn: Turn) -> str | datetime:
        """`sent`, `not sent`, or until when the message is held (P7)."""
        gates, scene = self.gates, self._scene(run)
        stops: list[tuple[Grant, Closed]] = []
        for name in self._in_order(run, channels):
            grant = gates.grant(run, step, name, self.now)
            stop = next(gates.closed(run, step, name, scene), None)
            if stop is not None:
                stops.append((grant, stop))
                continue
            # the first that is possible: the budget, and how long the message is kept, are asked of this one
            stop = gates.over_budget(run, grant, turn, scene)
            if stop is None and self.now > run.keep_until:
                kept = step.keep_for and f"keep for {step.keep_for}"
                stop = Closed(
                    "kept_too_long", kept or f"keep held messages for {gates.policy.keep_held}", step.place
                )
            if stop is None:
                gates.grants.append(grant)
                offered = None if step.offering is None else offers(step.offering, scene)
                return self._told("sent", run, grant, (), self._explained(run, channels, stops), offered)
            explained = self._explained(run, channels, [*stops, (grant, stop)])
            stops = [(grant, stop)]
            break
        else:
            explained = self._explained(run, channels, stops)
        grant, stop = next((one for one in stops if one[1].lift), stops[0])
        why = (stop.reason, stop.rule, str(stop.place))
        if stop.lift is None or self.now >= run.keep_until:
            return self._told("not_sent", run, grant, why, explained)
        self._told("held", run, grant, why, explained)
        until: datetime = min([run.keep_until, *(one.lift for _, one in stops if one.lift)])
        return until

    def _explained(
        self, run: Run, channels: Sequence[str], stops: Sequence[tuple[Grant, Closed]]
    ) -> tuple[Any, ...]:
        """P9: the channels that were closed, the rates of `best of`, and the value."""
        closed = tuple((g.channel, stop.reason, stop.rule, str(stop.place)) for g, stop in stops)
        step, scene = run.at_step, self._scene(run)
        rates = self.learned.in_order(step, scene) if step.choice == "best_of" else None
        value = self._value(run, channels)
        return closed, rates and tuple(rates), value and tuple(value)

    def _told(
        self,
        kind: str,
        run: Run,
        grant: Grant,
        why: tuple[str, ...],
        explained: tuple[Any, ...],
        offered: tuple[str, ...] | None = None,
    ) -> str:
        """`stops` say something where there are others than the one of the line itself."""
        stops, *more = explained
        others = stops if any(channel != grant.channel for channel, *_ in stops) else None
        more += [self.gates.subject(grant)] if kind == "sent" else []
        more += [] if offered is None else [offered]
        line = (kind, self.now, *run.name, run.step, grant.message, grant.channel, *why, others, *more)
        fields = {
            name: getattr(grant, name) for name in ("message", "channel", "journey", "purpose", "topic")
        }
        fields |= {"reason": why[0]} if why else {}
        if kind == "held":
            self.log.append(line)  # no event: a message that is held is not one that is not sent
        else:
            self._happens(kind, run, line, f":{grant.message}:{grant.channel}", **fields)
        return kind.replace("_", " ")

    # ---- between two ticks

    def enter(self, at: datetime, journey: str, contact: Any) -> None:
        self.entries.asked.append((journey, contact, at))

    def apply(self, at: datetime, project: checked.CheckedProject, fates: Mapping[str, Fate]) -> None:
        """T18: whoever is in an older version finishes there, leaves, or moves: to the step that `fates` says, to the one
        of the same name, or to the one that only changed its name."""
        self.now, self.project = at, project
        self.gates.follow(project)
        self.learned.follow(project)
        newest = {journey.name: journey for journey in project.journeys}
        self.entries.since = dict.fromkeys(newest, at) | self.entries.since
        for run in [run for run in self.runs if run.journey != newest.get(run.journey.name)]:
            fate = fates.get(run.journey.name, "finish")
            if fate == "leave":
                self._end(run, "taken_out")
            elif isinstance(fate, Mapping):
                journey = newest[run.journey.name]
                self._move(run, journey, fate.get(run.step) or pair(run.journey, journey).names[run.step])

    def _move(self, run: Run, journey: checked.Journey, target: str) -> None:
        """T18: as if it had come to the new step when it came to the old one; to a send it comes now, unless held."""
        before = run.at_step
        run.journey, run.step, run.looked = journey, target, True
        after = run.at_step
        is_at_send, was_at_send = isinstance(after, checked.Send), isinstance(before, checked.Send)
        if is_at_send and not was_at_send:
            run.arrived = self.now
        self._rest(run)
        if is_at_send:
            run.due = self.now
        kept = is_at_send and was_at_send and before.message == after.message
        run.tried = {names: told for names, told in run.tried.items() if kept and isinstance(told, str)}
        run.laps = {name: run.laps.get(name, 1) for name in run.around()}

    def pause(self, at: datetime, journey: str) -> None:
        self.entries.paused[journey] = at

    def resume(self, at: datetime, journey: str, overdue: Literal["sent", "skipped", "shifted"]) -> None:
        """T19: the next tick looks at every run; what fell due is sent, skipped, or shifted by the pause."""
        length = at - self.entries.paused.pop(journey)
        for run in [run for run in self.runs if run.journey.name == journey]:
            run.looked, is_late = True, run.due is not None and run.due < at
            run.skips = is_late and overdue == "skipped"
            if is_late and overdue == "shifted":
                run.due = run.due and run.due + length
                run.keep_until = run.keep_until and run.keep_until + length

    # ---- what can be asked

    def standing(self) -> list[tuple[Any, ...]]:
        """The fields of each run, from `journey` by its name to `tried`."""
        return [(run.journey.name, *list(vars(run).values())[1:13]) for run in self.runs]

    def attributes(self) -> list[tuple[Any, ...]]:
        return [(contact, name, text(said)) for (contact, name), said in self.world.set.items()]

    def members(self) -> list[tuple[Any, ...]]:
        groups = self.entries.members.items()
        return [(name, who, stage) for name, members in groups for who, stage in members.items() if stage]
