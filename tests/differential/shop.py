"""The datamart of all generated cases: columns, kinds of events, and how their names differ from lane to lane.

Many cases share one datamart. Each has a *lane*: its own kinds of events and its own date column, named with the lane's
suffix, so that no case sees the events of another. A case that stands alone has the lane without a suffix."""

from collections.abc import Mapping
from dataclasses import dataclass

LANES = 12
"""How many cases one datamart holds."""

Kind = str
KINDS: tuple[Kind, ...] = ("text", "number", "yes_no", "date", "instant")

ATTRIBUTES: Mapping[str, str] = {
    "team": "VARCHAR",  # which case a contact belongs to
    "email": "VARCHAR",
    "phone": "VARCHAR",
    "push_token": "VARCHAR",
    "email_opt_in": "BOOLEAN",
    "sms_opt_in": "BOOLEAN",
    "push_opt_in": "BOOLEAN",
    "country": "VARCHAR",
    "first_name": "VARCHAR",
    "household": "VARCHAR",  # shared by some of one population, and by nobody of another
    "age": "INTEGER",
    "points": "DOUBLE",
    "balance": "DECIMAL(18,2)",
    "vip": "BOOLEAN",
    "birth_date": "DATE",
    "signed_up_at": "TIMESTAMP",
}
OWN_DAY = "own_day"
"""The date column that each lane has for itself."""

FIELDS: Mapping[str, Mapping[str, str]] = {
    "order": {
        "amount": "DECIMAL(18,2)",
        "cart_id": "VARCHAR",
        "quantity": "INTEGER",
        "weight": "DOUBLE",
        "gift": "BOOLEAN",
        "ship_at": "TIMESTAMP",
        "deliver_on": "DATE",
    },
    "visit": {"pages": "INTEGER", "page": "VARCHAR", "caused_by": "VARCHAR"},
    "cart": {"cart_id": "VARCHAR", "total": "DECIMAL(18,2)", "reminder_at": "TIMESTAMP"},
}
"""The kinds of events that each lane has for itself."""

SENDS: Mapping[str, str] = {"visit": "caused_by"}
"""Of these kinds a column says which message caused the event: by its name, or by the id of one that was sent."""

SHARED_FIELDS: Mapping[str, Mapping[str, str]] = {
    "opt_out": {"channel": "VARCHAR"},
    "bounce": {"channel": "VARCHAR"},
    "complaint": {"about": "VARCHAR"},
    "preference_changed": {
        "frequency": "VARCHAR",
        "until": "DATE",
        "topic": "VARCHAR",
        "wanted": "BOOLEAN",
        "season": "VARCHAR",
    },
}
"""Kinds of events that all lanes share: they close channels (P1), and say what contacts prefer (P10)."""

HISTORY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "sent": ("message", "channel", "journey", "purpose", "topic"),
    "not_sent": ("message", "channel", "journey", "purpose", "topic", "reason"),
    "entered": ("journey",),
    "left": ("journey", "outcome"),
}

_OF_TYPE = {"VARCHAR": "text", "BOOLEAN": "yes_no", "DATE": "date", "TIMESTAMP": "instant"}


def kind_of(sql_type: str) -> Kind:
    return _OF_TYPE.get(sql_type, "number")


def named(columns: Mapping[str, str], kind: Kind) -> tuple[str, ...]:
    """The columns of a kind, in order."""
    return tuple(name for name, sql_type in columns.items() if kind_of(sql_type) == kind)


@dataclass(frozen=True)
class Lane:
    """`lane("order")` is the name of the lane's own orders."""

    suffix: str = ""

    def __call__(self, name: str) -> str:
        return f"{name}{self.suffix}"


ALONE = Lane()
PACKED = tuple(Lane(f"_{n}") for n in range(LANES))


def event_tables(lanes: tuple[Lane, ...]) -> dict[str, Mapping[str, str]]:
    """Every kind of event of a datamart with these lanes, and its fields with their SQL types."""
    own = {lane(kind): fields for lane in lanes for kind, fields in FIELDS.items()}
    return {**own, **SHARED_FIELDS}


def contact_columns(lanes: tuple[Lane, ...]) -> dict[str, str]:
    """Every attribute of a datamart with these lanes, with its SQL type."""
    return {**ATTRIBUTES, **{lane(OWN_DAY): "DATE" for lane in lanes}}
