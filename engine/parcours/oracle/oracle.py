"""The tick as the rules say it (LANGUAGE.md T5): one contact at a time, in plain Python over the state graph."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from parcours.checking import checked
from parcours.checking.terms import happened
from parcours.clock.chance import boundaries, share_of
from parcours.oracle.data import Contact, Data, EventRow, World
from parcours.oracle.entries import Entries
from parcours.oracle.gates import Closed, Gates, Grant
from parcours.oracle.moments import on_wall, shifted
from parcours.oracle.run import Run
from parcours.oracle.terms import Scene, chosen, end_of, holds, kept, text, value


class Oracle:
    """`log`: all that happened, in order; `runs`: who stands where."""

    def __init__(self, project: checked.CheckedProject, data: Data) -> None:
        self.project = project
        self.world = World(data, project.time_zone)
        self.gates = Gates(project)
        self.entries = Entries(self.world)
        self.runs: list[Run] = []
        self.log: list[tuple[Any, ...]] = []
        self.now: datetime | None = None
        self._moving: list[Run] = []

    def tick(self, at: datetime) -> None:
        before, self.now = self.now, at
        # T5 (1): new events; (2) the gates look at opt-outs themselves
        reached = {
            row.contact for kind in self.project.events for row in self.world.new(kind, before or at, at)
        }
        hourly = before is None or before.replace(minute=0, second=0, microsecond=0) < at.replace(
            minute=0, second=0, microsecond=0
        )
        # T5 (3): goals, then `leave when`, when an event arrives and before a step moves the run (T6)
        awake = []
        for run in list(self.runs):
            label = self._wakes(run, at, run.contact in reached, hourly)
            if (label or run.contact in reached) and not self._leaves(run, at) and label:
                awake.append((run, label))
        # T5 (4): entries; who enters moves in the same tick (T7)
        begun = self.entries.enter(self.project.journeys, self.runs, before or at, at, self.log)
        self.runs += begun
        for run in begun:
            self._add("entered", run, at, run.id, {"journey": run.journey.name})
            if not self._leaves(run, at):
                awake.append((run, "next"))
        self._moving = [run for run, _ in awake]
        # T5 (5, 6): rounds, until nobody moves
        while awake:
            sending = [run for run, label in awake if self._walk(run, label, at)]
            awake = self._arbitrate(sending, at)
        self._commit()

    # ---- goals, leaving, waking

    def _scene(self, run: Run, at: datetime) -> Scene:
        return Scene(self.world, at, run.contact, run)

    def _leaves(self, run: Run, at: datetime) -> bool:
        """T6: the first goal that is reached, else the first `leave when` that holds."""
        scene = self._scene(run, at)
        found = [goal.name for goal in run.journey.goals if holds(happened(goal.events), scene)]
        found += [leave.outcome for leave in run.journey.leaves if holds(leave.predicate, scene)]
        if found:
            self._end(run, found[0], at)
        return bool(found)

    def _wakes(self, run: Run, at: datetime, reached: bool, hourly: bool) -> str | None:
        """The way by which a resting run goes on; `retry` of a held message; None when it rests on."""
        step, due = run.at_step, run.due is not None and run.due <= at
        match step:
            case checked.WaitEvent() if reached or due:
                return "then" if self._come(run, step, at) else "otherwise" if due else None  # T15
            case checked.WaitCondition() if reached or due or hourly:
                yes = holds(step.predicate, self._scene(run, at))
                return "then" if yes else "otherwise" if due else None  # T16
            case checked.Send() if due:
                return "retry"
            case checked.Wait() | checked.WaitUntil() if due:
                return "next"
        return None

    def _come(self, run: Run, step: checked.WaitEvent, at: datetime) -> bool:
        """T15: the first event in time wins, however late the tick runs."""
        rows = chosen(step.events, self._scene(run, at))
        if rows:
            run.event = {name: rows[0][name] for name, _ in step.captures}
        return bool(rows)

    def _end(self, run: Run, outcome: str, at: datetime) -> None:
        self.runs.remove(run)
        self.entries.left[run.name[:3]] = at
        self.log.append(("ended", at, *run.name, outcome))
        self._add("left", run, at, run.id, {"journey": run.journey.name, "outcome": outcome})

    # ---- steps

    def _walk(self, run: Run, label: str | None, at: datetime) -> bool:
        """Goes on until the run rests, ends, or stands at a send; whether it stands at a send."""
        if label == "retry":
            return True
        while label:
            source, way, target = run.follow(label)
            self.log.append(("moved", at, *run.name, source, way, target))
            run.arrived, run.due, run.keep_until, run.tried = at, None, None, {}
            label = self._step(run, run.at_step, at)
        return run in self.runs and isinstance(run.at_step, checked.Send)

    def _step(self, run: Run, step: checked.Step, at: datetime) -> str | None:
        """The way out of a step at which a run has arrived; None when it does not go on at once."""
        scene = self._scene(run, at)
        match step:
            case checked.Exit():
                return self._end(run, step.outcome, at)
            case checked.Send():
                keep = step.keep_for or self.gates.policy.keep_held
                run.keep_until = shifted(at, keep, 1, self.world.zone)
            case checked.Wait():
                run.due = on_wall(at, step.span, 1, scene.zone)
            case checked.WaitUntil():
                run.due = end_of(step.moment, scene)
                return "next" if run.due and run.due <= at else None  # T14
            case checked.WaitEvent():
                run.due = on_wall(at, step.up_to, 1, scene.zone)
                return "then" if self._come(run, step, at) else None
            case checked.WaitCondition():
                run.due = on_wall(at, step.up_to, 1, scene.zone)
                return "then" if holds(step.predicate, scene) else None
            case checked.If():
                taken = (n for n, (term, _) in enumerate(step.branches, 1) if holds(term, scene))
                number = next(taken, 0)
                return {0: "no", 1: "yes"}.get(number, f"else if {number}")
            case checked.Split() | checked.Experiment():
                share = share_of(f"{step.key}:{run.contact}")  # T17
                ends = boundaries(percent for percent, _, _ in step.arms)
                return next(name for end, (_, name, _) in zip(ends, step.arms, strict=True) if share < end)
            case checked.Repeat():
                begun = run.laps.get(step.name, 0)
                if begun >= step.times or (step.until is not None and holds(step.until, scene)):
                    return "done"
                run.laps[step.name] = begun + 1
                return "again"
            case checked.SetAttribute():
                run.sets[step.attribute.name] = kept(value(step.value, scene))
                return "next"
            case checked.Record():
                run.acts += 1
                fields = {name: kept(value(term, scene)) for name, term in step.bindings}
                row = self._add(step.event, run, at, f"{run.id}:{run.acts:06}", fields)
                written = {name: text(item) for name, item in fields.items()}
                self.log.append(("recorded", at, step.event, run.contact, row.id, written))
                return "next"
            case checked.Start():
                self.entries.asked.append((step.journey, run.contact, at))
                return "next"
            case checked.GoTo():
                return "next"
        return None

    # ---- sends

    def _arbitrate(self, sending: Sequence[Run], at: datetime) -> list[tuple[Run, str]]:
        """P2, P3: each contact's best candidate, then each contact's second, each seeing what was granted before."""
        candidates = [
            (run, step, channels)
            for run in sorted(sending, key=lambda run: (-run.journey.priority, *run.name))
            if isinstance(step := run.at_step, checked.Send)
            for channels in (
                [(one,) for one in step.channels] if step.choice == "all_of" else [step.channels]
            )
            if not isinstance(run.tried.get(channels), str)
        ]
        ranks: Counter[Contact] = Counter()
        ranked = []
        for candidate in candidates:
            ranks[candidate[0].contact] += 1
            ranked.append((ranks[candidate[0].contact], candidate))
        for _, (run, step, channels) in sorted(ranked, key=lambda one: one[0]):
            run.tried[channels] = self._decide(run, step, channels, at)
        decided = []
        for run in sending:
            run.due = min((due for due in run.tried.values() if isinstance(due, datetime)), default=None)
            if run.due is None:
                decided.append((run, "sent" if "sent" in run.tried.values() else "not sent"))
        return decided

    def _decide(self, run: Run, step: checked.Send, channels: Sequence[str], at: datetime) -> str | datetime:
        """`sent`, `not sent`, or until when the message is held (P7)."""
        assert run.keep_until is not None
        scene, late = self._scene(run, at), at > run.keep_until
        stops: list[tuple[str, Closed]] = []
        for name in channels:
            channel = next(channel for channel in self.gates.policy.channels if channel.name == name)
            stop = next(self.gates.closed(run, step, channel, scene), None)
            if stop is None and not late:
                grant = self.gates.grant(run, step, channel, at)
                self.gates.grants.append(grant)
                self.log.append(("sent", at, *run.name, step.name, step.message, name))
                self._tell("sent", run, at, grant)
                return "sent"
            if stop is None:
                keep = (
                    f"keep for {step.keep_for}"
                    if step.keep_for
                    else f"keep held messages for {self.gates.policy.keep_held}"
                )
                stop = Closed("kept_too_long", keep, step.place)
            stops.append((name, stop))
        lifts = [stop.lift for _, stop in stops if stop.lift]
        name, stop = next((one for one in stops if one[1].lift), stops[0])
        is_held = bool(lifts) and at < run.keep_until
        what = "held" if is_held else "not_sent"
        self.log.append(
            (what, at, *run.name, step.name, step.message, name, stop.reason, stop.rule, str(stop.place))
        )
        if is_held:
            return min(*lifts, run.keep_until)
        channel = next(channel for channel in self.gates.policy.channels if channel.name == name)
        self._tell("not_sent", run, at, self.gates.grant(run, step, channel, at), reason=stop.reason)
        return "not sent"

    # ---- what the next tick sees (T7)

    def _tell(self, kind: str, run: Run, at: datetime, grant: Grant, **more: str) -> None:
        names = ("message", "channel", "journey", "purpose", "topic")
        fields = {name: getattr(grant, name) for name in names}
        self._add(kind, run, at, f"{run.id}:{grant.message}:{grant.channel}", {**fields, **more})

    def _add(self, kind: str, run: Run, at: datetime, id_: str, fields: dict[str, Any]) -> EventRow:
        """An event of the contact, known from the next tick on."""
        row = EventRow(run.contact, at, at + datetime.resolution, id_, fields, fields.get("message"))
        self.world.add(kind, row)
        return row

    def _commit(self) -> None:
        """T7: of several runs that set an attribute, the last by (journey, key, entry_at) counts."""
        for run in sorted(self._moving, key=lambda run: (run.journey.name, run.key, run.entry_at)):
            for name, said in run.sets.items():
                self.world.set[run.contact, name] = said
            run.sets, run.acts = {}, 0

    # ---- what can be asked

    def standing(self) -> list[tuple[Any, ...]]:
        return [
            (
                *(
                    run.journey.name,
                    run.contact,
                    run.key,
                    run.entered_at,
                    run.entry_at,
                    run.step,
                    run.arrived,
                ),
                *(run.due, run.keep_until, run.entry, run.event, run.laps, run.tried),
            )
            for run in self.runs
        ]

    def attributes(self) -> list[tuple[Any, ...]]:
        return [(contact, name, text(said)) for (contact, name), said in self.world.set.items()]

    def members(self) -> list[tuple[Any, ...]]:
        groups = self.entries.members.items()
        return [(name, who, stage) for name, members in groups for who, stage in members.items() if stage]
