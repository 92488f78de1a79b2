"""The steps of a journey as written ─► checked steps, with stable names and resolved terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from parcours.checking import checked
from parcours.checking.captures import Captures
from parcours.checking.findings import Findings
from parcours.checking.moments import Moments
from parcours.checking.scope import Scope
from parcours.checking.terms import Events, Term, Window
from parcours.checking.values import Values, span_of
from parcours.datamart.catalog import Table
from parcours.model import journey as written
from parcours.model.values import Since

_UNSUPPORTED = {
    "wait_condition": "`wait until` a condition",
    "test": "`test` (experiments)",
    "repeat": "`repeat`",
    "set": "`set`",
    "record": "`record`",
    "start": "`start`",
    "go_to": "`go to`",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Checked steps, the events that may have woken the instance last, and whether it comes out at the end."""

    steps: tuple[checked.Step, ...]
    events: tuple[Table, ...]
    goes_on: bool


class Steps:
    """Checks the steps of one journey."""

    def __init__(self, journey: str, values: Values, captures: Captures, findings: Findings) -> None:
        self._journey = journey
        self._values = values
        self._vocabulary = values.vocabulary
        self._captures = captures
        self._findings = findings
        self._moments = Moments(values)
        self._taken: set[str] = set()
        self.sent: set[str] = set()

    def block(self, steps: Iterable[written.AnyStep], scope: Scope, path: str) -> Block:
        """`path` is the place in the structure (`2.then.`) that names steps without a name of their own."""
        found: list[checked.Step] = []
        goes_on = True
        for number, step in enumerate(steps, 1):
            if not goes_on:
                self._findings.add("unreachable-step", "this step can never be reached", step.place)
                break
            block = self._step(step, scope, f"{path}{number}")
            found.extend(block.steps)
            scope = scope.woken_by(*block.events)
            goes_on = block.goes_on
        return Block(tuple(found), scope.events, goes_on)

    def _name(self, step: written.AnyStep, text: str) -> str:
        """A label wins; a name that is there already gets a number."""
        name = text if step.label is None else step.label.text
        candidate, number = name, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{name} #{number}"
        if step.label is not None and number > 1:
            self._findings.add("duplicate-name", f"the label `{name}` is there twice", step.label.place)
        self._taken.add(candidate)
        return candidate

    def _step(self, step: written.AnyStep, scope: Scope, path: str) -> Block:
        match step:
            case written.WaitFor():
                wait = checked.Wait(self._name(step, f"{path} wait"), span_of(step.duration), step.place)
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
            case _:
                self._findings.unsupported(_UNSUPPORTED[step.kind], step.place)
                return Block((), scope.events, True)

    def _wait_event(self, step: written.WaitEvent, scope: Scope, path: str) -> Block:
        name = self._name(step, f"{path} wait for {step.event.name}")
        table = self._values.table(step.event.name)
        filtered = self._values.event_filter(step.event, scope) if table else None
        window = Window("arrived")
        if isinstance(step.window, Since) and step.window.name.text == "entry":
            window = Window("arrived_since_entry")
        elif step.window is not None:
            self._findings.add(
                "bad-number", "a wait for an event takes only `since entry`", step.window.place
            )
        woken = scope.woken_by(table) if table else scope
        then = self.block(step.then, woken, f"{path}.then.")
        otherwise = self.block(step.otherwise, scope, f"{path}.otherwise.")
        after = _merged([block for block in (then, otherwise) if block.goes_on])
        if table is None or filtered is None:
            return Block((), after, True)
        wait = checked.WaitEvent(
            name,
            Events(step.event.name.text, filtered[0], window),
            span_of(step.up_to),
            self._captures.of_event(table),
            then.steps,
            otherwise.steps,
            step.place,
        )
        return Block((wait,), after, then.goes_on or otherwise.goes_on)

    def _send(self, step: written.Send, scope: Scope, path: str) -> Block:
        name = self._name(step, step.message.text)
        for clause, word in ((step.offering, "offering"), (step.best_hour, "at best hour")):
            if clause is not None:
                self._findings.unsupported(f"`{word}`", clause.place)
        if step.channels.choice in ("all_of", "best_of"):
            word = "`and` between channels" if step.channels.choice == "all_of" else "`best of`"
            self._findings.unsupported(word, step.channels.place)
        self._check_names(step)
        unless = self._values.predicate(step.unless, scope) if step.unless else None
        block = self.block(step.if_not_sent, scope, f"{path}.if not sent.")
        send = checked.Send(
            name,
            step.message.text,
            tuple(channel.text for channel in step.channels.names),
            unless,
            span_of(step.keep_for) if step.keep_for else None,
            block.steps,
            step.place,
        )
        self.sent.add(step.message.text)
        here = Block((), scope.events, True)
        return Block((send,), _merged([here, block] if block.goes_on else [here]), True)

    def _check_names(self, step: written.Send) -> None:
        """The message and the channels exist, and the message has something to say on each channel."""
        message = self._vocabulary.messages.get(step.message.text)
        if message is None:
            self._findings.unknown(
                "unknown-message",
                f"`{step.message}` is no message",
                step.message.place,
                step.message.text,
                self._vocabulary.messages,
            )
        bodies = {body.channel.text for body in message.bodies} if message else set()
        for channel in step.channels.names:
            if channel.text not in self._vocabulary.channels:
                self._findings.unknown(
                    "unknown-channel",
                    f"`{channel}` is no channel",
                    channel.place,
                    channel.text,
                    self._vocabulary.channels,
                )
            elif message and channel.text not in bodies:
                self._findings.add(
                    "missing-body",
                    f"the message `{step.message}` has no text for `{channel}`",
                    channel.place,
                    mark=f"the message is declared in {message.name.place}",
                )

    def _if(self, step: written.If, scope: Scope, path: str) -> Block:
        name = self._name(step, f"{path} if")
        branches: list[tuple[Term, tuple[checked.Step, ...]]] = []
        texts: list[str] = []
        blocks: list[Block] = []
        for number, branch in enumerate(step.branches):
            term = self._values.predicate(branch.predicate, scope)
            word = "if" if number == 0 else f"else if {number + 1}"
            block = self.block(branch.steps, scope, f"{path}.{word}.")
            blocks.append(block)
            if term is not None:
                branches.append((term, block.steps))
                texts.append(self._findings.text(branch.predicate.place))
        otherwise = self.block(step.otherwise, scope, f"{path}.else.")
        blocks.append(otherwise)
        made = checked.If(name, tuple(branches), otherwise.steps, tuple(texts), step.place)
        going_on = [block for block in blocks if block.goes_on]
        return Block((made,), _merged(going_on), bool(going_on))

    def _split(self, step: written.Split, scope: Scope, path: str) -> Block:
        name = self._name(step, f"split {step.name}")
        total = sum((arm.percent for arm in step.arms), Decimal(0))
        if total != 100:
            self._findings.add(
                "share-sum",
                f"the shares of `{step.name}` add up to {total.normalize():f}%, not 100%",
                step.name.place,
            )
        arms: list[tuple[Decimal, str, tuple[checked.Step, ...]]] = []
        blocks: list[Block] = []
        for arm in step.arms:
            if any(arm.name.text == other for _, other, _ in arms):
                self._findings.add("duplicate-name", f"the arm `{arm.name}` is there twice", arm.name.place)
            block = self.block(arm.steps, scope, f"{path}.{arm.name}.")
            blocks.append(block)
            arms.append((arm.percent, arm.name.text, block.steps))
        made = checked.Split(name, f"{self._journey}/{step.name}", tuple(arms), step.place)
        going_on = [block for block in blocks if block.goes_on]
        return Block((made,), _merged(going_on), bool(going_on))


def _merged(blocks: list[Block]) -> tuple[Table, ...]:
    """The events that may have woken the instance last, after branches come together; none when one of the
    branches has none."""
    if not blocks or any(not block.events for block in blocks):
        return ()
    tables = {table.name: table for block in blocks for table in block.events}
    return tuple(tables[name] for name in sorted(tables))
