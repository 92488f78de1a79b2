"""Values by chance, as text, each of the kind that is asked for.

Numbers are multiples of a quarter and small: what floating point and exact numbers make of them is the same."""

from dice import Dice

from differential.around import Around, EventKind
from differential.lengths import WINDOWS, day_near, instant_near
from differential.shop import ATTRIBUTES, OWN_DAY, Kind, kind_of, named

NUMBERS = ("0", "1", "2", "3", "5", "10", "18", "25.5", "30", "50", "75.25", "100", "-2", "50%")
SHARES = ("0", "1", "25%", "0.5", "75%")
"""What a probability can be."""

TEXTS: dict[str, tuple[str, ...]] = {
    "country": ("FR", "BE", "DE", ""),
    "first_name": ("Ann", "Bo", "Cé"),
    "team": ("none",),
    "cart_id": ("c1", "c2", "c3"),
    "page": ("home", "cart", "help"),
    "channel": ("email", "sms", "push"),
    "about": ("spam", "tone"),
    "reason": ("cap", "quiet_hours", "no_consent", "unless", "never", "expired", "unreachable", "suppressed"),
    "frequency": ("daily", "weekly", "weekly", "monthly", "any"),
    "topic": ("news", "sales", "care"),
    "purpose": ("service", "newsletter", "prospecting", "loyalty", "survey", "event"),
}
_ADDRESSES = ("email", "phone", "push_token")
_COLUMNS: dict[Kind, tuple[str, ...]] = {
    "text": ("country", "first_name", *_ADDRESSES),
    "number": ("age", "points", "balance"),
    "yes_no": ("vip", "email_opt_in", "sms_opt_in", "push_opt_in"),
    "date": ("birth_date", OWN_DAY),
    "instant": ("signed_up_at",),
}
assert all(name == OWN_DAY or kind_of(ATTRIBUTES[name]) == kind for kind, c in _COLUMNS.items() for name in c)


class Values:
    """`event` gives an event with a filter, or without; it comes from those who make predicates."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice

    # ---- literals

    def literal(self, kind: Kind, around: Around, column: str = "") -> str:
        dice = self.dice
        match kind:
            case "text":
                return f'"{dice.one(self.texts(around, column))}"'
            case "number":
                return dice.one(SHARES if column.startswith("score.") else NUMBERS)
            case "yes_no":
                return dice.one(("yes", "no"))
            case "date":
                return str(day_near(dice, around.begin))
            case _:
                return instant_near(dice, around.begin)

    def texts(self, around: Around, column: str) -> tuple[str, ...]:
        """What a text column may hold."""
        name = column.rpartition(".")[2]
        return around.words.get(name) or TEXTS.get(name) or ("FR", "c1", "home", "")

    # ---- names

    def name(self, kind: Kind, around: Around) -> str:
        """A plain name of the kind, for the place at hand."""
        aside, name = self.dice.aside(), self._name_of_data(kind, around)
        if kind not in around.learned or not aside.percent(15):
            return name
        learned = aside.one(around.learned[kind])
        return f"contact.{learned}" if around.inside is not None and "." not in learned else learned

    def _name_of_data(self, kind: Kind, around: Around) -> str:
        dice = self.dice
        if around.inside is not None and dice.percent(75):
            fields = self._fields(around.inside, kind)
            if fields:
                return dice.one(fields)
        if around.in_run and dice.percent(30):
            captured = self._captured(kind, around)
            if captured:
                return dice.one(captured)
        column = dice.one(_COLUMNS[kind])
        column = around.lane(column) if column == OWN_DAY else column
        return f"contact.{column}" if around.inside is not None or dice.percent(5) else column

    def _captured(self, kind: Kind, around: Around) -> list[str]:
        found = ["entry.at"] if kind == "instant" else []
        for origin, events in (("entry", around.entry), ("event", around.event)):
            if events is not None:
                found += [f"{origin}.{name}" for name in self._fields(events, kind)]
        return list(dict.fromkeys(found))

    def _fields(self, events: EventKind, kind: Kind) -> tuple[str, ...]:
        return (*named(events.fields, kind), *(("at",) if kind == "instant" else ()))

    # ---- values of events

    def window(self, around: Around) -> str:
        """Behind an event; with its space before it, or nothing."""
        dice = self.dice
        if around.in_run and dice.percent(35):
            return " since entry"
        return dice.one(("", " ever", *(f" in last {span}" for span in WINDOWS)))

    def any_kind(self, around: Around) -> EventKind:
        return self.dice.one(around.kinds)

    def kind_with(self, kind: Kind, around: Around) -> tuple[EventKind, str] | None:
        """A kind of event and a field of it of the kind."""
        found = [(events, name) for events in around.kinds for name in self._fields(events, kind)]
        return self.dice.one(found) if found else None
