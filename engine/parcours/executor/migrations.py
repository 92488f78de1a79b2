"""The tables of the state, as numbered migrations. A migration that has been released is never edited.

`{contact}` stands for the SQL type of the datamart's contact key: BIGINT or VARCHAR. No table has a key or an
index: with delete and insert of what woke, an index costs more than the tick itself."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # how this state came to be: project, contact_type, schema
        "CREATE TABLE state.meta (name VARCHAR NOT NULL, value VARCHAR NOT NULL)",
        # compiled journeys, by content hash; `applied_at` is the first tick that knew it (T2, T18)
        """CREATE TABLE state.version (
            version INTEGER NOT NULL, journey VARCHAR NOT NULL, hash VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL
        )""",
        # the nodes and routes of each version, so that the journal can be read without the journey files
        """CREATE TABLE state.node (
            version INTEGER NOT NULL, node INTEGER NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL,
            title VARCHAR NOT NULL, outcome VARCHAR
        )""",
        """CREATE TABLE state.route (
            version INTEGER NOT NULL, route INTEGER NOT NULL, source INTEGER NOT NULL, label VARCHAR NOT NULL,
            decisions VARCHAR[] NOT NULL, target INTEGER NOT NULL
        )""",
        # where everybody is: one row for each running instance
        """CREATE TABLE state.instance (
            version INTEGER NOT NULL, contact {contact} NOT NULL, key VARCHAR NOT NULL,
            entered_at TIMESTAMP NOT NULL, entry_at TIMESTAMP NOT NULL,
            entry VARCHAR NOT NULL, event VARCHAR NOT NULL,
            node INTEGER NOT NULL, arrived_at TIMESTAMP NOT NULL, due_at TIMESTAMP, keep_until TIMESTAMP
        )""",
        # every route taken; append-only
        """CREATE TABLE state.journal (
            tick INTEGER NOT NULL, version INTEGER NOT NULL, contact {contact} NOT NULL, key VARCHAR NOT NULL,
            entry_at TIMESTAMP NOT NULL, round INTEGER NOT NULL, route INTEGER NOT NULL
        )""",
        # every message granted, by the names as they were then (P5); append-only
        """CREATE TABLE state.outbox (
            tick INTEGER NOT NULL, sent_at TIMESTAMP NOT NULL, contact {contact} NOT NULL, version INTEGER NOT NULL,
            key VARCHAR NOT NULL, entry_at TIMESTAMP NOT NULL, node INTEGER NOT NULL,
            message VARCHAR NOT NULL, channel VARCHAR NOT NULL, purpose VARCHAR NOT NULL, topic VARCHAR NOT NULL,
            journey VARCHAR NOT NULL, exempt BOOLEAN NOT NULL
        )""",
        # every message held or not sent, with the rule and its place (P9); append-only
        """CREATE TABLE state.not_sent (
            tick INTEGER NOT NULL, contact {contact} NOT NULL, version INTEGER NOT NULL, key VARCHAR NOT NULL,
            entry_at TIMESTAMP NOT NULL, node INTEGER NOT NULL, decision VARCHAR NOT NULL,
            reason VARCHAR NOT NULL, rule VARCHAR NOT NULL, place VARCHAR NOT NULL
        )""",
        # every trigger that started nobody, with the reason (T8); append-only
        """CREATE TABLE state.refused (
            tick INTEGER NOT NULL, version INTEGER NOT NULL, contact {contact} NOT NULL, key VARCHAR NOT NULL,
            reason VARCHAR NOT NULL
        )""",
        # every run that has ended, for `once` and `again after` (T8); append-only
        """CREATE TABLE state.ended (
            journey VARCHAR NOT NULL, contact {contact} NOT NULL, key VARCHAR NOT NULL, left_at TIMESTAMP NOT NULL
        )""",
        # segments and stages as of their last refresh (T10)
        """CREATE TABLE state.membership (
            name VARCHAR NOT NULL, contact {contact} NOT NULL, value VARCHAR NOT NULL, since TIMESTAMP NOT NULL
        )""",
        "CREATE TABLE state.refresh (name VARCHAR NOT NULL, hash VARCHAR NOT NULL, refreshed_at TIMESTAMP NOT NULL)",
        # the log of ticks; a tick without anything to do is here too
        """CREATE TABLE state.tick (
            tick INTEGER NOT NULL, ticked_at TIMESTAMP NOT NULL, woken BIGINT NOT NULL, entered BIGINT NOT NULL,
            refused BIGINT NOT NULL, moved BIGINT NOT NULL, ended BIGINT NOT NULL, granted BIGINT NOT NULL,
            held BIGINT NOT NULL, not_sent BIGINT NOT NULL
        )""",
    ),
    (
        "ALTER TABLE state.instance ADD COLUMN laps INTEGER[]",
        "ALTER TABLE state.instance ADD COLUMN tried VARCHAR",
        # history as events (`sent`, `not_sent`, `entered`, `left`) needs the names as they were then
        "ALTER TABLE state.not_sent ADD COLUMN decided_at TIMESTAMP",
        *(
            f"ALTER TABLE state.not_sent ADD COLUMN {name} VARCHAR"
            for name in ("message", "channel", "purpose", "topic", "journey")
        ),
        "ALTER TABLE state.ended ADD COLUMN entry_at TIMESTAMP",
        "ALTER TABLE state.ended ADD COLUMN outcome VARCHAR",
        # attributes that journeys set, as text; one row for each contact and attribute (T7)
        "CREATE TABLE state.attribute (contact {contact} NOT NULL, name VARCHAR NOT NULL, value VARCHAR)",
        # events that journeys record; append-only
        """CREATE TABLE state.recorded (
            tick INTEGER NOT NULL, event VARCHAR NOT NULL, contact {contact} NOT NULL, recorded_at TIMESTAMP NOT NULL,
            id VARCHAR NOT NULL, fields VARCHAR NOT NULL
        )""",
        # who is to enter a journey in the next tick, by a `start` or by hand
        "CREATE TABLE state.request (journey VARCHAR NOT NULL, contact {contact} NOT NULL, asked_at TIMESTAMP NOT NULL)",
        # how many entered, of journeys with a cap on entries
        "CREATE TABLE state.entries (journey VARCHAR NOT NULL, entered_at TIMESTAMP NOT NULL, entered BIGINT NOT NULL)",
    ),
    (
        # T18: the version as data, so that those inside can finish it when the files say something else
        "ALTER TABLE state.version ADD COLUMN text VARCHAR",
        # who was moved to another version, or taken out (then the new version is NULL); append-only
        """CREATE TABLE state.transfer (
            applied_at TIMESTAMP NOT NULL, contact {contact} NOT NULL, key VARCHAR NOT NULL,
            entry_at TIMESTAMP NOT NULL, version INTEGER NOT NULL, node INTEGER NOT NULL, new_version INTEGER,
            new_node INTEGER
        )""",
        # T19: pauses, and what became of what was overdue
        """CREATE TABLE state.pause (
            journey VARCHAR NOT NULL, paused_at TIMESTAMP NOT NULL, resumed_at TIMESTAMP, overdue VARCHAR
        )""",
        # instances at which the next tick looks, whatever they wait for; `skip`: what they send in it is skipped
        """CREATE TABLE state.look (
            version INTEGER NOT NULL, contact {contact} NOT NULL, key VARCHAR NOT NULL, entry_at TIMESTAMP NOT NULL,
            skip BOOLEAN NOT NULL
        )""",
        # what people asked for between ticks: apply, pause, resume, enter; append-only
        "CREATE TABLE state.command (asked_at TIMESTAMP NOT NULL, command VARCHAR NOT NULL, journey VARCHAR NOT NULL)",
    ),
    (
        # what each stage of a tick cost, where somebody measured; append-only, and no part of what T3 compares
        """CREATE TABLE state.cost (
            tick INTEGER NOT NULL, stage VARCHAR NOT NULL, wall_us BIGINT NOT NULL, cpu_us BIGINT NOT NULL
        )""",
    ),
    (
        # what a message cost then, in the project's currency; NULL where no channel that is used costs anything
        "ALTER TABLE state.outbox ADD COLUMN cost DECIMAL(38, 12)",
    ),
    (
        # what was offered with a message, a JSON list of products in their order; NULL for one that offers nothing
        "ALTER TABLE state.outbox ADD COLUMN offers VARCHAR",
    ),
    (
        # the relay: what texts fill in, as it was when the message was granted (JSON objects)
        "ALTER TABLE state.outbox ADD COLUMN entry VARCHAR",
        "ALTER TABLE state.outbox ADD COLUMN event VARCHAR",
        # up to which tick messages were taken out of the outbox into the queue, and how many; append-only
        "CREATE TABLE state.claim (tick INTEGER NOT NULL, claimed_at TIMESTAMP NOT NULL, sends BIGINT NOT NULL)",
        # sends that are still to be handed over; `send` is the idempotency key
        """CREATE TABLE state.queue (
            send VARCHAR NOT NULL, tick INTEGER NOT NULL, granted_at TIMESTAMP NOT NULL, contact {contact} NOT NULL,
            journey VARCHAR NOT NULL, key VARCHAR NOT NULL, entry_at TIMESTAMP NOT NULL, step VARCHAR NOT NULL,
            visit INTEGER NOT NULL, message VARCHAR NOT NULL, channel VARCHAR NOT NULL, purpose VARCHAR NOT NULL,
            topic VARCHAR NOT NULL, entry VARCHAR NOT NULL, event VARCHAR NOT NULL, attempts INTEGER NOT NULL,
            due_at TIMESTAMP NOT NULL, offers VARCHAR, subject INTEGER
        )""",
        # every handing over that failed and is tried again at `next_at`; append-only
        """CREATE TABLE state.attempt (
            send VARCHAR NOT NULL, attempt INTEGER NOT NULL, attempted_at TIMESTAMP NOT NULL, reason VARCHAR NOT NULL,
            next_at TIMESTAMP NOT NULL
        )""",
        # what became of every send in the end: accepted, failed, parked, cancelled or given_up; append-only
        """CREATE TABLE state.receipt (
            send VARCHAR NOT NULL, tick INTEGER NOT NULL, contact {contact} NOT NULL, journey VARCHAR NOT NULL,
            message VARCHAR NOT NULL, channel VARCHAR NOT NULL, outcome VARCHAR NOT NULL, kind VARCHAR NOT NULL,
            reason VARCHAR NOT NULL, rule VARCHAR NOT NULL, place VARCHAR NOT NULL, attempts INTEGER NOT NULL,
            provider_id VARCHAR, decided_at TIMESTAMP NOT NULL
        )""",
    ),
    (
        # P9: the channels that were tried, each with its reason, where one of several could be taken and there is more to
        # tell than of the one in the row; how well the channels of a `best of` are answered, the best first; and by what
        # the candidate was ranked (P2). NULL where there is nothing of the kind
        *(
            f"ALTER TABLE state.{name} ADD COLUMN {column}"
            for name in ("outbox", "not_sent")
            for column in (
                "stops STRUCT(channel VARCHAR, reason VARCHAR, rule VARCHAR, place VARCHAR)[]",
                "rates STRUCT(channel VARCHAR, response DECIMAL(7, 6))[]",
                """value STRUCT(channel VARCHAR, expected DECIMAL(38, 18), probability DECIMAL(7, 6),
                    worth DECIMAL(38, 12), cost DECIMAL(38, 12), risk DECIMAL(7, 6))""",
            )
        ),
        # which of its subjects a message had, counted from 0; NULL where it has one or none
        "ALTER TABLE state.outbox ADD COLUMN subject INTEGER",
        # what became of the messages of the days before; a few rows for each day on which it was asked for
        """CREATE TABLE state.response (
            counted_at TIMESTAMP NOT NULL, journey VARCHAR NOT NULL, channel VARCHAR NOT NULL, outcome VARCHAR,
            sends BIGINT NOT NULL, answered BIGINT NOT NULL, lost BIGINT NOT NULL
        )""",
    ),
    (
        # bounces that the inbox does not have yet: they are deleted as soon as it has them
        """CREATE TABLE state.bounce (
            send VARCHAR NOT NULL, reference VARCHAR NOT NULL, contact VARCHAR NOT NULL, channel VARCHAR NOT NULL,
            bounced_at TIMESTAMP NOT NULL, reason VARCHAR NOT NULL
        )""",
    ),
    (
        # A15: of which segment it was learned how a channel is answered, "" for everybody, NULL where it was counted; and by
        # whose answers the probability of a goal was raised or lowered, NULL where it was not
        *(
            f"ALTER TABLE state.{name} ALTER COLUMN {column}"
            for name in ("outbox", "not_sent")
            for column in (
                "rates TYPE STRUCT(channel VARCHAR, response DECIMAL(7, 6), segment VARCHAR)[]",
                """value TYPE STRUCT(channel VARCHAR, expected DECIMAL(38, 18), probability DECIMAL(7, 6),
                    worth DECIMAL(38, 12), cost DECIMAL(38, 12), risk DECIMAL(7, 6), segment VARCHAR)""",
            )
        ),
    ),
    (
        # how far the state has read its logbook: one row, once it has (delivery/logbook.py)
        "CREATE TABLE state.logbook (file VARCHAR NOT NULL, bytes BIGINT NOT NULL)",
    ),
)

RELAY = 7
"""The migration since which there is a relay: before it, `parcours` handed nothing over."""
