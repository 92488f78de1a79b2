"""The tables of a tick: their columns, in order. The state's own tables are made by executor/migrations."""

RUN = (
    "version",  # which compiled journey (state.version)
    "contact",
    "key",  # `per KEY` as text, "" without one
    "entered_at",  # the tick in which the run began
    "entry_at",  # entry.at: the instant of what started it
    "entry",  # a JSON object: fields of the entering event, as text
    "event",  # the same of the event that woke the instance last
    "node",  # where it rests
    "arrived_at",
    "due_at",  # when it wakes by itself; NULL: never
    "keep_until",  # at a send: how long a held message is kept
    "laps",  # how often each `repeat` has begun, in the order of the steps; NULL: none
    "tried",  # at a send by several channels: a JSON object, what has become of each; NULL: none decided
)
"""An instance: one contact's run of one version of a journey. The columns of state.instance."""

WAKING = ("row", *RUN, "sets")
"""Instances that may wake; `row` is the row id in state.instance, NULL for a run that began in this tick. `sets` is a
JSON object: what the run has set in this tick, each value as a list of one text (T7); NULL: nothing."""

LOOKING = (*WAKING, "looks")
"""Of those that may wake: whether goals and `leave when` are looked at whatever becomes of them. Those at whom the hour
only has the condition looked at for which they wait have it so when that moves them (T6, T16)."""

AWAKE = (*WAKING, "anchor")
"""Instances that move in this round, from an anchor."""

CHOSEN = ("awake", "route", "due_at", "local_due", "come", "unless", "laps", "sets", "act")
"""What was found out about awake instances, by their row in `_awake`: the route that each takes, and what is computed of
it on the way. `local_due` is a time of the contact's wall clock. What is unknown is as the table of leads says."""

MOVED = (*WAKING, "round", "route", "kind", "retried", "unless", "act")
"""Where the instances of a round came to: `node` is the new one, `kind` says what happens there. `act` is a JSON object:
the fields of the event that is recorded there."""

CANDIDATE = (
    *("version", "contact", "key", "entry_at", "entry", "event"),
    *("id", "stranger", "too_old", "asked"),
)
"""What might start a run: an event, by its `id`, or something else that fired; or a request by name, `asked`. `stranger`: the
datamart does not know the contact at T."""

TRIGGERED = ("version", "contact", "key", "entry_at", "entry", "event", "reason")
"""Triggers of this tick; `reason` is NULL for those that start a run."""

VERDICT = (
    *("moved", "contact", "due_at", "round", "step", "decision", "option", "gate", "stops", "anchor"),
    "segment",
)
"""Sends decided in this tick, of runs by their row in `_moved`: `granted`, `held` or `not_sent`, on a channel (`option`);
`due_at` is when a held one is tried again. `anchor` is where the instance goes on, NULL for one of
several channels, each on its own. `stops`: of a send that may take one of several channels, those that were looked at and
closed, in the order tried, each with its gate; NULL when that says no more than the verdict itself. `segment`: by whose answers
it was weighed, "" for everybody's; NULL in a program that weighs nothing by answers."""

SETTLED = (*WAKING, "round", "decision", "anchor")
"""Runs that send on several channels, once all of them have a verdict."""

# what is decided of a send
GRANTED, HELD, NOT_SENT = "granted", "held", "not_sent"

# kinds of a moved instance
REST = "rest"  # waits; written to the state
SEND = "send"  # stands at a send, to be arbitrated
PASSED = "passed"  # the wait is over before it began (T14)
JUNCTION = "junction"  # a `repeat`, or more routes than one CASE should hold: goes on in the next round
ACT = "act"  # sets, records or starts something, and goes on in the next round
COME = "come"  # waits for what is there already: an event since entry (T15), a condition that holds (T16)
EXIT = "exit"

SQL_TYPES = {
    "row": "BIGINT",
    "version": "INTEGER",
    "contact": None,  # the type of the datamart's contact key
    "key": "VARCHAR",
    "entered_at": "TIMESTAMP",
    "entry_at": "TIMESTAMP",
    "entry": "VARCHAR",
    "event": "VARCHAR",
    "node": "INTEGER",
    "arrived_at": "TIMESTAMP",
    "due_at": "TIMESTAMP",
    "keep_until": "TIMESTAMP",
    "laps": "INTEGER[]",
    "tried": "VARCHAR",
    "sets": "VARCHAR",
    "looks": "BOOLEAN",
    "anchor": "INTEGER",
    "awake": "BIGINT",
    "local_due": "TIMESTAMP",
    "come": "BOOLEAN",
    "round": "INTEGER",
    "step": "BIGINT",
    "route": "INTEGER",
    "kind": "VARCHAR",
    "retried": "BOOLEAN",
    "unless": "BOOLEAN",
    "act": "VARCHAR",
    "id": "VARCHAR",
    "stranger": "BOOLEAN",
    "too_old": "BOOLEAN",
    "asked": "BOOLEAN",
    "reason": "VARCHAR",
    "decision": "VARCHAR",
    "moved": "BIGINT",
    "option": "INTEGER",
    "gate": "INTEGER",
    "segment": "VARCHAR",
    "stops": "STRUCT(option INTEGER, gate INTEGER)[]",
}
"""The SQL type of every column above."""

TICK_TABLES = {
    "_waking": LOOKING,
    "_awake": AWAKE,
    "_chosen": CHOSEN,
    "_moved": MOVED,
    "_candidate": CANDIDATE,
    "_triggered": TRIGGERED,
    "_verdict": VERDICT,
}
"""Temporary tables that a tick empties first and fills stage by stage. Names of temporary tables begin with an
underscore, so that none can stand before a table of the user's in one of the user's own views."""
