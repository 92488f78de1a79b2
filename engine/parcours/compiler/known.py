"""What the gates ask of a contact, whatever is sent to it (LANGUAGE.md P1, P4-P6): found once for all of its candidates."""

from sqlglot import exp

from parcours.compiler import best_hours, granted, preferences
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.expressions import column, create_temporary, holds, own, table, text
from parcours.compiler.granted import share
from parcours.compiler.limits import Limit
from parcours.compiler.moving import MOVING
from parcours.compiler.preferences import Wish
from parcours.compiler.reach import closed
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject


class Known:
    """The table `_known`, and its columns, as those of a candidate `f`. `row`: the column of `_to_send s` by which its
    candidates find it, as `subject`: what a run has set itself is its own, all else is the same for all candidates of a
    contact."""

    def __init__(self, what: Arbitration) -> None:
        self._what = what
        source, self.row = ("_to_send", "rowid") if what.settable else ("people", "contact")
        self._subject = Subject(source, what.zone, settable=what.settable, contacts=MOVING, row=self.row)
        self._facts: list[exp.Expr] = []
        used = {channel for send in what.sends for channel in send.step.channels}
        channels = [channel for channel in what.policy.channels if channel.name in used]
        self.by_channel = [
            (text(c.name), self._fact(f"channel_{n}", closed(c, what.gates, self._subject)))
            for n, c in enumerate(channels)
        ]
        self.nevers = [
            (never, self._fact(f"never_{n}", holds(self._subject.sql(never.condition))))
            for n, never in enumerate(what.policy.never)
        ]
        self.wishes = [
            self._wish(wish) for wish in preferences.wishes(what.policy, what.gates, self._subject)
        ]
        if what.with_hours:
            self._fact("best_hour", best_hours.best_hour(self._subject))
        self.quiet = {
            c.name: (own(f"quiet_{n}", "f"), own(f"quiet_lift_{n}", "f"))
            for n, c in enumerate(channels)
            if c.quiet or c.quiet_holidays is not None or c.opening
        }
        self._only_for = {
            limit: self._fact(f"for_{limit.number}", holds(self._subject.sql(limit.condition)))
            for limit in what.limits
            if limit.condition is not None
        }

    def is_for(self, limit: Limit) -> exp.Expr | None:
        """Whether a limit is for the contact; None when it is for all."""
        return self._only_for.get(limit)

    def columns(self) -> list[str]:
        """All columns but `subject`."""
        names = [fact.alias for fact in self._facts]
        names += ["zone"] if self._what.with_hours else []
        names += [name.name for both in self.quiet.values() for name in both]
        return [*names, *self._what.bounds, *granted.columns(self._what)]

    def statement(self) -> Statement:
        """`_known`: for all to whom there is something to send, what their clocks say, and what was granted to them before."""
        what = self._what
        query = exp.Select()
        if not what.settable:
            shares = (column(share(a)) for a in what.shares)
            people = exp.select(own("contact"), *shares).from_(table("_to_send")).where(own("is_first"))
            query = query.with_("people", as_=people, copy=False)
        query = query.with_("facts", as_=self._of_contacts(), copy=False)
        query = granted.with_past(query, what)
        clocks = ["zone"] if what.with_hours else []
        names = ["subject", *clocks, *(fact.alias for fact in self._facts)]
        query = query.select(*(own(name, "t") for name in names), copy=False)
        query = self._with_clocks(query.from_(table("facts", "t"), copy=False))
        return Statement(
            "known",
            "what the gates ask of those to whom there is something to send, before this tick",
            create_temporary("_known", granted.join_past(query, what, "t")),
        )

    def _of_contacts(self) -> exp.Select:
        return self._subject.select(
            exp.alias_(own(self.row, "s"), "subject"),
            own("contact", "s"),
            *(column(share(a), "s") for a in self._what.shares),
            exp.alias_(self._subject.terms.zone(), "zone"),
            *self._facts,
        )

    def _with_clocks(self, query: exp.Select) -> exp.Select:
        """The query over facts `t` with where it is quiet, and since when the periods of the calendar go on."""
        for channel, (gate, lift) in self.quiet.items():
            alias = f"q_{gate.name}"
            zone = exp.EQ(this=own("zone", alias), expression=own("zone", "t"))
            on = exp.and_(zone, exp.EQ(this=own("channel", alias), expression=text(channel)))
            query = query.join(table("_quiet", alias), on=on, join_type="left", copy=False)
            found = ((own("gate", alias), gate), (own("lift", alias), lift))
            query = query.select(*(exp.alias_(made, name.name) for made, name in found), copy=False)
        if self._what.units:
            same = exp.EQ(this=own("zone", "k"), expression=own("zone", "t"))
            query = query.join(table("_calendar", "k"), on=same, join_type="left", copy=False)
            query = query.select(*(own(name, "k") for name in self._what.bounds), copy=False)
        return query

    def _wish(self, wish: Wish) -> tuple[Wish, exp.Expr, exp.Expr | None]:
        """A wish, with whether it closes its gate, and when that lifts."""
        is_so = self._fact(f"wish_{wish.gate}", wish.closed)
        return wish, is_so, None if wish.lift is None else self._fact(f"wish_{wish.gate}_lift", wish.lift)

    def _fact(self, name: str, value: exp.Expr) -> exp.Expr:
        self._facts.append(exp.alias_(value, name))
        return own(name, "f")
