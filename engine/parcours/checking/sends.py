"""Sends as written ─► checked: a message that exists, on channels that exist, with something to say on each."""

from dataclasses import replace
from datetime import timedelta

from parcours.checking import checked
from parcours.checking.scope import Scope
from parcours.checking.surroundings import Surroundings
from parcours.checking.terms import Learned, Term
from parcours.clock.span import Span
from parcours.model import journey as written

_NEXT = Span(1, "day")
"""Within a day each hour comes once."""
_MOST_DAYS = 7


def check_send(step: written.Send, scope: Scope, path: str, here: Surroundings) -> checked.Send | None:
    """Adds what is wrong to the findings; None when it cannot be a send at all."""
    predicates = here.predicates
    literals = predicates.literals
    _check_names(step, here)
    unless = predicates.optional(step.unless, scope)
    offering = None if step.offering is None else _offering(step.offering, scope, here)
    best_hour = None if step.best_hour is None else _best_hour(step.best_hour, here)
    keep_for = None if step.keep_for is None else literals.span(step.keep_for, may_be_nothing=True)
    if_not_sent = here.block(step.if_not_sent, f"{path}.if not sent.")
    return checked.Send(
        name=here.names.of(path),
        message=step.message.text,
        channels=tuple(channel.text for channel in step.channels.names),
        unless=unless,
        keep_for=keep_for,
        if_not_sent=if_not_sent,
        place=step.place,
        choice=step.channels.choice,
        offering=offering,
        best_hour=best_hour,
    )


def _best_hour(best_hour: written.BestHour, here: Surroundings) -> Span:
    if best_hour.within is None:
        return _NEXT
    within = here.predicates.literals.span(best_hour.within)
    if within.is_calendar or within.exact > timedelta(days=_MOST_DAYS):
        here.predicates.findings.add(
            "bad-number",
            f"the best hour comes every day; `{best_hour.within}` is too long to wait for it",
            best_hour.within.place,
            advice=f"write at most {_MOST_DAYS} days",
        )
    return within


def _offering(offering: written.Offering, scope: Scope, here: Surroundings) -> checked.Offering | None:
    findings, vocabulary = here.predicates.findings, here.predicates.vocabulary
    if offering.count < 1:
        findings.add("bad-number", "no offer is no offering", offering.place, advice="offer at least 1")
    name = offering.rules
    is_known = name.text in vocabulary.rules
    if not is_known:
        message = f"`{name}` is no declaration of rules"
        findings.unknown("unknown-rules", message, name.place, name.text, vocabulary.rules)
    where: Term | None = None
    if offering.where is not None:
        where = here.predicates.predicate(offering.where, scope.of_product())
        if where is None:
            return None
    if not is_known or offering.count < 1:
        return None
    analytics = here.predicates.analytics
    rules = analytics.declared(vocabulary.rules[name.text])
    if not isinstance(rules, checked.Rules):  # what is wrong with it is told where it is declared
        return None
    group = None
    if vocabulary.clusters:
        # by the first of several, so that nothing depends on the order of files
        first = min(vocabulary.clusters)
        group = Learned("clusters", first, "group", "text", (), analytics.hash_of("clusters", first))
    made = checked.Offering(offering.count, name.text, where)
    return replace(
        made, event=rules.event, item=rules.item.name, hash=checked.declared_hash(rules), group=group
    )


def _check_names(step: written.Send, here: Surroundings) -> None:
    """A channel that is declared counts, even with mistakes in it."""
    findings, vocabulary = here.predicates.findings, here.predicates.vocabulary
    message = vocabulary.messages.get(step.message.text)
    if message is None:
        findings.unknown(
            "unknown-message",
            f"`{step.message}` is no message",
            step.message.place,
            step.message.text,
            vocabulary.messages,
        )
    bodies = {body.channel.text for body in message.bodies} if message else set()
    for number, channel in enumerate(step.channels.names):
        if any(channel.text == other.text for other in step.channels.names[:number]):
            findings.add("duplicate-name", f"the channel `{channel}` is there twice", channel.place)
        elif channel.text not in vocabulary.channels:
            findings.unknown(
                "unknown-channel",
                f"`{channel}` is no channel",
                channel.place,
                channel.text,
                vocabulary.channels,
            )
        elif message and channel.text not in bodies and not findings.unread.covers(message.name.place):
            findings.add(
                "missing-body",
                f"the message `{step.message}` has no text for `{channel}`",
                channel.place,
                mark=f"the message is declared in {message.name.place}",
            )
