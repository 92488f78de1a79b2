"""The steps of a journey as written ─► checked steps, with stable names and resolved terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from parcours.checking import checked
from parcours.checking.captures import Captures
from parcours.checking.moments import Moments
from parcours.checking.predicates import Predicates
from parcours.checking.scope import Scope
from parcours.checking.sends import check_names
from parcours.checking.terms import Events, Term, Window
from parcours.datamart.catalog import Table
from parcours.model import journey as written
from parcours.model.values import Since


@dataclass(frozen=True, slots=True)
class Block:
    """Checked steps, the events that may have woken the instance last, and whether it comes out at the end."""

    steps: tuple[checked.Step, ...]
    events: tuple[Table, ...]
    goes_on: bool


class Steps:
    """Checks the steps of one journey."""

    def __init__(self, journey: written.Journey, predicates: Predicates, captures: Captures) -> None:
        self._journey = journey
        self._predicates = predicates
        self._events = predicates.events
        self._span = predicates.literals.span
        self._captures = captures
        self._findings = predicates.findings
        self._moments = Moments(predicates)
        self._labels: set[str] = set()
        # the graph's own nodes are no steps
        self._taken = {"enter", "end", *(f"goal {goal.name}" for goal in journey.goals)}
        self._taken |= {f"leave {leave.outcome or 'left'}" for leave in journey.leave_when}

    def block(self, steps: Iterable[written.AnyStep], scope: Scope, path: str) -> Block:
        """`path` is the place in the structure (`2.then.`) that names steps without a name of their own."""
        found: list[checked.Step] = []
        goes_on, told = True, False
        for number, step in enumerate(steps, 1):
            if not goes_on and not told:
                self._findings.add("unreachable-step", "this step can never be reached", step.place)
                told = True
            block = self._step(step, scope, f"{path}{number}")
            found.extend(block.steps)
            scope = scope.woken_by(*block.events)
            goes_on = goes_on and block.goes_on
        return Block(tuple(found), scope.events, goes_on)

    def _name(self, step: written.AnyStep, text: str) -> str:
        """A label wins; a name that is there already gets a number. A step further down renames none above."""
        name = text
        if step.label is not None:
            name = step.label.text
            if name in self._labels:
                self._findings.add("duplicate-name", f"the label `{name}` is there twice", step.label.place)
            self._labels.add(name)
        candidate, number = name, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{name} #{number}"
        self._taken.add(candidate)
        return candidate

    def _step(self, step: written.AnyStep, scope: Scope, path: str) -> Block:
        match step:
            case written.WaitFor():
                wait = checked.Wait(self._name(step, f"{path} wait"), self._span(step.duration), step.place)
                return Block((wait,), scope.events, True)
            case written.WaitUntil():
                moment = self._moments.moment(step.moment, scope)
                text = self._findings.text(step.moment.place)
                name = self._name(step, f"{path} wait until")
                made = (checked.WaitUntil(name, moment, text, step.place),) if moment else ()
                return Block(made, scope.events, True)
            case written.WaitEvent():
                return self._wait_event(step, scope, path)
            case written.Send():
                return self._send(step, scope, path)
            case written.If():
                return self._if(step, scope, path)
            case written.Split():
                return self._split(step, scope, path)
            case written.Exit():
                outcome = step.outcome.text if step.outcome else "finished"
                name = self._name(step, f"exit {outcome}")
                return Block((checked.Exit(name, outcome, step.place),), scope.events, False)
            case written.WaitCondition() | written.Experiment() | written.Repeat():
                return self._unsupported_block(step, scope, path)
            case written.SetAttribute():
                self._findings.unsupported("`set`", step.place)
                self._predicates.values.value(step.value, scope)
            case written.Record():
                self._findings.unsupported("`record`", step.place)
                for binding in step.bindings:
                    self._predicates.values.value(binding.value, scope)
            case written.Start():
                self._findings.unsupported("`start`", step.place)
            case written.GoTo():
                self._findings.unsupported("`go to`", step.place)
                return Block((), scope.events, False)
        return Block((), scope.events, True)

    def _unsupported_block(
        self, step: written.WaitCondition | written.Experiment | written.Repeat, scope: Scope, path: str
    ) -> Block:
        """The step itself is refused; what stands in it is checked like everything else."""
        match step:
            case written.WaitCondition():
                self._findings.unsupported("`wait until` a condition", step.place)
                self._predicates.predicate(step.predicate, scope)
                self._span(step.up_to)
                blocks = [
                    self.block(step.then, scope, f"{path}.then."),
                    self.block(step.otherwise, scope, f"{path}.otherwise."),
                ]
            case written.Experiment():
                self._findings.unsupported("`test` (experiments)", step.place)
                goals = [goal.name.text for goal in self._journey.goals]
                if step.goal.text not in goals:
                    message = f"`{step.goal}` is no goal of this journey"
                    self._findings.unknown("unknown-name", message, step.goal.place, step.goal.text, goals)
                blocks = [block for _, _, block in self._arms(step, scope, path)]
            case written.Repeat():
                self._findings.unsupported("`repeat`", step.place)
                self._predicates.optional(step.until, scope)
                blocks = [self.block(step.steps, scope, f"{path}.")]
        return _joined((), blocks)

    def _wait_event(self, step: written.WaitEvent, scope: Scope, path: str) -> Block:
        name = self._name(step, f"{path} wait for {step.event.name}")
        table, chosen = self._events.read(step.event.name), self._events.filter(step.event, scope)
        window = Window("arrived")
        if isinstance(step.window, Since) and step.window.name.text == "entry":
            window = Window("arrived_since_entry")
        elif step.window is not None:
            self._findings.add(
                "bad-number",
                "a wait for an event takes no window but `since entry`",
                step.window.place,
                advice="write `since entry`, or leave it out",
            )
        up_to = self._span(step.up_to)
        then = self.block(step.then, scope.woken_by(table), f"{path}.then.")
        otherwise = self.block(step.otherwise, scope, f"{path}.otherwise.")
        if chosen is None:
            return _joined((), [then, otherwise])
        wait = checked.WaitEvent(
            name,
            Events(step.event.name.text, chosen[0], window),
            up_to,
            self._captures.of_event(table),
            then.steps,
            otherwise.steps,
            step.place,
        )
        return _joined((wait,), [then, otherwise])

    def _send(self, step: written.Send, scope: Scope, path: str) -> Block:
        name = self._name(step, step.message.text)
        for clause, word in ((step.offering, "offering"), (step.best_hour, "at best hour")):
            if clause is not None:
                self._findings.unsupported(f"`{word}`", clause.place)
        if step.channels.choice in ("all_of", "best_of"):
            word = "`and` between channels" if step.channels.choice == "all_of" else "`best of`"
            self._findings.unsupported(word, step.channels.place)
        check_names(step, self._predicates.vocabulary, self._findings)
        unless = self._predicates.optional(step.unless, scope)
        block = self.block(step.if_not_sent, scope, f"{path}.if not sent.")
        send = checked.Send(
            name,
            step.message.text,
            tuple(channel.text for channel in step.channels.names),
            unless,
            self._span(step.keep_for, may_be_nothing=True) if step.keep_for else None,
            block.steps,
            step.place,
        )
        return _joined((send,), [Block((), scope.events, True), block])

    def _if(self, step: written.If, scope: Scope, path: str) -> Block:
        name = self._name(step, f"{path} if")
        branches: list[tuple[Term, tuple[checked.Step, ...]]] = []
        texts: list[str] = []
        blocks: list[Block] = []
        for number, branch in enumerate(step.branches):
            term = self._predicates.predicate(branch.predicate, scope)
            word = "if" if number == 0 else f"else if {number + 1}"
            block = self.block(branch.steps, scope, f"{path}.{word}.")
            blocks.append(block)
            if term is not None:
                branches.append((term, block.steps))
                texts.append(self._findings.text(branch.predicate.place))
        otherwise = self.block(step.otherwise, scope, f"{path}.else.")
        blocks.append(otherwise)
        made = checked.If(name, tuple(branches), otherwise.steps, tuple(texts), step.place)
        return _joined((made,), blocks)

    def _split(self, step: written.Split, scope: Scope, path: str) -> Block:
        name = self._name(step, f"split {step.name}")
        arms = self._arms(step, scope, path)
        shares = tuple((percent, arm, block.steps) for percent, arm, block in arms)
        made = checked.Split(name, f"{self._journey.name}/{step.name}", shares, step.place)
        return _joined((made,), [block for _, _, block in arms])

    def _arms(
        self, step: written.Split | written.Experiment, scope: Scope, path: str
    ) -> list[tuple[Decimal, str, Block]]:
        total = sum((arm.percent for arm in step.arms), Decimal(0))
        if total != 100:
            self._findings.add(
                "share-sum",
                f"the shares of `{step.name}` add up to {total.normalize():f}%, not 100%",
                step.name.place,
            )
        arms: list[tuple[Decimal, str, Block]] = []
        for arm in step.arms:
            if any(arm.name.text == other for _, other, _ in arms):
                self._findings.add("duplicate-name", f"the arm `{arm.name}` is there twice", arm.name.place)
            arms.append((arm.percent, arm.name.text, self.block(arm.steps, scope, f"{path}.{arm.name}.")))
        return arms


def _joined(steps: tuple[checked.Step, ...], blocks: list[Block]) -> Block:
    """The block that comes out where the branches of a step come together."""
    going_on = [block for block in blocks if block.goes_on]
    return Block(steps, _merged(going_on), bool(going_on))


def _merged(blocks: list[Block]) -> tuple[Table, ...]:
    """The events that may have woken the instance last, after branches come together; none when one of the
    branches has none."""
    if not blocks or any(not block.events for block in blocks):
        return ()
    tables = {table.name: table for block in blocks for table in block.events}
    return tuple(tables[name] for name in sorted(tables))
