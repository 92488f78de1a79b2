"""Versions kept as data: a checked journey ⇄ a text that the state keeps (T18).

The text is JSON: `form`, the number of the form in which the journey is written; `journey`, as `plain_data` says;
`sum`, a check sum of the journey's text, so that no damage goes by, not even in what the content hash leaves out.

A class that gets a field with a default still reads older texts. Any other change to the classes of `plain_data` (a
field more without a default, one less, another name or type) is a new form: count FORM up and translate older texts.
"""

import json
from hashlib import sha256
from typing import NoReturn

from parcours.checking import checked
from parcours.diagnostics import problem
from parcours.graph.plain_data import Unreadable, built, plain

FORM = 1


def to_text(journey: checked.Journey) -> str:
    """The journey with all that it means, its places and its texts; ASCII, the same for the same journey."""
    inner = _dumped(plain(journey))
    return f'{{"form":{FORM},"journey":{inner},"sum":"{_sum(inner)}"}}'


def from_text(text: str, name: str, where: str) -> checked.Journey:
    """The journey of which `to_text` made the text. `name` is how messages call it, `where` the state in which it
    stands. A `Problem` with `state-damaged`, or `state-newer` for a form that is not known yet."""
    try:
        data = json.loads(text, parse_float=_no_number, parse_constant=_no_number)
        if not isinstance(data, dict) or type(data.get("form")) is not int:
            raise Unreadable("it does not say its form")
        if data["form"] > FORM:
            raise problem(
                "state-newer",
                f"the version `{name}` is kept in the form {data['form']}, this version of Parcours knows forms up "
                f"to {FORM}",
                where,
            )
        if data.keys() != {"form", "journey", "sum"} or data["form"] != FORM:
            raise Unreadable("parts of it are missing")
        if data["sum"] != _sum(_dumped(data["journey"])):
            raise Unreadable("its check sum is another one")
        found: checked.Journey = built(data["journey"], checked.Journey)
    except Unreadable as error:
        raise problem("state-damaged", f"the version `{name}` cannot be read: {error}", where) from error
    except (ValueError, RecursionError) as error:
        # no JSON at all: where exactly it ends to be some helps nobody
        raise problem(
            "state-damaged", f"the version `{name}` cannot be read: it is cut off or changed", where
        ) from error
    return found


def _dumped(data: object) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def _sum(inner: str) -> str:
    return sha256(inner.encode()).hexdigest()[:16]


def _no_number(text: str) -> NoReturn:
    raise Unreadable(f"`{text[:40]}` is no number of a journey")
