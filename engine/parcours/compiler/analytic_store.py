"""The tables of the analytic store: what was learned, in dated runs.

The store is attached to a connection as the database `analytics` (a DuckDB file beside the state, or memory). A run is
one declaration learned as of one instant. All its rows are written in one transaction with its row in `run`, so a run
that is there is whole. Whoever reads takes, for the hash of the declaration as it is written now, the newest run that is
dated at or before T."""

from typing import Literal

from parcours.checking import checked
from parcours.checking.checked import CheckedProject

Kind = Literal["rfm", "clusters", "score", "rules", "response"]

SCHEMA = "analytics"

META = "meta"
"""Facts about the store itself, as (name, value): `project`, `contact_type` and `form`."""

FORM = 1
"""The number of the form that is described here; one that is higher was made by a newer version of Parcours."""

RUNS = "run"

RUN = {
    "run": "INTEGER",
    "kind": "VARCHAR",
    "name": "VARCHAR",
    "hash": "VARCHAR",  # of the checked declaration: a changed one does not read what the old one learned
    "as_of": "TIMESTAMP",
    "learned_rows": "BIGINT",
    "report": "VARCHAR",  # JSON: how good it is, and what a person should know
}

CONTACT = "contact"
"""The column of the contact's key; its type is the datamart's."""

LEARNED = {
    "rfm": {
        # scores when the declaration says `scored`, else the same as the raw figures below
        "recency": "DOUBLE",
        "frequency": "DOUBLE",
        "monetary": "DOUBLE",
        "trend": "DOUBLE",
        "recency_days": "DOUBLE",
        "frequency_count": "BIGINT",
        "monetary_sum": "DECIMAL(38, 4)",
    },
    "clusters": {"group": "VARCHAR", "distance": "DOUBLE"},
    "score": {"probability": "DOUBLE", "zone": "VARCHAR"},
}
"""What is learned of each contact: the columns of a kind's tables after `run` and the contact."""

RULES = {
    "rank": "INTEGER",  # 1 is the best, by lift * confidence; no two rules of a run have the same
    "antecedent": "VARCHAR[]",  # in the order of their names
    "consequent": "VARCHAR",
    # baskets, or purchases that were seen to the end of their window: all, with the one, the other, and both
    "baskets": "BIGINT",
    "antecedent_count": "BIGINT",
    "consequent_count": "BIGINT",
    "both_count": "BIGINT",
    # shares, not percents
    "support": "DOUBLE",
    "confidence": "DOUBLE",
    "lift": "DOUBLE",
    "leverage": "DOUBLE",
    "conviction": "DOUBLE",  # NULL: no exception
    "core": "BOOLEAN",  # the antecedent is one product, with which series begin
}
"""The columns of the tables of rules after `run`."""


RESPONSE = {
    "response": {
        "segment": "VARCHAR",  # of a lifecycle `customer is active`; "" is everybody
        "channel": "VARCHAR",
        "sends": "BIGINT",
        "responses": "BIGINT",
        "rate": "DOUBLE",  # drawn towards the whole
    },
    "best_hour": {"hour": "INTEGER"},  # after the contact; the row without one is for all who have none
}
"""What is learned of how messages are answered, by the name of the run: columns after `run`."""


def columns_of(kind: Kind, name: str, contact_type: str) -> dict[str, str]:
    """The columns of a declaration's table after `run`. Neither rules nor the rates of channels are of a contact."""
    if kind == "rules":
        return dict(RULES)
    if kind == "response":
        of_contact = {CONTACT: contact_type} if name == "best_hour" else {}
        return {**of_contact, **RESPONSE[name]}
    return {CONTACT: contact_type, **LEARNED[kind]}


def table_of(kind: Kind, name: str) -> str:
    """The table of a declaration, in which the column `run` says of which run a row is."""
    return f"{kind}_{name}"


def hash_of(kind: Kind, name: str, project: CheckedProject) -> str:
    """The hash of a declaration of the project, with which its runs are written and found: the one that the terms carry
    that read it (`terms.Learned.hash`). Nobody declares a response: it is always the same one. `KeyError` for a name
    that the project does not declare."""
    if kind == "response":
        return checked.response_hash(name)
    found = {(declared.kind, declared.name): declared for declared in project.learned}
    return checked.declared_hash(found[kind, name])
