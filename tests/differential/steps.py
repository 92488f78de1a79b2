"""Steps by chance: every kind of step and clause, blocks in blocks, as lines of text."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dice import Dice

from differential.around import Around, EventKind
from differential.lengths import KEEPS, WAITS, plain_moment
from differential.plan import CHANNELS, OUTCOMES, Plan
from differential.predicates import Predicates
from differential.shop import ATTRIBUTES, kind_of

Lines = list[str]
After = Around | None
"""What can be spoken of after some steps; None when nobody comes out of them."""
LAST = "at_last"
"""The label of the last step, to which any step may go."""


def indented(lines: Lines) -> Lines:
    return [f"    {line}" for line in lines]


@dataclass
class Steps:
    """The steps of one journey. `room` counts down the nodes that may still be made. `goals` are those of the header;
    `starts`: journeys that it may start."""

    dice: Dice
    plan: Plan
    goals: tuple[str, ...]
    starts: tuple[str, ...]
    room: int
    jumps: bool = field(default=False, init=False)
    """Whether something goes to the last step."""
    _splits: int = field(default=0, init=False)
    _sends: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.says = Predicates(self.dice)

    def journey(self, around: Around, first: Lines) -> Lines:
        """All steps; `first` are lines that stand before them."""
        if self.dice.percent(35):
            # many come to a first step, fewer to the next: so much for rules of pressure to decide about
            lines, _ = self.send(around, 3)
            first = [*first, *lines]
        blocks, after = self._blocks(around, 0)
        self._label(blocks, around)
        lines = [*first, *(line for block in blocks for line in block)]
        if self.jumps or (after is not None and self.dice.percent(40)):
            label = [f"{LAST}:"] if self.jumps else []
            lines += [*label, f"exit {self.dice.one(OUTCOMES)}"]
        return lines or ["exit"]

    # ---- blocks

    def _blocks(self, around: Around, depth: int) -> tuple[list[Lines], After]:
        """Some steps, each with its lines, and what can be spoken of after them."""
        dice = self.dice
        wanted = dice.between(1, 3) if depth else dice.between(2, max(2, self.room))
        blocks: list[Lines] = []
        after: After = around
        for _ in range(wanted):
            if self.room <= 0 or after is None:
                break
            self.room -= 1
            lines, after = self._step(after, depth)
            blocks.append(lines)
        if depth and after is not None and (not blocks or dice.percent(20)):
            blocks.append([self._way_out()])
            after = None
        return blocks, after

    def _block(self, around: Around, depth: int) -> tuple[Lines, After]:
        """Indented; never empty."""
        blocks, after = self._blocks(around, depth + 1)
        return indented([line for block in blocks for line in block]), after

    def _way_out(self) -> str:
        if self.dice.percent(40):
            self.jumps = True
            return f"go to {LAST}"
        return self.dice.one(("exit", *(f"exit {name}" for name in OUTCOMES)))

    def _label(self, blocks: list[Lines], around: Around) -> None:
        """Now and then a label, and a step that goes to it: forward, or back over a plain wait."""
        dice = self.dice
        if len(blocks) < 3 or not dice.percent(30):
            return
        start = dice.below(len(blocks) - 1)
        end = dice.between(start + 1, len(blocks) - 1)
        plain = replace(around, event=None)
        jump = [f"if {self.says.predicate(plain)}", "    go to here"]
        # a circle needs a wait that is one: a moment may have passed, and a condition may hold
        if any(
            lines[0].startswith("wait ") and lines[0].split()[1].isdecimal() for lines in blocks[start:end]
        ):
            blocks[start] = ["here:", *blocks[start]]
            blocks.insert(end, jump)
        else:
            blocks[end] = ["here:", *blocks[end]]
            blocks.insert(start, jump)

    # ---- single steps

    def _step(self, around: Around, depth: int) -> tuple[Lines, After]:
        makers: list[tuple[int, Callable[[Around, int], tuple[Lines, After]]]] = [
            (25, self.send),
            (16, self._wait),
            (11, self._wait_until),
            (6, self._set),
            (4, self._record),
            (4, self._start),
        ]
        if depth < 3:
            makers += [
                (10, self._wait_condition),
                (14, self._wait_event),
                (12, self._if),
                (5, self._split),
                (6, self._repeat),
            ]
        point = self.dice.below(sum(weight for weight, _ in makers))
        for weight, make in makers:
            if point < weight:
                return make(around, depth)
            point -= weight
        raise AssertionError("the weights add up")

    def send(self, around: Around, depth: int) -> tuple[Lines, After]:
        dice = self.dice
        channels = dice.some(CHANNELS, 3)
        how = " else ".join(channels)
        if len(channels) > 1 and dice.percent(50):
            how = dice.one((f"best of {', '.join(channels)}", " and ".join(channels)))
        lines = [f"send {dice.one(self.plan.messages)} by {how}"]
        if dice.percent(25):
            lines.append(f"    unless {self.says.predicate(around)}")
        if dice.percent(30):
            lines.append(f"    keep for {dice.one(KEEPS)}")
        lines += self._at_best_hour()
        after: After = around
        if dice.percent(25) and depth < 3:
            block, after = self._block(around, depth + 1)
            lines += ["    if not sent", *indented(block)]
        return lines, _met(around, after)

    def _at_best_hour(self) -> Lines:
        """By dice of its own, so that all else of a case stays what it is without it."""
        self._sends += 1
        dice = Dice(f"best hour {self.plan.team} {self._sends}")
        if not dice.percent(15):
            return []
        within = dice.one(("", " within 30 minutes", " within 6 hours", " within 24 hours", " within 2 days"))
        return [f"    at best hour{within}"]

    def _wait(self, around: Around, depth: int) -> tuple[Lines, After]:
        return [f"wait {self.dice.one(WAITS)}"], around

    def _wait_until(self, around: Around, depth: int) -> tuple[Lines, After]:
        dice = self.dice
        moment = plain_moment(dice, around.begin)
        if dice.percent(35):
            kind = dice.one(("date", "instant"))
            spans = ("0 days", "1 hour", "90 minutes", "1 day", "2 days", "1 week", "1 month", "30 minutes")
            moment = f"{dice.one(spans)} {dice.one(('before', 'after'))} {self.says.value(kind, around)}"
        return [f"wait until {moment}"], around

    def _wait_condition(self, around: Around, depth: int) -> tuple[Lines, After]:
        head = f"wait until {self.says.predicate(around)} up to {self.dice.one(WAITS)}"
        return self._two_ways(head, around, around, depth)

    def _wait_event(self, around: Around, depth: int) -> tuple[Lines, After]:
        dice = self.dice
        kind = self.says.any_kind(around)
        since = " since entry" if dice.percent(35) else ""
        head = f"wait for {self.says.event(around, kind)}{since} up to {dice.one(WAITS)}"
        return self._two_ways(head, replace(around, event=kind), around, depth)

    def _two_ways(self, head: str, came: Around, not_came: Around, depth: int) -> tuple[Lines, After]:
        lines = [head]
        then: After = came
        otherwise: After = not_came
        if self.dice.percent(65):
            block, then = self._block(came, depth + 1)
            lines += ["    then", *indented(block)]
        if self.dice.percent(55):
            block, otherwise = self._block(not_came, depth + 1)
            lines += ["    otherwise", *indented(block)]
        return lines, _met(then, otherwise)

    def _if(self, around: Around, depth: int) -> tuple[Lines, After]:
        dice = self.dice
        block, met = self._block(around, depth)
        lines = [f"if {self.says.predicate(around)}", *block]
        for _ in range(dice.one((0, 0, 1, 2))):
            block, after = self._block(around, depth)
            lines += [f"else if {self.says.predicate(around)}", *block]
            met = _met(met, after)
        after = around
        if dice.percent(50):
            block, after = self._block(around, depth)
            lines += ["else", *block]
        return lines, _met(met, after)

    def _split(self, around: Around, depth: int) -> tuple[Lines, After]:
        dice = self.dice
        self._splits += 1
        name = self.plan.lane(f"s{self._splits}")
        head = f"split {name}"
        if self.goals and dice.percent(60):
            head = f"test {name} measured by {dice.one(self.goals)}"
        shares = dice.one(
            (("50", "50"), ("33.3", "66.7"), ("12.5", "25", "62.5"), ("99.9", "0.1"), ("1", "99"))
        )
        lines = [head]
        met: After = None
        for share, arm in zip(shares, ("x", "y", "z"), strict=False):
            lines.append(f"    {share}% {arm}")
            after: After = around
            if dice.percent(75):
                block, after = self._block(around, depth + 1)
                lines += indented(block)
            met = _met(met, after)
        return lines, met

    def _repeat(self, around: Around, depth: int) -> tuple[Lines, After]:
        dice = self.dice
        inside = replace(around, event=None)
        until = f" until {self.says.predicate(inside)}" if dice.percent(55) else ""
        block, after = self._block(inside, depth)
        is_left = after is not None or bool(until)
        return [f"repeat up to {dice.one((1, 2, 2, 3, 5))} times{until}", *block], inside if is_left else None

    def _set(self, around: Around, depth: int) -> tuple[Lines, After]:
        dice, settable = self.dice, self.plan.flavour.settable
        if not settable:
            return self._wait(around, depth)
        name = dice.one(settable)
        kind = kind_of(ATTRIBUTES[name])
        value = self.says.literal(kind, around, name) if dice.percent(60) else self.says.value(kind, around)
        return [f"set {name} to {value}"], around

    def _record(self, around: Around, depth: int) -> tuple[Lines, After]:
        recorded = self.plan.recorded
        if recorded is None:
            return self._set(around, depth)
        return [self.record(around, recorded)], around

    def record(self, around: Around, recorded: EventKind, *, whole: bool = False) -> str:
        """The first place that records gives all fields; others may give fewer."""
        dice, says = self.dice, self.says
        given = [
            f"what = {says.literal('text', around) if dice.percent(50) else says.value('text', around)}",
            f"worth = {says.literal('number', around) if dice.percent(50) else says.value('number', around)}",
            f"since = {says.value('instant', around)}",
        ]
        return f"record {recorded.name} with {', '.join(given if whole else dice.some(given, 3))}"

    def _start(self, around: Around, depth: int) -> tuple[Lines, After]:
        if not self.starts or not self.plan.flavour.has_starts:
            return self.send(around, depth)
        return [f"start {self.dice.one(self.starts)}"], around


def _met(one: After, other: After) -> After:
    """What can be spoken of where two ways come together."""
    if one is None or other is None:
        return one or other
    return one if one.event == other.event else replace(one, event=None)
