"""Diagnostics as SARIF 2.1.0, the form in which code hosts show findings beside the changed lines of a pull request.

Source: the OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"."""

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import parcours
from parcours.diagnostics.codes import CODES
from parcours.diagnostics.diagnostic import Diagnostic
from parcours.diagnostics.place import Place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """One run with all findings, sorted by place, and a rule for each code among them."""
    ordered = sorted(diagnostics, key=lambda d: (d.place, d.severity, d.code, d.message))
    codes = sorted({d.code for d in ordered})
    report = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "parcours",
                        "version": parcours.__version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(d, codes.index(d.code)) for d in ordered],
            }
        ],
    }
    return json.dumps(report, indent=2)


def _rule(code: str) -> dict[str, Any]:
    entry = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "help": {"text": entry.help},
        "defaultConfiguration": {"level": entry.severity},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    said = [diagnostic.message, diagnostic.mark, diagnostic.advice]
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity,
        "message": {"text": "\n".join(part for part in said if part)},
        "locations": [{"physicalLocation": _location(diagnostic.place)}],
    }


def _location(place: Place) -> dict[str, Any]:
    """The file, relative where the place is, and the region where there is one: a whole file has none."""
    path = PurePath(place.file)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    location: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if place.line:
        region = {"startLine": place.line}
        if place.column:
            region |= {"startColumn": place.column}
        if place.end_line:
            region |= {"endLine": place.end_line, "endColumn": max(place.end_column, 1)}
        location["region"] = region
    return location
