"""`parcours check`: what is wrong in the files is a finding (1), what is not there at all is a failure (2)."""

import json

import pytest


def test_a_good_project_is_one_line(corner, parcours) -> None:
    answer = parcours("check", "corner")
    assert answer.out == "corner: 1 journey, 1 message, 1 channel: no problems\n"
    assert (answer.code, answer.err) == (0, "")


def test_the_current_folder_is_the_project_when_none_is_named(corner, parcours, monkeypatch) -> None:
    monkeypatch.chdir(corner.folder)
    assert parcours("check").out == "corner: 1 journey, 1 message, 1 channel: no problems\n"


def test_findings_are_shown_with_their_lines_and_counted(corner, parcours) -> None:
    corner.change("welcome.journey", "total > 10", "totl > 10")
    corner.change("policy.journey", "consent agreed", "consent agred")
    answer = parcours("check", "corner")
    assert (answer.code, answer.err) == (1, "")
    assert "corner/welcome.journey:2:20" in answer.out
    assert "    enter on order[totl > 10]\n" in answer.out
    assert "^^^^ did you mean `total`?" in answer.out
    assert "^^^^^ did you mean `agreed`?" in answer.out
    assert answer.out.endswith("\n2 errors\n")


def test_a_warning_does_not_fail(corner, parcours) -> None:
    corner.fill(
        "CREATE OR REPLACE TABLE orders AS SELECT * REPLACE (customer_id::VARCHAR AS customer_id) FROM orders"
    )
    answer = parcours("check", "corner")
    assert answer.code == 0
    assert "warning[different-keys]" in answer.out
    assert answer.out.endswith("\n\ncorner: 1 journey, 1 message, 1 channel: 1 warning\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("parcours.yaml", "name: corner", "name: [corner", "yaml"),
        ("parcours.yaml", "name: corner", "nam: corner", "unknown-setting"),
        ("parcours.yaml", "table: orders", "table: ordrs", "unknown-table"),
        ("parcours.yaml", "at: ordered_at", "at: ordred_at", "unknown-column"),
        ("parcours.yaml", "at: ordered_at", "at: total", "wrong-column-type"),
        ("welcome.journey", "wait 2 days", "wait two days", "syntax"),
        ("welcome.journey", "total > 10", 'total > "ten"', "wrong-type"),
    ],
)
def test_what_is_wrong_in_a_file_is_a_finding(corner, parcours, file, old, new, code) -> None:
    corner.change(file, old, new)
    answer = parcours("check", "corner")
    assert (answer.code, answer.err) == (1, "")
    assert f"error[{code}]: " in answer.out
    assert f"  corner/{file}:" in answer.out


def test_json_has_every_finding(corner, parcours) -> None:
    corner.change("welcome.journey", "total > 10", "totl > 10")
    answer = parcours("check", "corner", "--format", "json")
    assert answer.code == 1
    report = json.loads(answer.out)
    assert (report["errors"], report["warnings"]) == (1, 0)
    assert report["diagnostics"][0]["code"] == "unknown-field"
    assert report["diagnostics"][0]["file"] == "corner/welcome.journey"


def test_json_says_it_too_when_there_is_nothing_to_check(parcours, tmp_path) -> None:
    answer = parcours("check", str(tmp_path), "--format", "json")
    assert (answer.code, answer.err) == (2, "")
    assert [found["code"] for found in json.loads(answer.out)["diagnostics"]] == ["no-project"]


def test_a_journey_is_explained_without_being_run(corner, parcours) -> None:
    answer = parcours("check", "corner", "--explain", "welcome")
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0].startswith("welcome")
    assert [line.split()[0] for line in lines[2:5]] == ["shortest", "longest", "cost"]


def test_it_is_explained_to_programs_too(corner, parcours) -> None:
    said = json.loads(parcours("check", "corner", "--explain", "welcome", "--format", "json").out)
    assert said["journey"] == "welcome"
    assert {"shortest_minutes", "longest_minutes", "greatest_cost", "bounds"} <= said.keys()


def test_a_journey_that_is_not_there_cannot_be_explained(corner, parcours) -> None:
    answer = parcours("check", "corner", "--explain", "welcom")
    assert answer.code == 2
    assert "did you mean `welcome`?" in answer.err


def test_findings_are_a_log_that_code_hosts_read(corner, parcours) -> None:
    corner.change("welcome.journey", "total > 10", "totl > 10")
    answer = parcours("check", "corner", "--format", "sarif")
    (run,) = json.loads(answer.out)["runs"]
    assert answer.code == 1
    assert [result["ruleId"] for result in run["results"]] == ["unknown-field"]
