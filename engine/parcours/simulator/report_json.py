"""A report as JSON, for programs."""

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from parcours.simulator.pressure_report import PressureReport
from parcours.simulator.report import Report


def as_json(report: Report | PressureReport | tuple[PressureReport, ...]) -> str:
    """All of a report, in the order of its fields. Instants of UTC end in Z, local times do not."""
    return json.dumps(_plain(report), indent=2, ensure_ascii=False)


def _plain(value: Any, name: str = "") -> Any:
    match value:
        case datetime():
            return value.isoformat() + ("" if name.endswith("_local") else "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case tuple():
            if name in _NAMED:
                return dict(value)
            return [_plain(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name), field.name) for field in fields(value)}
        case _:
            return value


_NAMED = frozenset({"refused", "exits"})  # pairs of a name and a count
