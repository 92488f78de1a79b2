"""Slips of values: numbers, money, lengths of time, times of day, dates, names."""

import re

from parcours.diagnostics import nearest
from parcours.language.slips.slip import Slip

UNITS = ("minutes", "hours", "days", "weeks", "months", "years")
_UNITS = "the units are `minutes`, `hours`, `days`, `weeks`, `months` and `years`"
_OTHER_UNITS = {
    **dict.fromkeys(("m", "mn", "min", "mins", "mins.", "minuten", "minuti", "minutos"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs", "heure", "heures", "stunde", "stunden", "ore", "horas"), "hours"),
    **dict.fromkeys(("d", "j", "t", "jour", "jours", "tag", "tage", "tagen", "giorni", "dias"), "days"),
    **dict.fromkeys(("w", "wk", "wks", "semaine", "semaines", "woche", "wochen", "semanas"), "weeks"),
    **dict.fromkeys(("mo", "mos", "mois", "monat", "monate", "monaten", "meses", "mesi"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "an", "ans", "jahr", "jahre", "jahren"), "years"),
}
_NUMBERS = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_POINT = "a number has a point before its decimals, and nothing between its thousands: `1000`, `0.7`"
_WHOLE = "a length of time is a whole number and a unit: `36 hours`, `3 days`"
_TIME = "a time of day has four digits, from `00:00` to `23:59`"
_DATE = "a date is year, month and day: `2026-12-01`"
_MONEY = "an amount of money is a number and a currency of three letters: `5 EUR`"
_SIGNS_OF_MONEY = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_ARM = "an arm is a share and a name: `50% gentle`"
_NAME = "a name is made of small letters, digits and `_`; any other stands between back-quotes"


def _number(match: re.Match[str]) -> str:
    """`1,000` is a thousand and `0,7` is not."""
    whole, rest = match["whole"].replace(",", ""), match["rest"]
    return f"write `{whole}{rest}`" if len(rest) == 3 and whole != "0" else f"write `{whole}.{rest}`"


def _unit(match: re.Match[str]) -> str | None:
    count, said = match["count"], match["unit"].lower()
    unit = _OTHER_UNITS.get(said) or nearest(said, (*UNITS, *(unit[:-1] for unit in UNITS)))
    if unit is None:
        return None
    return f"write `{count} {unit[:-1] if count == '1' and unit in UNITS else unit}`"


def _counted(match: re.Match[str]) -> str:
    word = match["count"].lower()
    return f"write `{_NUMBERS.index(word) if word in _NUMBERS else 1}`"


def _part_of_unit(match: re.Match[str]) -> str:
    """The same length in the next smaller unit, when it is whole there: one and a half days are 36 hours."""
    smaller = {
        "minute": (0, ""),
        "hour": (60, "minutes"),
        "day": (24, "hours"),
        "week": (7, "days"),
        "year": (12, "months"),
    }
    times, unit = smaller.get(match["unit"].removesuffix("s"), (0, ""))
    count = float(match["count"].replace(",", ".")) * times
    return (
        f"write `{count:.0f} {unit}`" if times and count == int(count) and count else "write a whole number"
    )


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower().replace(".", "")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"write `{hour:02}:{minute:02}`" if hour < 24 and minute < 60 else "write a time such as `09:00`"


def _date(match: re.Match[str]) -> str:
    """Day and month are told apart where one of them is greater than 12."""
    first, second, year = int(match["first"]), int(match["second"]), match["year"]
    if first > 31 or second > 31 or (max(first, second) <= 12 and first != second):
        return f"write it as year-month-day: `{year}-…`"
    month, day = (second, first) if first > 12 else (first, second)
    return f"write `{year}-{month:02}-{day:02}`"


def _money(match: re.Match[str]) -> str:
    sign = match["sign"].upper()
    currency = _SIGNS_OF_MONEY.get(sign, "EUR" if sign.startswith("EUR") else sign[:3])
    return f"write `{match['amount'].replace(',', '.')} {currency}`"


def _name(match: re.Match[str]) -> str | None:
    plain = re.sub(r"[^a-z0-9]+", "_", match["at"].strip().lower()).strip("_")
    return f"write `{plain}`" if re.match(r"[a-z]", plain) else None


def _share(match: re.Match[str]) -> str:
    """A share of 0.5 is 50%."""
    number = float(match["at"])
    return f"write `{number * 100 if number <= 1 and '.' in match['at'] else number:g}%`"


def _month_and_day(match: re.Match[str]) -> str:
    month = next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(match["month"].lower())), 0)
    return (
        f"write `{month:02}-{int(match['day'] or 1):02}`"
        if month
        else "write a month and day such as `06-01`"
    )


