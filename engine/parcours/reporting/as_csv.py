"""A report as one CSV table, for spreadsheets."""

import csv
import io
from typing import Any

from parcours.reporting.as_json import COUNTS, as_data
from parcours.reporting.rates import RATES
from parcours.reporting.report import Report

_GOALS = ("runs", "reached", "goal_rate")
_HELD_OUT = (
    *("treated", "treated_rate", "held_out", "held_out_rate", "difference", "difference_low"),
    "difference_high",
)
COLUMNS = ("by", "journey", "name", *COUNTS, "cost", *RATES, *_GOALS, *_HELD_OUT)


def as_csv(report: Report) -> str:
    """A row for each part, each piece of time (`by` is `day`, `week` or `month`), each goal (`goal`, and `CHANNEL goals` and
    the like for all goals together) and each goal against its hold-out (`hold out`). What is not known, has no whole or does
    not concern a row is empty; rates are shares of 1; money is in the project's currency."""
    data = as_data(report)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in data["messages"]:
        writer.writerow(_figures(row) | {name: cell(row[name]) for name in ("by", "journey", "name")})
    for row in data["over_time"]["stretches"]:
        writer.writerow(_figures(row) | {"by": report.unit, "name": row["begins"]})
    for row in data["goals"]:
        writer.writerow(_goal(row))
    for row in data["hold_outs"]:
        writer.writerow(_hold_out(row))
    return out.getvalue()


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in (*COUNTS, "cost") if row[name] is not None} | {
        name: row[name]["value"] for name in RATES if row[name] is not None
    }


def _goal(row: dict[str, Any]) -> dict[str, Any]:
    of_journey = row["by"] == "journey"
    names = {
        "by": "goal" if of_journey else f"{row['by']} goals",
        "journey": cell(row["name"]) if of_journey else "",
        "name": cell(row["goal"] if of_journey else row["name"]),
    }
    rate = row["rate"]["value"] if row["rate"] else ""
    return {**names, "runs": row["runs"], "reached": row["reached"], "goal_rate": rate}


def _hold_out(row: dict[str, Any]) -> dict[str, Any]:
    made = {"by": "hold out", "journey": cell(row["journey"]), "name": cell(row["goal"])}
    for arm in row["arms"]:
        rate = "" if arm["rate"] is None else arm["rate"]
        made |= {arm["arm"]: arm["contacts"], f"{arm['arm']}_rate": rate}
    if row["difference"]:
        made["difference"] = row["difference"]["estimate"]
        made |= {f"difference_{end}": row["difference"][end] for end in ("low", "high")}
    return made


def cell(text: str | None) -> str:
    """A name as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text or ""
