"""What each key of the YAML form says, in one sentence: what an editor shows beside it."""

from collections.abc import Mapping
from types import MappingProxyType

from parcours.language.forms.steps import STEPS

_STEP = {"label": "A name of this step, for `go to`"}
_REFRESH = {"refresh every": "How often it is computed anew, such as `day` or `6 hours`"}

_SAID: dict[str, dict[str, str]] = {
    # journeys
    "journey": {
        "journey": "A journey: who enters, and the steps that each of them takes",
        "goals": "What the journey is for; reaching one ends it",
        "leave": "When a contact leaves the journey at once",
        "needs": "How fresh the data must be before anything is sent",
        "steps": "What happens, one step after the other",
    },
    "doc": {"doc": "What it is for, in a sentence for people"},
    "purpose": {"purpose": "What the messages are for: consent and caps go by it"},
    "priority": {"priority": "Which journey goes first when two want to speak to one contact: 0 to 100"},
    "owner": {"owner": "Who answers for it"},
    "enter": {"enter": "What starts a run, and who enters"},
    "goal": {
        "goal": "The name of the goal, which is also the outcome of the run",
        "event": "The event that reaches it, such as `order[total > 50]`",
        "within": "How long after entry it counts, such as `7 days`",
        "worth": "What reaching it is worth to us, such as `25 EUR`: for the expected value of messages",
    },
    "leave_when": {"when": "The condition under which a contact leaves", "as": "The outcome of the run"},
    "needs": {
        "event": "The event whose data must be fresh",
        "fresh within": "How old the newest data may be",
        "else wait up to": "How long messages wait for fresher data",
    },
    "budget": {"budget": "The most money it may cost, such as `500 EUR`", "budget per": "In which period"},
    # entries
    "on_event": {"on": "Enters when this event happens, such as `order[total > 50]`"},
    "on_joining": {
        "on joining": "Enters when the contact becomes a member of this segment",
        "including members": "Those who are members already enter too",
    },
    "on_leaving": {"on leaving": "Enters when the contact leaves this segment"},
    "on_becoming": {
        "on becoming": "Enters when the contact reaches this stage of the lifecycle",
        "after": "Only from this stage",
    },
    "on_anniversary": {
        "on anniversary of": "Enters each year on the day of this date of the contact",
        "at": "At this time of the contact's day",
    },
    "on_date": {
        "date": "Enters so long before or after a date of the contact: `7 days before contract_end`",
        "at": "At this time of the contact's day",
    },
    "on_schedule": {
        "every": "Enters again and again: `day`, `tuesday`, `month on 1`",
        "at": "At this time of the contact's day",
        "for": "Whom it lets in",
    },
    "by_hand": {"by hand": "Somebody starts it"},
    "only_if": {"if": "Only contacts for whom this holds enter"},
    "per_key": {"per": "One run for each value of this field, such as `event.cart_id`"},
    "once": {"once": "Each contact enters only once"},
    "again": {
        "again": "A contact who has left may enter again",
        "again after": "A contact may enter again so long after the last entry",
    },
    "entry_within": {"within": "How long after its event somebody may still enter"},
    "hold_out": {"hold out": "The share of contacts who get nothing, to measure against: `10%`"},
    "entry_cap": {"at most": "How many contacts enter at most", "at most per": "In which period"},
    # steps
    "send": {
        "send": "Sends a message",
        "by": "The channels: `email`, `push else email`, `email and sms`, `best of email, sms`",
        "if not sent": "The steps for those who did not get the message",
    },
    "offering": {
        "offering": "How many things to offer, and from which rules: `3 from often_together`",
        "where": "Which of them may be offered",
    },
    "unless": {"unless": "Nothing is sent to contacts for whom this holds"},
    "keep_for": {"keep for": "How long a message that may not go out now is kept"},
    "best_hour": {
        "at best hour": "At the hour at which this contact reads messages",
        "best hour within": "How long it may wait for that hour",
    },
    "wait": {"wait": "Waits so long, such as `3 days`"},
    "wait_until": {
        "wait until": "Waits until then: `09:00`, `tuesday at 10:00`, `3 days before contract_end`"
    },
    "wait_condition": {
        "wait until": "Waits until this holds",
        "up to": "How long at most",
        "then": "The steps for those for whom it came true",
        "otherwise": "The steps for the others",
    },
    "wait_event": {
        "wait for": "Waits for this event",
        "since": "From when on it counts: `entry`",
        "up to": "How long at most",
        "then": "The steps for those for whom it came",
        "otherwise": "The steps for the others",
    },
    "if_step": {
        "if": "A condition on which the steps depend",
        "then": "The steps of those for whom it holds",
        "else if": "Further conditions, in their order",
        "else": "The steps of all others",
    },
    "else_if": {"if": "The condition", "then": "The steps of those for whom it holds"},
    "split": {"split": "Deals the contacts out to arms by chance", "arms": "The arms, with their shares"},
    "experiment": {
        "test": "Tries several ways and measures which is best",
        "measured by": "The goal by which they are measured",
        "arms": "The arms, with their shares",
    },
    "arm": {
        "share": "The share of contacts, such as `50%`",
        "arm": "The name of the arm",
        "steps": "The steps of this arm",
    },
    "repeat": {
        "repeat up to": "Takes the steps so many times at most",
        "until": "Stops before a time at which this holds",
        "steps": "The steps to repeat",
    },
    "set_attribute": {"set": "Sets an attribute of the contact", "to": "The value"},
    "record": {"record": "Records an event of the contact", "with": "The fields of the event"},
    "start_journey": {"start": "Starts another journey for the contact"},
    "go_to": {"go to": "Goes on at the step with this label"},
    "exit": {"exit": "Ends the run; the outcome may be named"},
    # vocabulary
    "message": {"message": "A message", "bodies": "What it says, for each channel"},
    "topic": {"topic": "What it is about: caps and preferences go by it"},
    "subject": {"subject": "The subject of an email; of several each contact gets one"},
    "body_file": {"channel": "The channel", "from": "The file with the text, beside this one"},
    "body_text": {"channel": "The channel", "text": "The text; `{{ name }}` puts in a value"},
    "expires": {"expires after": "After how long it is not worth sending any more"},
    "live": {"live": "What must be known, as it is then, when the message is handed over"},
    "segment": {"segment": "A named group of contacts"},
    "condition": {"where": "The condition that its members meet"},
    "refresh": _REFRESH,
    "lifecycle": {
        "lifecycle": "The stages that a contact goes through",
        "stages": "The first that holds is the stage",
    },
    "stage": {"stage": "The name of the stage", "when": "The condition, or `otherwise`"},
    "season": {"season": "A part of the year"},
    "season_days": {"from": "The first day, such as `06-21`", "to": "The last day"},
    # policy
    "channel": {
        "channel": "A way to reach contacts",
        "quiet": "When nothing is sent",
        "open": "When it is open",
        "capacity": "How much it can carry",
    },
    "address": {"address": "The attribute with the address"},
    "consent": {"consent": "The condition under which it may be used"},
    "cost": {"cost": "What one message costs, such as `0.05 EUR`"},
    "quiet_hours": {"from": "From this time of the contact's day", "to": "Up to this time"},
    "quiet_on": {"on": "Days of the week, or `holidays`"},
    "opening": {
        "days": "On these days",
        "from": "From this time of the contact's day",
        "to": "Up to this time",
    },
    "capacity": {
        "at most": "How many messages",
        "per": "In which period",
        "doubling every": "While it warms up: doubles after so long",
        "up to": "Up to so many",
    },
    "pressure": {"pressure": "How much we may speak to one contact"},
    "exempt": {"exempt": "Messages that the caps do not hold back"},
    "cap": {
        "at most": "How many of what: `3 messages`, `1 sms`, `2 purpose marketing`",
        "per": "In which period: `7 days`, `calendar month`",
        "for": "For which contacts",
        "per each": "For all contacts together that have the same value of this attribute",
        "keep": "How many of them are kept for important journeys: `1 for priority from 80`",
        "counting exempt": "Exempt messages count as well",
    },
    "spacing": {
        "at least": "How much time lies between two messages",
        "between": "Of this kind",
        "and": "And of this kind",
    },
    "not_after": {
        "no": "Which messages are held back",
        "within": "For how long",
        "after": "After which messages",
    },
    "never": {"never": "Messages that are never sent", "for": "To these contacts"},
    "honour_preferences": {"honour preferences": "What contacts asked for is kept"},
    "lost_contact": {"a lost contact costs": "What it costs when a contact leaves us for good"},
    "arbitrate": {"arbitrate by": "Which message goes first: `priority`, `value`, `priority, then value`"},
    "keep_held": {"keep held messages for": "How long a message that was held back is kept"},
    # the analytic core
    "rfm": {"rfm": "How lately, how often and for how much contacts buy"},
    "rfm_of": {"of": "The field that is added up, such as `order.total`", "over": "Over which time"},
    "rfm_scored": {"scored": "The best score", "by": "How scores are dealt out"},
    "rfm_trend": {"trend over": "Over which time a change is looked at"},
    "clusters": {"clusters": "Groups of contacts that are alike"},
    "features": {"from": "The values that are looked at, separated by commas"},
    "population": {"for": "The contacts that are looked at"},
    "groups": {"between": "How many groups there may be: `3 and 8`"},
    "clip": {"clip outliers at": "Which values are too small or too large: `1% and 99%`"},
    "sample": {"sample": "From how many contacts it is learned"},
    "score": {
        "score": "How likely it is that a contact will do something",
        "zones": "Names for ranges of the score",
    },
    "predict": {"predict": "What is predicted, such as `has order`", "within": "Within which time"},
    "learn_on": {"learn on": "How far back the learning looks"},
    "zone_where": {"zone": "The name of the zone", "where": "The condition"},
    "zone_top": {"zone": "The name of the zone", "top": "The best so many percent"},
    "zone_from": {"zone": "The name of the zone", "from": "From this probability on, or `break even`"},
    "zone_otherwise": {"zone": "The name of the zone", "otherwise": "All others"},
    "rules": {"rules": "What goes together with what"},
    "together_in": {
        "item": "What is looked at, such as `product`",
        "of": "The event that has it",
        "together in": "What holds them together, such as `basket_id`",
    },
    "followed_within": {
        "item": "What is looked at, such as `product`",
        "of": "The event that has it",
        "followed within": "How soon the one follows the other",
    },
    "support": {"support from": "In how many baskets they are at least"},
    "confidence": {"confidence from": "How sure the rule is at least"},
    "lift": {"lift from": "How much more often than by chance"},
    # examples
    "example": {
        "example": "What it shows: a test of a journey",
        "events": "What the contact does, in its order",
        "expect": "What must come of it",
    },
    "example_journey": {"journey": "The journey that it tests"},
    "given": {"given": "The attributes of the contact"},
    "occurs": {"at": "When, on the contact's clock", "event": "The event", "with": "Its fields"},
    "expect_exit": {"exit": "The outcome of the run", "at": "When, on the contact's clock"},
    "expect_message": {
        "message": "A message that the contact gets",
        "by": "The channel",
        "at": "When, on the contact's clock",
    },
    "expect_no_message": {"no message": "The contact gets no message"},
    "expect_no_other_message": {"no other message": "The contact gets no other message"},
    "expect_no_entry": {"no entry": "The contact does not enter"},
}

DESCRIPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {form: {**said, **_STEP} if form in STEPS else said for form, said in _SAID.items()}
)
"""By form and key."""
