"""`parcours pressure`: what contacts get, what rules hold back, of a simulation, of a state, and under two policies."""

import json

from corner_project import DAYS

GENTLER = """\
pressure
    never messages for agreed
"""
EAGER = """\
journey welcome
    enter on order[total > 10]
        again
    send thanks by email

journey welcome_too
    enter on order[total > 10]
        again
    send thanks by email

segment buyers
    has order
"""
CAPPED = """

pressure
    at most 1 message per 7 days
"""


def _eager(corner) -> None:
    for old in corner.folder.glob("*.journey"):
        if old.name != "policy.journey":
            old.unlink()
    (corner.folder / "own.journey").write_text(EAGER, encoding="utf-8")
    policy = corner.folder / "policy.journey"
    policy.write_text(policy.read_text(encoding="utf-8") + CAPPED, encoding="utf-8")


def test_what_contacts_get_and_what_rules_hold_back(corner, parcours) -> None:
    _eager(corner)
    answer = parcours("pressure", "corner", *DAYS, "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    told = json.loads(answer.out)
    # kept for two days, the second is given up. ann is sent the first of two messages, bob has not agreed, nobody else ordered for more than 10
    assert (told["contacts"], told["weeks"], told["sent"]) == (3, 1, 1)
    assert [(row["messages"], row["weeks"]) for row in told["in_a_week"]] == [(0, 2), (1, 1)]
    assert [(row["group"], row["contacts"], row["messages"]) for row in told["groups"]] == [("buyers", 3, 1)]
    bites = {row["rule"]: (row["held"], row["not_sent"], row["contacts"]) for row in told["rules"]}
    assert bites == {"at most 1 message per 7 days": (1, 1, 1), "consent of email": (0, 2, 1)}
    assert [(row["full"], row["one_left"]) for row in told["near"]] == [(1, 0)]


def test_the_text_has_a_table_for_each_of_them(corner, parcours) -> None:
    answer = parcours("pressure", "corner", *DAYS)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("corner: 2026-03-01 to 2026-03-03\n3 contacts · 1 week\n1 message sent")
    assert "Messages for a contact in a week" in answer.out
    assert "What the rules did" in answer.out
    assert "\x1b" not in answer.out


def test_another_policy_over_the_same_days_stands_beside_it(corner, parcours) -> None:
    (corner.folder.parent / "gentler.journey").write_text(GENTLER, encoding="utf-8")
    answer = parcours("pressure", "corner", *DAYS, "--against", "gentler.journey", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    own, other = json.loads(answer.out)
    assert [(one["policy"], one["sent"]) for one in (own, other)] == [
        ("this policy", 1),
        ("gentler.journey", 0),
    ]
    side_by_side = parcours("pressure", "corner", *DAYS, "--against", "gentler.journey").out
    assert "other (gentler.journey): 0 messages sent" in side_by_side


def test_a_rule_that_both_policies_have_is_one_row_wherever_it_stands(corner, parcours) -> None:
    _eager(corner)
    policy = (corner.folder / "policy.journey").read_text(encoding="utf-8")
    other = "# tried for a week\n\n" + policy.replace(" per 7 days", " per 2 days")
    (corner.folder.parent / "wider.journey").write_text(other, encoding="utf-8")
    told = parcours("pressure", "corner", *DAYS, "--against", "wider.journey").out
    (consent,) = (line for line in told.splitlines() if "consent of email" in line)
    assert consent.split()[-5:] == ["policy.journey:3:13", "0", "2", "0", "2"]
    assert "wider.journey:3" not in told
    rules = [line for line in told.splitlines() if "at most 1 message per" in line]
    assert ["wider" in line for line in rules] == [False, True, False, True]


def test_what_happened_in_a_state_is_told_and_nothing_is_simulated(corner, parcours) -> None:
    assert parcours("simulate", "corner", *DAYS, "--state", "kept.duckdb").code == 0
    answer = parcours("pressure", "corner", "--state", "kept.duckdb", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out)["sent"] == 1


def test_days_or_a_state_are_needed(corner, parcours) -> None:
    answer = parcours("pressure", "corner")
    assert (answer.code, answer.out) == (2, "")
    assert "there are no days to simulate" in answer.err


def test_a_file_that_is_no_policy_is_refused(corner, parcours) -> None:
    (corner.folder.parent / "other.journey").write_text("segment s\n    has order\n", encoding="utf-8")
    for name, said in (("other.journey", "it is no policy"), ("nowhere.journey", "cannot be read")):
        answer = parcours("pressure", "corner", *DAYS, "--against", name)
        assert (answer.code, answer.out) == (2, "")
        assert said in answer.err


def test_a_mistake_in_the_other_policy_is_told_at_its_place(corner, parcours) -> None:
    (corner.folder.parent / "wrong.journey").write_text(
        "pressure\n    at most 1 letter per day\n", encoding="utf-8"
    )
    answer = parcours("pressure", "corner", *DAYS, "--against", "wrong.journey")
    assert answer.code == 2
    assert "wrong.journey:2:15" in answer.err


def test_groups_of_what_was_never_learned_are_told_as_empty(corner, parcours) -> None:
    scored = "score eager\n    predict has order within 30 days\n    from agreed\n\n"
    corner.write("own.journey", f"{scored}segment promising\n    score.eager > 50%\n")
    answer = parcours("pressure", "corner", *DAYS, "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out)["groups"] == []
    assert parcours("tick", "corner", "--at", "2026-03-01 00:00").code == 0
    answer = parcours("pressure", "corner", "--state", "corner/state/state.duckdb", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out)["groups"] == []
