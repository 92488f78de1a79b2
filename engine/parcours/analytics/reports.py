"""What a person reads of a run of clusters or of a score: its report as blocks of lines and tables, for any medium."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Block:
    """`rows` under `header`: the first column is text, the others numbers. Without a header each row is a line of text."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def blocks(kind: str, report: Mapping[str, Any]) -> tuple[Block, ...]:
    """The blocks of a report, in the order in which they are read; of a kind without a page only its summary."""
    page = _PAGES.get(kind)
    found = tuple(page(report)) if page else ()
    notes = tuple((str(note),) for note in (*report.get("doubts", ()), *report.get("notes", ())))
    return (
        Block("", (), ((str(report["summary"]),),)),
        *found,
        *((Block("what to know", (), notes),) if notes else ()),
    )


# ---- clusters


def _clusters(report: Mapping[str, Any]) -> Iterator[Block]:
    tried = ", ".join(f"{count}: {value:.2f}" for count, value in report["silhouettes"].items())
    lines = [
        f"learned on {report['sample']:,} of {report['contacts']:,} contacts",
        f"silhouette by number of groups: {tried}",
        f"two halves of them, grouped alone, agree by {report['agreement']:.0%}",
    ]
    lines += [f"new since the run before: {', '.join(report['new'])}"] if report["new"] else []
    lines += [f"gone since the run before: {', '.join(report['gone'])}"] if report["gone"] else []
    yield Block("how", (), tuple((line,) for line in lines))
    sizes = (
        (one["name"], f"{one['contacts']:,}", _percent(one["share"]), _figure(one["distance"]))
        for one in report["groups"]
    )
    yield Block("groups", ("", "contacts", "share", "distance"), tuple(sizes))
    for one in report["groups"]:
        yield Block(
            f"{one['name']}: the ideal customer, the group and everybody",
            ("", "ideal", "group", "everybody"),
            tuple(_profile_row(row, one["ideal"]) for row in one["features"]),
        )


def _profile_row(row: Mapping[str, Any], ideal: Mapping[str, Any]) -> tuple[str, ...]:
    name, value = row["feature"], row["value"]
    if value is None:
        return (name, *(_figure(figure) for figure in (ideal.get(name), row["group"], row["everybody"])))
    chosen = "yes" if ideal.get(name) == value else ""
    return (f"{name}: {value}", chosen, _percent(row["group"]), _percent(row["everybody"]))


# ---- scores


def _score(report: Mapping[str, Any]) -> Iterator[Block]:
    yield Block("how", (), tuple((line,) for line in _how(report)))
    if report["zones"]:
        zones = (
            (one["name"], "" if one["from"] is None else f"{one['from']:.4%}", f"{one['contacts']:,}")
            for one in report["zones"]
        )
        yield Block("zones", ("", "from", "contacts"), tuple(zones))
    important = (
        (row["feature"], f"{row['drop']:.4f}", f"{row['alone']:.3f}", f"{row['spread']:.2f}")
        for row in report["importance"]
    )
    yield Block(
        "what it goes by: how far the AUC drops without it, its AUC alone, the spread of its points",
        ("", "drop", "alone", "spread"),
        tuple(important),
    )
    lifts = (
        (
            f"best {row['contacted']:.0%}",
            _percent(row["rate"]),
            f"{row['lift']:.2f}",
            _percent(row["reached"]),
            f"{row['gain']:.2f}",
        )
        for row in report["lift"]
    )
    yield Block(
        "lift: each tenth against everybody, and all down to here",
        ("", "rate", "lift", "reached", "gain"),
        tuple(lifts),
    )
    calibrated = (
        (f"{row['rows']:,} snapshots", _percent(row["foretold"]), _percent(row["found"]))
        for row in report["calibration"]
    )
    yield Block(
        "calibration: what was foretold, and what happened", ("", "foretold", "found"), tuple(calibrated)
    )


def _how(report: Mapping[str, Any]) -> Iterator[str]:
    rows, dates = report["rows"], report["dates"]
    for part, words in (("fit", "learned on"), ("calibrate", "calibrated on"), ("check", "checked on")):
        of = dates[part]
        when = f", {of[0][:10]} to {of[-1][:10]}" if of else ""
        yield f"{words} {rows[part]:,} snapshots{when}"
    yield f"AUC {report['auc']:.3f}, with a confidence of 99% from {report['auc_low']:.3f} to {report['auc_high']:.3f}"
    rate = report["rate"]
    yield f"calibration error {report['calibration_error']:.3f}"
    yield f"it happened to {_percent(rate['fit'])} of those learned on, and to {_percent(rate['check'])} of those checked on"
    stake = report.get("stake")
    if stake:
        yield stake["words"]
        yield (
            f"from break even at {stake['break_even']:.4%}: {_percent(stake['chosen_share'])} are spoken to, and 1,000 "
            f"contacts bring {stake['chosen']:,.2f}; all of them spoken to, {stake['everybody']:,.2f}"
        )


_PAGES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Block]]] = {
    "clusters": _clusters,
    "score": _score,
}


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _figure(value: float | str | None) -> str:
    if value is None:
        return "unknown"
    return value if isinstance(value, str) else f"{value:,.2f}"
