"""What a run came to, what it waited for and which way it took, in words and with the values of that instant."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from parcours.checking import checked
from parcours.checking.terms import happened
from parcours.clock import boundaries, share_of
from parcours.explaining.context import Context, line_of
from parcours.explaining.evidence import asked, facts_of, shown
from parcours.explaining.records import Move
from parcours.explaining.story import Fact, Line
from parcours.explaining.story import Run as RunName
from parcours.graph.edges import END
from parcours.graph.wording import event_words, term_words
from parcours.oracle.moments import comes
from parcours.oracle.run import Run
from parcours.oracle.terms import Scene, chosen, holds, on_wall, rounded, value

_CHANGED = "what it reads has changed since: asked today it gives another answer"


class Steps:
    """Lines of the moves of a run; `run` is kept as it was at each of them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def departure(self, move: Move, run: Run) -> Iterator[Line]:
        """How a wait ended."""
        step, at = self._context.step(move.version, move.source), move.at
        scene = self._context.scene(at, run)
        match step:
            case checked.WaitEvent() if move.label == "then":
                rows = chosen(step.events, scene)
                if not rows:
                    yield self._line(move, "waited", f"`{step.events.event}` came", step, (Fact(_CHANGED),))
                    return
                run.event = {name: rows[0][name] for name, _ in step.captures}
                facts: tuple[Fact, ...] = ()
                if step.events.filter is not None:
                    facts = facts_of(step.events.filter, replace(scene, row=rows[0]))
                when = self._context.local(rows[0].at)
                yield self._line(move, "waited", f"`{step.events.event}` of {when} came", step, facts)
            case checked.WaitEvent() if move.label == "otherwise":
                text = f"no `{event_words(step.events)}` came{self._until(run)}"
                yield self._line(move, "waited", text, step)
            case checked.WaitCondition():
                came = move.label == "then"
                text = (
                    f"`{step.text}` came true"
                    if came
                    else f"`{step.text}` did not come true{self._until(run)}"
                )
                facts = (asked(step.predicate, scene, step.text),)
                if holds(step.predicate, scene) != came:
                    facts = (*facts, Fact(_CHANGED))
                yield self._line(move, "waited", text, step, facts)

    def decisions(self, move: Move, run: Run) -> Iterator[Line]:
        """The branches that were taken on the way, each with what was asked."""
        for decision in move.decisions:
            name, _, label = decision.rpartition(": ")
            step = self._context.step(move.version, name)
            scene = self._context.scene(move.at, run)
            match step:
                case checked.If():
                    yield self._branch(move, step, label, scene)
                case checked.Split() | checked.Experiment():
                    yield self._arm(move, step, label)
                case checked.Repeat():
                    yield self._lap(move, step, label, scene)

    def arrival(self, move: Move, run: Run) -> Iterator[Line]:
        """What a run came to."""
        step, at = self._context.step(move.version, move.target), move.at
        if move.label == "retry" and move.source == move.target:
            return
        if step is None and move.outcome is None:
            return
        run.arrived, run.due = at, None
        scene = self._context.scene(at, run)
        if move.outcome is not None:
            yield self._exit(move, run, step)
            return
        match step:
            case checked.Wait(_, span):
                run.due = on_wall(at, span, 1, scene.zone)
                yield self._line(move, "waits", f"waits {span},{self._until(run)}", step)
            case checked.WaitUntil(_, moment):
                run.due = comes(moment, scene)
                yield self._line(move, "waits", self._moment(step, run, at), step)
            case checked.WaitEvent(_, _, span):
                run.due = on_wall(at, span, 1, scene.zone)
                text = f"waits for `{event_words(step.events)}` up to {span},{self._until(run)}"
                yield self._line(move, "waits", text, step)
            case checked.WaitCondition(_, _, span):
                run.due = on_wall(at, span, 1, scene.zone)
                text = f"waits until `{step.text}` up to {span},{self._until(run)}"
                yield self._line(move, "waits", text, step)
            case checked.SetAttribute():
                said = rounded(value(step.value, scene))
                run.sets[step.attribute.name] = said
                text = f"`{step.attribute.name}` is set to {shown(said, scene)}"
                yield self._line(move, "set", text, step)
            case checked.Record():
                facts = tuple(
                    Fact(f"its `{name}`", shown(rounded(value(term, scene)), scene))
                    for name, term in step.bindings
                )
                yield self._line(move, "recorded", f"`{step.event}` is recorded", step, facts)
            case checked.Start():
                yield self._line(move, "started", f"`{step.journey}` is started, with the next tick", step)

    # ---- branches

    def _branch(self, move: Move, step: checked.If, label: str, scene: Scene) -> Line:
        taken = {"yes": 0, "no": len(step.branches)}.get(label, -1)
        if taken < 0:
            taken = int(label.removeprefix("else if ")) - 1
        tested = [(term, words) for (term, _), words in zip(step.branches, step.texts, strict=True)][
            : taken + 1
        ]
        facts = [asked(term, scene, words) for term, words in tested]
        if any(holds(term, scene) != (n == taken) for n, (term, _) in enumerate(tested)):
            facts.append(Fact(_CHANGED))
        if taken == len(step.branches):
            text = f"`{step.texts[-1]}` does not hold"
            text = text if len(step.texts) == 1 else f"none of {len(step.texts)} conditions holds"
        else:
            text = f"`{step.texts[taken]}` holds"
        return self._line(move, "branch", text, step, tuple(facts))

    def _arm(self, move: Move, step: checked.Split | checked.Experiment, label: str) -> Line:
        """T17: the share of the contact, and those of the arm."""
        share = share_of(f"{step.key}:{self._context.contact}")
        names = [name for _, name, _ in step.arms]
        percent = step.arms[names.index(label)][0]
        ends = [0, *boundaries(arm[0] for arm in step.arms)]
        low, high = ends[names.index(label)], ends[names.index(label) + 1]
        text = f"is in the arm `{label}` ({percent.normalize():f}%) of `{step.name}`"
        if isinstance(step, checked.Experiment):
            text += f", measured by `{step.goal}`"
        where = Fact("the share of the contact, always the same", f"{share / 2**32:.4%}")
        arm = Fact("the arm goes", f"from {low / 2**32:.4%} to {high / 2**32:.4%}")
        return self._line(move, "branch", text, step, (where, arm))

    def _lap(self, move: Move, step: checked.Repeat, label: str, scene: Scene) -> Line:
        run = scene.run
        begun = run.laps.get(step.name, 0)
        facts = () if step.until is None else (asked(step.until, scene, step.text),)
        if label == "again":
            run.laps[step.name] = begun + 1
            text = f"begins the steps that repeat, {begun + 1} of at most {step.times}"
            return self._line(move, "branch", text, step, facts)
        run.laps.pop(step.name, None)
        enough = step.until is not None and holds(step.until, scene)
        why = f"`{step.text}` holds" if enough else f"they have been gone through {begun} times"
        return self._line(move, "branch", f"the steps do not repeat: {why}", step, facts)

    # ---- ends

    def _exit(self, move: Move, run: Run, step: checked.Step | None) -> Line:
        """T6: by a goal, by `leave when`, or by the steps."""
        scene, journey = self._context.scene(move.at, run), run.journey
        for goal in journey.goals:
            if move.target == f"goal {goal.name}":
                facts = [asked(happened(goal.events), scene)]
                rows = chosen(goal.events, scene)
                facts += [Fact(f"`{goal.events.event}`", self._context.local(row.at)) for row in rows[:1]]
                text = f"leaves `{move.journey}` as `{move.outcome}`: the goal is reached"
                return self._line(move, "left", text, goal, tuple(facts) if not rows else tuple(facts[1:]))
        for leave in journey.leaves:
            if move.target == f"leave {leave.outcome}" and (
                holds(leave.predicate, scene) or leave is journey.leaves[-1]
            ):
                facts = [asked(leave.predicate, scene)]
                facts += [] if holds(leave.predicate, scene) else [Fact(_CHANGED)]
                text = f"leaves `{move.journey}` as `{move.outcome}`: `{term_words(leave.predicate)}` holds"
                return self._line(move, "left", text, leave, tuple(facts))
        text = f"leaves `{move.journey}` as `{move.outcome}`"
        if move.target == END:
            return self._line(move, "left", f"{text}: the steps come to their end", journey)
        return self._line(move, "left", text, step)

    # ---- words

    def _moment(self, step: checked.WaitUntil, run: Run, at: datetime) -> str:
        if run.due is None:
            return f"waits until {step.text}, which does not come"
        if run.due <= at:
            return f"does not wait until {step.text}: that has come already"
        return f"waits until {step.text}: that is {self._context.local(run.due)}"

    def _until(self, run: Run) -> str:
        return "" if run.due is None else f" until {self._context.local(run.due)}"

    def _line(
        self,
        move: Move,
        kind: str,
        text: str,
        step: object,
        facts: tuple[Fact, ...] = (),
    ) -> Line:
        name = RunName(move.journey, move.version, move.key, move.entry_at)
        place = line_of(getattr(step, "place", None))
        return Line(move.at, kind, name, text, place, facts)  # type: ignore[arg-type]