_HALF = r"(?:\s*(?P<half>[ap]\.?m\.?)\b|\s*(?:h|uhr|o'clock)(?![a-z]))"
_UNIT = "(?:minute|hour|day|week|month|year)s?"
_COUNT = "|".join((*_NUMBERS[1:], "an?"))
_A_MONTH = "|".join(name[:3] for name in _MONTHS)
_DECLARATION = "journey|message|channel|segment|lifecycle|season|score|rules|rfm|clusters"

VALUES: tuple[Slip, ...] = (
    # amounts
    Slip(r"(?P<at>-\s?(?P<amount>\d+(?:\.\d+)?) (?P<sign>[A-Z]{3}))\b", _money, _MONEY, message="an amount of money is never below nothing"),
    Slip(r"(?P<sign>[€$£¥])\s?(?P<amount>\d+(?:[.,]\d+)?)", _money, _MONEY),
    Slip(r"\b(?P<amount>\d+(?:[.,]\d+)?)\s?(?P<sign>[€$£¥])", _money, _MONEY),
    Slip(r"(?<![\d.,])(?P<amount>\d+(?:\.\d+)?) (?P<sign>eur|euros?|EURO?S?|Euros?|usd|gbp|chf|dollars?)\b", _money, _MONEY),
    Slip(r"\b(?P<amount>\d+(?:\.\d+)?)(?P<sign>[A-Z]{3})\b", _money, _MONEY),
    Slip(r"\b(?P<number>\d+(?:\.\d+)?)(?:\s+%|\s*percent\b)", "write `{number}%`", "a percentage has its sign right behind the number: `20%`"),
    # lengths of time
    Slip(rf"\b(?P<count>\d+[.,]\d+) +(?P<unit>{_UNIT})\b", _part_of_unit, _WHOLE, wants="INT"),
    Slip(rf"\b(?P<at>(?P<count>{_COUNT})) +{_UNIT}\b", _counted, _WHOLE, wants="INT"),
    Slip(r"\b(?P<count>\d+) +(?P<at>(?:business|working|calendar|full|whole) +)", "leave it out", "a day is a day: to keep to weekdays, add a line `wait until 09:00 on weekdays`", wants="UNIT"),
    Slip(rf"\b\d+(?P<at> ?(?:-|to) ?\d+) +{_UNIT}\b", "write one number", _WHOLE, wants="UNIT"),
    # two values, before a number and its unit
    Slip(r"\bbetween\b.*?\d (?P<at>to|-|till|until)\b", "write `and`", "`between` takes two values, and both of them belong to it: `between 1 and 5`"),
    # times of day
    Slip(r"\b(?P<hour>\d{1,2})[h.](?P<minute>\d\d)(?P<half>)\b", _clock, _TIME, wants="TIME"),
    Slip(r"^ *wait until +(?P<at>(?P<hour>\d{1,2})(?P<minute>)(?P<half>))\s*$", _clock, _TIME),
    Slip(r"^ *wait until +(?P<at>(?P<hour>\d{1,2})[.h](?P<minute>\d\d)(?P<half>))\s*$", _clock, _TIME),
    Slip(rf"\b(?P<hour>\d{{1,2}})(?:[:.h](?P<minute>\d\d))?{_HALF}", _clock, _TIME, wants="TIME"),
    Slip(rf"\b(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::\d\d)?{_HALF}", _clock, _TIME),
    Slip(r"\b(?P<hour>\d{1,2}):(?P<minute>\d\d)(?P<half>):\d\d\b", _clock, _TIME),
    Slip(r"\b(?:at|from|to|until|between|and) +(?P<at>(?P<hour>\d{1,2})(?P<minute>)(?P<half>))(?![\w:.-])", _clock, _TIME, wants="TIME"),
    Slip(r"\bnoon\b", "write `12:00`", _TIME, wants="TIME"),
    Slip(r"\bmidnight\b", "write `00:00`", _TIME, wants="TIME"),
    # dates
    Slip(r"\b(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4})\b", _date, _DATE),
    Slip(r"\b(?P<year>\d{4})[/.](?P<first>\d{1,2})[/.](?P<second>\d{1,2})\b", "write `{year}-{first:0>2}-{second:0>2}`", _DATE),
    Slip(rf"(?i:\b(?P<at>(?P<month>{_A_MONTH})[a-z]*\.?(?: +(?P<day>\d{{1,2}}))?))\b", _month_and_day, "a season is `from 06-01 to 08-31`: months and days", wants="MONTHDAY"),
    # lengths of time with another unit, behind the times of day with an `h`
    Slip(r"\b(?P<count>\d+) ?(?P<unit>[A-Za-z.]+)(?![\w:])", _unit, _UNITS, wants="UNIT"),
    Slip(r"\b(?P<count>\d+)(?P<unit>[a-z]+)\b", _unit, _UNITS, wants="INT"),
    # other numbers
    Slip(r"\b(?P<whole>\d{1,3}(?:,\d{3})*),(?P<rest>\d+)\b(?!,)", _number, _POINT),
    Slip(r"(?<![\w.])(?P<at>\.\d+)", "write `0{at}`", _POINT),
    Slip(r"\b(?P<number>\d+)(?P<at>\.)(?!\w)", "leave it out", _POINT),
    Slip(r"\b(?P<number>\d+)[kK]\b", "write `{number}000`", _POINT),
    Slip(r"\b\d+(?:\.\d+)?[eE]\d+\b", "write the number in full", _POINT),
    Slip(rf"\b(?P<at>(?P<count>{_COUNT}))\b", _counted, "a number is written in digits", wants="INT"),
    Slip(r"^ *(?P<at>\d+(?:\.\d+)?)(?= +[a-z_])", _share, _ARM, wants="PERCENT", alone=True),
    Slip(r"^ *(?P<at>(?P<name>\w+) +(?P<share>\d+%))", "write `{share} {name}`", _ARM, wants="PERCENT", alone=True),
    Slip(r"^ *(?P<at>\w+)", "write a percentage such as `50%`", _ARM, wants="PERCENT", alone=True),
    Slip(r"^ *priority +(?P<at>\w+)", "write a number from 0 to 100", "the journey with the highest priority goes first: `priority 80`", wants="INT"),
    # names
    Slip(rf"\b(?:{_DECLARATION}) +\"(?P<at>[^\"]*)\"", _name, _NAME),
    Slip(r"(?P<at>\"(?P<inside>[a-z_][a-z0-9_]*)\")", "write `{inside}`", "a name stands without quotes", wants="NAME"),
    Slip(rf"^ *(?:{_DECLARATION}) +(?P<at>[^\W\d][^:={{\"#]*[^\s:={{\"#])", _name, _NAME, wants="NAME"),
    Slip(rf"^(?:{_DECLARATION}) +(?P<at>[^\W\d]\w*-[\w-]*)", _name, _NAME),
    Slip(r"(?:=|!=|\bis|[(,]) *(?P<at>[A-Z][\w-]*)", 'write `"{at}"`', "a text stands in double quotes; a name begins with a small letter", wants="STRING"),
    Slip(r"(?P<at>(?<![\w`])\w*[A-Z][\w-]*)", _name, _NAME, wants="NAME"),
)  # fmt: skip
"""The first that fits counts: what is more exact stands above."""
