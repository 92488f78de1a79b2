"""Codes of names: those that nothing has, and those that something else has already."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error

NAMES: Mapping[str, CodeEntry] = {
    "duplicate-name": error(
        "Two things have the same name.",
        "give one of the two another name",
        Example(
            "segment vip\n    age > 60\n\nsegment vip\n    age > 70\n",
            "segment vip\n    age > 60\n\nsegment old\n    age > 70\n",
        ),
    ),
    "reserved-name": error(
        "The name means something in the language already.",
        "choose another name: this one means something in the language already",
        Example(
            "channel messages\n    address email\n    consent email_opt_in\n",
            "channel letters\n    address email\n    consent email_opt_in\n",
        ),
    ),
    "unknown-journey": error(
        "The project has no journey of this name.",
        "name a journey of the project",
        Example(
            "journey example\n    enter on order\n    wait 1 day\n    start thansk\n",
            "journey example\n    enter on order\n    wait 1 day\n    start thanks\n",
        ),
    ),
    "unknown-attribute": error(
        "Contacts have no attribute of this name.",
        "name a column of the contacts table",
        Example(
            'journey example\n    enter on order\n    if contry = "FR"\n        exit\n    send hello by email\n',
            'journey example\n    enter on order\n    if country = "FR"\n        exit\n    send hello by email\n',
        ),
    ),
    "unknown-event": error(
        "No event of this name is mapped in parcours.yaml.",
        "name an event that parcours.yaml maps",
        Example(
            "journey example\n    enter on purchase\n    send hello by email\n",
            "journey example\n    enter on order\n    send hello by email\n",
        ),
    ),
    "unknown-field": error(
        "The event has no field of this name.",
        "name a column of the event's table",
        Example(
            "journey example\n    enter on order[price > 20]\n    send hello by email\n",
            "journey example\n    enter on order[amount > 20]\n    send hello by email\n",
        ),
    ),
    "unknown-segment": error(
        "No segment of this name is declared.",
        "declare the segment, or name one that is declared",
        Example(
            "segment old\n    age > 60\n\njourney example\n    enter on order\n    if in segment odl\n        send hello by email\n",
            "segment old\n    age > 60\n\njourney example\n    enter on order\n    if in segment old\n        send hello by email\n",
        ),
    ),
    "unknown-stage": error(
        "The lifecycle has no stage of this name.",
        "name a stage of a lifecycle",
        Example(
            "lifecycle customer\n    active: has order in last 90 days\n    lost: otherwise\n\njourney example\n    enter on order\n    if customer is actve\n        send hello by email\n",
            "lifecycle customer\n    active: has order in last 90 days\n    lost: otherwise\n\njourney example\n    enter on order\n    if customer is active\n        send hello by email\n",
        ),
    ),
    "unknown-season": error(
        "No season of this name is declared.",
        "declare the season, or name one that is declared",
        Example(
            "season summer\n    from 06-01 to 08-31\n\njourney example\n    enter on order\n    if season.sumer\n        send hello by email\n",
            "season summer\n    from 06-01 to 08-31\n\njourney example\n    enter on order\n    if season.summer\n        send hello by email\n",
        ),
    ),
    "unknown-name": error(
        "The name stands for nothing that can be used here.",
        "name an attribute, a lifecycle or a declared thing",
        Example(
            "rfm value\n    of order over 24 months\n\nsegment fresh\n    value.recncy = 5\n",
            "rfm value\n    of order over 24 months\n\nsegment fresh\n    value.recency = 5\n",
        ),
    ),
    "unknown-message": error(
        "No message of this name is declared.",
        "declare the message, or name one that is declared",
        Example(
            "journey example\n    enter on order\n    send helo by email\n",
            "journey example\n    enter on order\n    send hello by email\n",
        ),
    ),
    "unknown-channel": error(
        "No channel of this name is declared.",
        "declare the channel, or name one that is declared",
        Example(
            "journey example\n    enter on order\n    send hello by fax\n",
            "journey example\n    enter on order\n    send hello by sms\n",
        ),
    ),
    "unknown-label": error(
        "No step of the journey has this label.",
        "name the label of a step: `NAME:` on the line above it",
        Example(
            "journey example\n    enter on order\n    pause:\n    wait 1 day\n    if no click since entry\n        go to paus\n",
            "journey example\n    enter on order\n    pause:\n    wait 1 day\n    if no click since entry\n        go to pause\n",
        ),
    ),
    "unknown-rules": error(
        "No `rules` of this name are declared.",
        "declare the rules, or name some that are declared",
        Example(
            "rules together\n    source of order together in order_id\n\n"
            "journey example\n    enter on order\n    send hello by email\n        offering 3 from togethr\n",
            "rules together\n    source of order together in order_id\n\n"
            "journey example\n    enter on order\n    send hello by email\n        offering 3 from together\n",
        ),
    ),
    "unknown-score": error(
        "No score of this name is declared.",
        "declare the score, or name one that is declared",
        Example(
            "score churn\n    predict no order within 60 days\n    from age\n\nsegment leaving\n    score.chrun > 70%\n",
            "score churn\n    predict no order within 60 days\n    from age\n\nsegment leaving\n    score.churn > 70%\n",
        ),
    ),
    "unknown-zone": error(
        "The score has no zone of this name.",
        "name one of the zones of the score",
        Example(
            "score churn\n    predict no order within 60 days\n    from age\n    zones\n        high top 10%\n        low otherwise\n\n"
            "segment leaving\n    zone.churn is hihg\n",
            "score churn\n    predict no order within 60 days\n    from age\n    zones\n        high top 10%\n        low otherwise\n\n"
            "segment leaving\n    zone.churn is high\n",
        ),
    ),
    "missing-mapping": error(
        "Something is used of which parcours.yaml says nothing.",
        "map it in parcours.yaml, or leave it out",
        Example(
            "segment readers\n    has click of hello\n",
            "segment readers\n    has click\n",
        ),
    ),
    "unknown-purpose": error(
        "Journeys have no purpose of this name.",
        "use service, newsletter, prospecting, loyalty, survey or event",
        Example(
            "journey example\n    purpose loyalti\n    enter on order\n    send hello by email\n",
            "journey example\n    purpose loyalty\n    enter on order\n    send hello by email\n",
        ),
    ),
    "no-event-here": error(
        "A field of an event is read where no event has brought the contact.",
        "`event.` can be read only after a step that an event wakes",
        Example(
            "journey example\n    enter every monday at 09:00\n    if event.amount > 10\n        send hello by email\n",
            "journey example\n    enter on order\n    if event.amount > 10\n        send hello by email\n",
        ),
    ),
    "circular-segment": error(
        "A segment, lifecycle, score or clusters are defined by way of themselves.",
        "look at the names in its definition, and take out the one that leads back to it",
        Example(
            "segment old\n    age > 60 or in segment wise\n\nsegment wise\n    in segment old\n",
            "segment old\n    age > 60\n\nsegment wise\n    in segment old\n",
        ),
    ),
}
