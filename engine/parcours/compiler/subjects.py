"""Which of its subjects a message has (LANGUAGE.md P10): a contact gets them in turn, never the same one twice running."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.clock.span import Span
from parcours.compiler.expressions import left, number, own, table, text
from parcours.compiler.gates import SendStep
from parcours.compiler.instants import ago
from parcours.compiler.layout import GRANTED

REMEMBERED = Span(366, "day")
"""For how long it is known which subject a contact had last; after that the first is as good as any."""


def several(messages: Iterable[checked.Message], sends: Sequence[SendStep]) -> bool:
    """Whether any message that is sent has more than one."""
    used = {send.step.message for send in sends}
    return any(len(message.subjects) > 1 and message.name in used for message in messages)


def with_subjects(query: exp.Select) -> exp.Select:
    """Adds `subject(verdict, subject) j` to a query over the verdicts `v`: which one, counted from 0; there is none for a
    message that has no choice."""
    granted = exp.EQ(this=own("decision", "v"), expression=text(GRANTED))
    option = exp.EQ(this=own("option", "o"), expression=own("option", "v"))
    nth = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("contact", "v"), own("message", "o")],
        order=exp.Order(
            expressions=[exp.Ordered(this=own(n, "v"), nulls_first=False) for n in ("round", "step")]
        ),
    )
    turn = exp.select(
        exp.alias_(own("rowid", "v"), "verdict"),
        own("contact", "v"),
        own("message", "o"),
        own("subjects", "o"),
        exp.alias_(nth, "nth"),
    ).from_(table("_verdict", "v"), copy=False)
    turn = turn.join(table("_send_option", "o"), on=option, copy=False)
    turn = turn.where(granted, exp.GT(this=own("subjects", "o"), expression=number(1)), copy=False)
    after = exp.Add(
        this=exp.Coalesce(this=own("subject", "l"), expressions=[number(-1)]), expression=own("nth", "t")
    )
    which = exp.cast(exp.Mod(this=exp.paren(after), expression=own("subjects", "t")), "INTEGER")
    had = exp.and_(*(exp.EQ(this=own(n, "l"), expression=own(n, "t")) for n in ("contact", "message")))
    subject = exp.select(own("verdict", "t"), exp.alias_(which, "subject"))
    subject = subject.from_(table("turn", "t"), copy=False)
    subject = subject.join(left(table("last_had", "l"), on=had), copy=False)
    query = query.with_("turn", as_=turn, copy=False).with_("last_had", as_=_last_had(), copy=False)
    query = query.with_("subject", as_=subject, copy=False)
    on = exp.EQ(this=own("verdict", "j"), expression=own("verdict", "v"))
    return query.join(left(table("subject", "j"), on=on), copy=False)


def _last_had() -> exp.Select:
    """The subject that a contact had last of each message. Rows of the outbox are in the order in which they were granted."""
    who = exp.select(own("contact", "t")).from_(table("turn", "t"), copy=False)
    had = exp.ArgMax(this=own("subject", "b"), expression=own("rowid", "b"))
    return (
        exp.select(own("contact", "b"), own("message", "b"), exp.alias_(had, "subject"))
        .from_(table("state.outbox", "b"), copy=False)
        .where(
            exp.GT(this=own("sent_at", "b"), expression=ago(REMEMBERED)),
            exp.Not(this=own("subject", "b").is_(exp.null())),
            exp.In(this=own("contact", "b"), query=who.subquery()),
            copy=False,
        )
        .group_by(own("contact", "b"), own("message", "b"), copy=False)
    )
