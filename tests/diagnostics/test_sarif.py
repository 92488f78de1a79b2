"""SARIF 2.1.0: what the standard asks of a log, and what a code host reads of it."""

import json

import parcours
from parcours.diagnostics import Diagnostic, Place
from parcours.diagnostics.codes import CODES
from parcours.diagnostics.sarif import render_sarif


def _log(*diagnostics: Diagnostic) -> dict:
    return json.loads(render_sarif(diagnostics))


UNKNOWN = Diagnostic(
    "unknown-message",
    "`helo` is no message",
    Place("journeys/a b.journey", 3, 10, 3, 14),
    "did you mean `hello`?",
)
UNUSED = Diagnostic("unused-message", "no journey sends the message `x`", Place("a.journey", 1, 9, 1, 10))
WHOLE = Diagnostic("no-project", "`shop` holds no parcours.yaml", Place("shop"))


def test_a_log_has_version_schema_and_one_run_of_this_tool() -> None:
    log = _log(UNKNOWN)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("parcours", parcours.__version__)
    assert run["columnKind"] == "unicodeCodePoints"


def test_every_code_that_was_found_is_a_rule_once_and_results_point_to_theirs() -> None:
    (run,) = _log(UNKNOWN, UNUSED, UNKNOWN)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["unknown-message", "unused-message"]
    for rule in rules:
        entry = CODES[rule["id"]]
        assert rule["shortDescription"]["text"] == entry.title
        assert rule["help"]["text"] == entry.help
        assert rule["defaultConfiguration"]["level"] == entry.severity
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]


def test_results_are_sorted_by_place_and_say_what_is_wrong_and_what_to_do() -> None:
    (run,) = _log(UNKNOWN, UNUSED)["runs"]
    first, second = run["results"]
    assert (first["level"], second["level"]) == ("warning", "error")
    assert second["message"]["text"].splitlines() == [
        "`helo` is no message",
        "did you mean `hello`?",
        CODES["unknown-message"].help,
    ]


def test_a_place_is_a_region_with_its_file_as_a_uri() -> None:
    (run,) = _log(UNKNOWN)["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location == {
        "artifactLocation": {"uri": "journeys/a%20b.journey"},
        "region": {"startLine": 3, "startColumn": 10, "endLine": 3, "endColumn": 14},
    }


def test_a_whole_file_has_no_region() -> None:
    (run,) = _log(WHOLE)["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "shop"}}


def test_nothing_found_is_a_run_without_results() -> None:
    (run,) = _log()["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
