"""A report as JSON, for programs."""

import json
from dataclasses import asdict
from datetime import datetime
from math import isinf
from typing import Any

from parcours.analytics.experiments.sequential import Interval
from parcours.reporting.goals import GoalPart, HoldOut
from parcours.reporting.passages import Walked
from parcours.reporting.rates import Figures, Rate
from parcours.reporting.report import Report


def as_json(report: Report) -> str:
    """All of a report. Rates are shares of 1, instants end in Z, what is not known or has no whole is null, and money is a
    text in the currency that is named, so that nothing of it is lost."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=False)


def as_data(report: Report) -> dict[str, Any]:
    span = report.span
    return {
        "project": report.project,
        "currency": report.currency,
        "from": _instant(span.first),
        "to": _instant(span.last),
        "as_of": _instant(span.as_of),
        "time_zone": span.zone,
        "sent_by": report.basis,
        "messages": [
            {
                "by": part.by,
                "journey": part.journey or None,
                "name": part.name or None,
                **figures(part.figures),
            }
            for part in report.parts
        ],
        "over_time": {
            "unit": report.unit,
            "stretches": [
                {"begins": one.day.isoformat(), **figures(one.figures)} for one in report.over_time
            ],
        },
        "goals": [_goal(part) for part in report.goals],
        "hold_outs": [_hold_out(one) for one in report.hold_outs],
        "not_sent": [asdict(one) for one in report.not_sent],
        "versions": [_version(one) for one in report.walked],
        "notes": list(report.notes),
    }


def figures(found: Figures) -> dict[str, Any]:
    """Counts, cost and rates, in this order everywhere."""
    counts = {name: getattr(found, name) for name in COUNTS}
    cost = None if found.cost is None else f"{found.cost.normalize():f}"
    return {**counts, "cost": cost, **{name: _rate(one) for name, one in found.rates().items()}}


COUNTS = (
    *("granted", "contacts", "waiting", "stopped", "sent", "bounced", "delivered", "opened", "clicked"),
    *("clicked_unopened", "unsubscribed", "complained"),
)


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    return None if rate is None else asdict(rate)


def _goal(part: GoalPart) -> dict[str, Any]:
    return {
        "by": part.by,
        "name": part.name,
        "goal": part.goal or None,
        "runs": part.runs,
        "reached": part.reached,
        "rate": _rate(part.rate),
    }


def _hold_out(one: HoldOut) -> dict[str, Any]:
    analysis = one.analysis
    return {
        "journey": one.journey,
        "goal": one.goal,
        "worth": analysis.worth,
        "arms": [arm.as_data() for arm in analysis.arms],
        "difference": None if one.comparison is None else _interval(one.comparison.rate),
        "lift": None if one.comparison is None else _interval(one.comparison.lift),
        "worth_difference": None if one.comparison is None else _interval(one.comparison.worth),
        "verdict": analysis.verdict.text,
        "decided": analysis.verdict.decided,
    }


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    # JSON has no infinity: an end that nothing is known of is null
    if interval is None:
        return None
    return {name: None if isinf(value) else value for name, value in asdict(interval).items()}


def _version(one: Walked) -> dict[str, Any]:
    return {
        "journey": one.journey,
        "version": one.version,
        "hash": one.hash,
        "applied_at": _instant(one.applied_at),
        "entered": one.entered,
        "passages": [asdict(passage) for passage in one.passages],
        "arrived": dict(one.arrived),
    }


def _instant(instant: datetime) -> str:
    return f"{instant.isoformat()}Z"
