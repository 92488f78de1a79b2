"""A journey as written: header, entry and steps."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from parcours.model.moments import Moment, Period, Schedule
from parcours.model.node import Declared, Name, Node
from parcours.model.values import Duration, EventRef, Money, Path, Predicate, TimeOfDay, Value, Window

# ---- triggers: what starts a run


class OnEvent(Node):
    kind: Literal["on_event"] = "on_event"
    event: EventRef


class OnJoining(Node):
    kind: Literal["on_joining"] = "on_joining"
    segment: Name
    including_members: bool = False


class OnLeaving(Node):
    kind: Literal["on_leaving"] = "on_leaving"
    segment: Name


class OnBecoming(Node):
    kind: Literal["on_becoming"] = "on_becoming"
    stage: Name
    after: Name | None = None


class OnAnniversary(Node):
    """`on anniversary of birth_date at 09:00`."""

    kind: Literal["on_anniversary"] = "on_anniversary"
    path: Path
    time: TimeOfDay | None = None


class OnDate(Node):
    """`7 days before contract_end at 09:00`."""

    kind: Literal["on_date"] = "on_date"
    duration: Duration
    direction: Literal["before", "after"]
    path: Path
    time: TimeOfDay | None = None


class OnSchedule(Node):
    """`every tuesday at 09:00 for PREDICATE`."""

    kind: Literal["on_schedule"] = "on_schedule"
    schedule: Schedule
    predicate: Predicate | None = None


class ByHand(Node):
    kind: Literal["by_hand"] = "by_hand"


Trigger = Annotated[
    OnEvent | OnJoining | OnLeaving | OnBecoming | OnAnniversary | OnDate | OnSchedule | ByHand,
    Field(discriminator="kind"),
]


class Reentry(Node):
    """`once`, `again`, `again after 7 days`."""

    again: bool
    after: Duration | None = None


class HoldOut(Node):
    percent: Decimal


class EntryCap(Node):
    """`at most 20000 per day` under `enter`."""

    count: int
    period: Period


class Enter(Node):
    """Who enters. `reentry` is None when nothing is written, which means `once`."""

    trigger: Trigger
    condition: Predicate | None = None
    reentry: Reentry | None = None
    per: Path | None = None
    within: Duration | None = None  # T9: how old an event may be, one day when not written
    hold_out: HoldOut | None = None
    cap: EntryCap | None = None


# ---- header


class Goal(Node):
    """`goal first_order: order within 30 days worth 25 EUR`."""

    name: Name
    event: EventRef
    within: Duration | None = None
    worth: Money | None = None


class LeaveWhen(Node):
    """`leave when PREDICATE as OUTCOME`; without a name the outcome is `left`."""

    predicate: Predicate
    outcome: Name | None = None


class Needs(Node):
    """`needs order fresh within 2 hours, else wait up to 6 hours`."""

    event: Name
    within: Duration
    wait: Duration | None = None


class Budget(Node):
    amount: Money
    period: Period


# ---- steps


class Step(Node):
    label: Name | None = None  # `NAME:` on the line above


class Offering(Node):
    count: int
    rules: Name
    where: Predicate | None = None


class BestHour(Node):
    within: Duration | None = None


class Channels(Node):
    """`one`: a single channel; `first_of`: push else sms; `all_of`: email and push; `best_of`: learned."""

    choice: Literal["one", "first_of", "all_of", "best_of"]
    names: tuple[Name, ...]


class Send(Step):
    kind: Literal["send"] = "send"
    message: Name
    channels: Channels
    offering: Offering | None = None
    unless: Predicate | None = None
    keep_for: Duration | None = None
    best_hour: BestHour | None = None
    if_not_sent: tuple["AnyStep", ...] = ()


class WaitFor(Step):
    """`wait 4 hours`."""

    kind: Literal["wait"] = "wait"
    duration: Duration


class WaitUntil(Step):
    """`wait until MOMENT`."""

    kind: Literal["wait_until"] = "wait_until"
    moment: Moment


class WaitCondition(Step):
    """`wait until PREDICATE up to D`."""

    kind: Literal["wait_condition"] = "wait_condition"
    predicate: Predicate
    up_to: Duration
    then: tuple["AnyStep", ...] = ()
    otherwise: tuple["AnyStep", ...] = ()


class WaitEvent(Step):
    """`wait for EVENT [since entry] up to D`."""

    kind: Literal["wait_event"] = "wait_event"
    event: EventRef
    window: Window | None = None
    up_to: Duration
    then: tuple["AnyStep", ...] = ()
    otherwise: tuple["AnyStep", ...] = ()


class Branch(Node):
    """One `if` or `else if` and its steps."""

    predicate: Predicate
    steps: tuple["AnyStep", ...]


class If(Step):
    kind: Literal["if"] = "if"
    branches: tuple[Branch, ...]
    otherwise: tuple["AnyStep", ...] = ()


class Arm(Node):
    percent: Decimal
    name: Name
    steps: tuple["AnyStep", ...] = ()


class Split(Step):
    kind: Literal["split"] = "split"
    name: Name
    arms: tuple[Arm, ...]


class Experiment(Step):
    """`test NAME measured by GOAL`."""

    kind: Literal["test"] = "test"
    name: Name
    goal: Name
    arms: tuple[Arm, ...]


class Repeat(Step):
    kind: Literal["repeat"] = "repeat"
    times: int
    until: Predicate | None = None
    steps: tuple["AnyStep", ...]


class SetAttribute(Step):
    kind: Literal["set"] = "set"
    attribute: Name
    value: Value


class Binding(Node):
    """`gift = event.gift`."""

    name: Name
    value: Value


class Record(Step):
    kind: Literal["record"] = "record"
    event: Name
    bindings: tuple[Binding, ...] = ()


class Start(Step):
    kind: Literal["start"] = "start"
    journey: Name


class GoTo(Step):
    kind: Literal["go_to"] = "go_to"
    target: Name


class Exit(Step):
    """`exit [OUTCOME]`; without a name the outcome is `finished`."""

    kind: Literal["exit"] = "exit"
    outcome: Name | None = None


AnyStep = Annotated[
    Send
    | WaitFor
    | WaitUntil
    | WaitCondition
    | WaitEvent
    | If
    | Split
    | Experiment
    | Repeat
    | SetAttribute
    | Record
    | Start
    | GoTo
    | Exit,
    Field(discriminator="kind"),
]


class Journey(Declared):
    """A journey. `doc` is the text under its name, "" when there is none; `priority` None means 50."""

    kind: Literal["journey"] = "journey"
    name: Name
    doc: str = ""
    purpose: Name | None = None
    priority: int | None = None
    owner: str | None = None
    enter: Enter | None = None
    goals: tuple[Goal, ...] = ()
    leave_when: tuple[LeaveWhen, ...] = ()
    needs: tuple[Needs, ...] = ()
    budget: Budget | None = None
    steps: tuple[AnyStep, ...]


for _model in (Send, WaitCondition, WaitEvent, Branch, If, Arm, Repeat):
    _model.model_rebuild()
