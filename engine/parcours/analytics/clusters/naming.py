"""Names of groups: by what sets them apart from everybody, `high_monetary_low_recency`."""

from collections.abc import Iterable, Sequence
from math import sqrt

from parcours.analytics.clusters.model import Axis
from parcours.analytics.features import short_names, slug

_CLEAR = 0.5  # deviations from everybody that are told in a name
_SLIGHT = 0.25  # what is told when nothing is clear
_PARTS = 2


def name_groups(
    axes: Sequence[Axis], centres: Sequence[Sequence[float]], taken: Iterable[str] = ()
) -> tuple[str, ...]:
    """A name for each centre, each unlike the others and those that are taken: what differs most comes first. A name gets
    more parts when its first ones do not tell it from others."""
    parts = [_parts(axes, centre) for centre in centres]
    counts = [max(1, min(_PARTS, sum(strength >= _CLEAR for strength, _ in one))) for one in parts]
    names = [_name(one, count) for one, count in zip(parts, counts, strict=True)]
    used = set(taken)
    for longer in range(_PARTS + 1, len(axes) + 1):
        names = [
            _name(one, longer) if name in used or names.count(name) > 1 else name
            for one, name in zip(parts, names, strict=True)
        ]
    found: list[str] = []
    for name in names:
        same = (
            name if number == 1 else f"{name}_{number}" for number in range(1, len(used) + len(names) + 2)
        )
        found.append(next(one for one in same if one not in used))
        used.add(found[-1])
    return tuple(found)


def _name(parts: Sequence[tuple[float, str]], count: int) -> str:
    told = [word for strength, word in parts[:count] if strength >= _SLIGHT or count > _PARTS]
    return "_".join(told) or "average"


def _parts(axes: Sequence[Axis], centre: Sequence[float]) -> list[tuple[float, str]]:
    """What differs, and by how many deviations, the most first. Of a text only what the group has more of."""
    columns = list(dict.fromkeys(axis.column for axis in axes))
    called = dict(zip(columns, short_names([_name_of(axes, one) for one in columns]), strict=True))
    found = []
    for place, (axis, coordinate) in enumerate(zip(axes, centre, strict=True)):
        if axis.kind != "text":
            found.append((-abs(coordinate), place, _number_word(axis, called[axis.column], coordinate)))
        elif coordinate > 0:
            found.append(
                (-_excess(axis, coordinate), place, f"{called[axis.column]}_{_value_word(axis, axes)}")
            )
    return [(-strength, word) for strength, _, word in sorted(found)]


def _name_of(axes: Sequence[Axis], column: str) -> str:
    return next(axis.name for axis in axes if axis.column == column)


def _number_word(axis: Axis, name: str, coordinate: float) -> str:
    if axis.kind == "yes_no":
        return name if coordinate > 0 else f"not_{name}"
    return f"high_{name}" if coordinate > 0 else f"low_{name}"


def _excess(axis: Axis, coordinate: float) -> float:
    """By how many deviations of its own a value of a text is more frequent than among everybody."""
    return coordinate * axis.deviation / sqrt(axis.mean * (1 - axis.mean))


def _value_word(axis: Axis, axes: Sequence[Axis]) -> str:
    values = [other.value for other in axes if other.column == axis.column]
    return slug(axis.value or "") or str(values.index(axis.value) + 1)
