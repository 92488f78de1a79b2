"""The tick as the rules say it (LANGUAGE.md T5): one contact at a time, in plain Python over the state graph."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from parcours.checking import checked
from parcours.checking.terms import happened
from parcours.clock.chance import boundaries, share_of
from parcours.oracle.data import Data, EventRow, World
from parcours.oracle.entries import Entries
from parcours.oracle.gates import Closed, Gates, Grant
from parcours.oracle.moments import comes
from parcours.oracle.run import Run, repeats
from parcours.oracle.terms import Scene, chosen, holds, on_wall, rounded, text, value

Fate = Literal["finish", "leave"] | Mapping[str, str]
Overdue = Literal["sent", "skipped", "shifted"]


class Oracle:
    """`log`: all that happened, in order; `runs`: who stands where; `now`: the instant of the last thing."""

    def __init__(self, project: checked.CheckedProject, data: Data) -> None:
        self.project, self.world, self.gates = project, World(data, project.time_zone), Gates(project, [])
        self.log: list[tuple[Any, ...]] = []
        self.entries = Entries(self.world, self.log)
        self.runs: list[Run] = []
        self.now = self._ticked = datetime.min

    def tick(self, at: datetime) -> None:
        before, self.now, self._ticked = self._ticked, at, at
        # T5 (1): new events. (2) is for the gates to see
        reached = {row.contact for kind in self.project.events for row in self.world.new(kind, before, at)}
        hourly = before < at.replace(minute=0, second=0, microsecond=0)
        # (3): goals, then `leave when`: when an event of the contact arrives, and before a step moves the run (T6)
        moves = [run for run in self.runs if run.journey.name not in self.entries.paused]  # T19
        ways = {run: self._way_on(run, run.looked or run.contact in reached, hourly) for run in moves}
        looked = [run for run in moves if ways[run] or run.looked or run.contact in reached]
        awake = [run for run in looked if not self._leaves(run)]
        # (4): entries; who enters is looked at and moves in this tick too (T6, T7)
        begun = self.entries.enter(self.project.journeys, self.runs, before, at)
        self.runs += begun
        for run in begun:
            self._make("entered", run, run.id, {"journey": run.journey.name})
        # (5), (6): all go on until they rest or stand at a send; then all sends together; until nobody moves
        moving = [(run, ways[run]) for run in awake if ways[run]]
        moving += [(run, "next") for run in begun if not self._leaves(run)]
        awake += begun
        while moving:
            moving = self._arbitrate([run for run, way in moving if self._walk(run, way)])
        # (7), T7: of those who set the same attribute in one tick, the last by (journey, key, entry_at) counts
        for run in sorted(awake, key=lambda run: (run.journey.name, run.key, run.entry_at)):
            self.world.set.update({(run.contact, name): said for name, said in run.sets.items()})
            run.sets, run.acts = {}, 0
        for run in self.runs:
            if run.journey.name not in self.entries.paused:
                run.looked = run.skips = False

    def apply(self, at: datetime, project: checked.CheckedProject, fates: Mapping[str, Fate]) -> None:
        """T18: whoever is in an older version finishes there, leaves, or moves by the names of steps."""
        self.now, self.project, self.gates = at, project, Gates(project, self.gates.grants)
        newest = {journey.name: journey for journey in project.journeys}
        for name in newest:
            self.entries.since.setdefault(name, at)
        for run in list(self.runs):
            fate, journey = fates.get(run.journey.name, "finish"), newest.get(run.journey.name)
            if fate == "leave" and run.journey != journey:
                self._end(run, "taken_out")
            elif isinstance(fate, Mapping) and journey and run.journey != journey:
                self._move(run, journey, fate.get(run.step, run.step))

    def _move(self, run: Run, journey: checked.Journey, target: str) -> None:
        """T18: as if it had come to the new step when it came to the old; to a send it comes now, unless held."""
        old, run.journey, run.step, run.looked = run.at_step, journey, target, True
        step = run.at_step
        run.due, run.tried = None, {names: told for names, told in run.tried.items() if isinstance(told, str)}
        if isinstance(step, checked.Send):
            run.arrived, run.due = run.arrived if isinstance(old, checked.Send) else self.now, self.now
        scene = Scene(self.world, run.arrived, run.contact, run)
        self._rest(run, step, scene)
        around = {name for name, inside in repeats(journey).items() if target in inside}
        run.laps = {name: run.laps.get(name, 1) for name in around}

    def pause(self, at: datetime, journey: str) -> None:
        self.now = self.entries.paused[journey] = at

    def resume(self, at: datetime, journey: str, overdue: Overdue) -> None:
        """T19: the next tick looks at every run; what fell due is sent, skipped, or shifted by the pause."""
        self.now, length = at, at - self.entries.paused.pop(journey)
        for run in self.runs:
            if run.journey.name == journey:
                run.looked, late = True, run.due is not None and run.due < at
                run.skips = late and overdue == "skipped"
                if run.due and late and overdue == "shifted":
                    run.due, run.keep_until = (
                        run.due + length,
                        min(run.keep_until, datetime.max - length) + length,
                    )

    def enter(self, at: datetime, journey: str, contact: Any) -> None:
        """By hand: a trigger of the next tick."""
        self.entries.asked.append((journey, contact, at))

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
        self.log.append(("ended", self.now, *run.name, outcome))
        self._make("left", run, run.id, {"journey": run.journey.name, "outcome": outcome})

    def _make(self, kind: str, run: Run, id_: str, fields: dict[str, Any]) -> None:
        """T7: an event of T that is known, and new, in the next tick."""
        loaded = self.now + datetime.resolution
        self.world.add(kind, EventRow(run.contact, self.now, loaded, id_, fields, fields.get("message")))

    # ---- steps

    def _way_on(self, run: Run, reached: bool, hourly: bool) -> str:
        """T16: nothing but the end of its own wait, or what it waits for, moves a resting run."""
        is_due = run.due is not None and self._scene(run).at >= run.due
        match step := run.at_step:
            case checked.WaitEvent() if reached or is_due:
                return "then" if self._has_come(run, step) else "otherwise" if is_due else ""
            case checked.WaitCondition() if reached or is_due or hourly:
                return "then" if holds(step.predicate, self._scene(run)) else "otherwise" if is_due else ""
        return ("retry" if isinstance(step, checked.Send) else "next") if is_due else ""

    def _has_come(self, run: Run, step: checked.WaitEvent) -> bool:
        """T15: the first event in time wins, however late the tick runs."""
        rows = chosen(step.events, self._scene(run))
        if rows:
            run.event = {name: rows[0][name] for name, _ in step.captures}
        return bool(rows)

    def _walk(self, run: Run, way: str) -> bool:
        """Goes on until the run rests, ends or stands at a send; whether it stands at a send."""
        at = self._scene(run).at
        while way and way != "retry":
            source = run.step
            self.log.append(("moved", at, *run.name, source, way, run.follow(way)))
            run.arrived, run.due, run.keep_until, run.tried = at, None, datetime.max, {}
            way = self._way_out(run, run.at_step, self._scene(run))
        return run in self.runs and isinstance(run.at_step, checked.Send)

    def _rest(self, run: Run, step: checked.Step, scene: Scene) -> None:
        """Until when, at most, a run rests at a step at which it arrives."""
        match step:
            case checked.Wait(_, span) | checked.WaitEvent(_, _, span) | checked.WaitCondition(_, _, span):
                run.due = on_wall(scene.at, span, 1, scene.zone)  # T12
            case checked.WaitUntil():
                run.due = comes(step.moment, scene)
            case checked.Send():
                run.keep_until = scene.shifted(
                    scene.at, step.keep_for or self.gates.policy.keep_held, 1
                )  # P7

    def _way_out(self, run: Run, step: checked.Step, scene: Scene) -> str:
        """Of a step at which the run arrives; none when it does not go on at once."""
        self._rest(run, step, scene)
        match step:
            case checked.WaitUntil():
                return "next" if run.due and run.due <= scene.at else ""  # T14
            case checked.WaitEvent():
                return "then" if self._has_come(run, step) else ""
            case checked.WaitCondition():
                return "then" if holds(step.predicate, scene) else ""
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
                return "next"
            case checked.Record():
                run.acts += 1
                fields = {name: rounded(value(term, scene)) for name, term in step.bindings}
                self._make(step.event, run, f"{run.id}:{run.acts:06}", fields)
                written = {name: text(said) for name, said in fields.items()}
                self.log.append(
                    ("recorded", scene.at, step.event, run.contact, f"{run.id}:{run.acts:06}", written)
                )
                return "next"
            case checked.Start():
                self.entries.asked.append((step.journey, run.contact, scene.at))
                return "next"
            case checked.GoTo():
                return "next"
            case checked.Exit():
                self._end(run, step.outcome)
        return ""

    # ---- sends

    def _arbitrate(self, sending: Sequence[Run]) -> list[tuple[Run, str]]:
        """P2, P3: each contact's best candidate, then each contact's second, each seeing what was granted before."""
        ranks: Counter[Any] = Counter()
        ranked: list[tuple[int, Run, checked.Send, tuple[str, ...]]] = []
        for run in sorted(sending, key=lambda run: (-run.journey.priority, *run.name)):
            step = run.at_step
            assert isinstance(step, checked.Send)
            for channels in [(one,) for one in step.channels] if step.choice == "all_of" else [step.channels]:
                if not isinstance(run.tried.get(channels), str):
                    ranks[run.contact] += 1
                    ranked.append((ranks[run.contact], run, step, channels))
        self.gates.full.clear()
        for rank, run, step, channels in sorted(ranked, key=lambda one: one[0]):
            run.tried[channels] = self._decide(run, step, channels, rank)
        for run in sending:
            run.due = min((due for due in run.tried.values() if isinstance(due, datetime)), default=None)
        return [
            (run, "sent" if "sent" in run.tried.values() else "not sent") for run in sending if not run.due
        ]

    def _decide(self, run: Run, step: checked.Send, channels: Sequence[str], rank: int) -> str | datetime:
        """`sent`, `not sent`, or until when the message is held (P7)."""
        scene, stops = self._scene(run), list[tuple[Grant, Closed]]()
        for name in channels:
            grant = self.gates.grant(run, step, name, self.now)
            stop = next(self.gates.closed(run, step, name, scene), None)
            if is_free := stop is None:
                stop, stops = self.gates.over_budget(run, grant.cost, rank, scene), []
            if stop is None and self.now > run.keep_until:
                keep = f"keep for {step.keep_for}" if step.keep_for else ""
                keep = keep or f"keep held messages for {self.gates.policy.keep_held}"
                stop = Closed("kept_too_long", keep, step.place)
            if stop is None:
                self.gates.grants.append(grant)
                return self._told("sent", run, step, grant)
            stops.append((grant, stop))
            if is_free:
                break
        grant, stop = next((one for one in stops if one[1].lift), stops[0])
        is_held = stop.lift is not None and self.now < run.keep_until
        self._told(
            "held" if is_held else "not_sent", run, step, grant, stop.reason, stop.rule, str(stop.place)
        )
        return min(run.keep_until, *(one.lift for _, one in stops if one.lift)) if is_held else "not sent"

    def _told(self, kind: str, run: Run, step: checked.Send, grant: Grant, *reason: str) -> str:
        self.log.append((kind, grant.at, *run.name, step.name, grant.message, grant.channel, *reason))
        if kind != "held":
            names = ("message", "channel", "journey", "purpose", "topic")
            fields = {name: getattr(grant, name) for name in names} | dict(
                zip(("reason",), reason, strict=False)
            )
            self._make(kind, run, f"{run.id}:{grant.message}:{grant.channel}", fields)
        return kind

    # ---- what can be asked

    def standing(self) -> list[tuple[Any, ...]]:
        names = (
            "key",
            "entered_at",
            "entry_at",
            "step",
            "arrived",
            "due",
            "keep_until",
            "entry",
            "event",
            "laps",
            "tried",
        )
        return [(run.journey.name, run.contact, *(getattr(run, name) for name in names)) for run in self.runs]

    def attributes(self) -> list[tuple[Any, ...]]:
        return [(contact, name, text(said)) for (contact, name), said in self.world.set.items()]

    def members(self) -> list[tuple[Any, ...]]:
        groups = self.entries.members.items()
        return [(name, who, stage) for name, members in groups for who, stage in members.items() if stage]
