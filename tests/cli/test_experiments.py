"""`parcours experiments` and `parcours learnings`, on a project in which a planted arm is better."""

import json
from pathlib import Path

import duckdb
import pytest
from corner_project import Parcours

from parcours.executor.migrations import MIGRATIONS

SETTINGS = """\
name: trial
time_zone: Europe/Paris
datamart:
  database: trial.duckdb
  contacts: {table: customers, key: customer_id}
  events:
    signup: {table: signups, contact: customer_id, at: signed_up_at}
    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}
"""
POLICY = """\
channel email
    address email
    consent agreed

message gift_mail
    topic cart
    subject "A gift"
    email "For you"

message plain_mail
    topic cart
    subject "Hello"
    email "Hello"

segment rich
    age > 50
"""
JOURNEYS = """\
journey first_steps
    purpose loyalty
    enter on signup
        if not in segment rich
        hold out 10%
    goal bought: order within 5 days
    test incentive measured by bought
        50% plain
            send plain_mail by email
        50% gift
            send gift_mail by email
"""
COUNT = 6_000
TABLES = f"""
CREATE TABLE customers AS
    SELECT n AS customer_id, 'c' || n || '@example.com' AS email, true AS agreed, 30 AS age FROM range({COUNT}) AS r(n);
CREATE TABLE signups AS
    SELECT customer_id, TIMESTAMP '2026-03-01 10:00' + INTERVAL 1 MINUTE * (customer_id % 600) AS signed_up_at FROM customers;
-- T17 by hand: the second half of the shares is the arm `gift`; every fifth of it buys, and every tenth of the others
CREATE TABLE orders AS
    SELECT customer_id, 'o' || customer_id AS order_id, TIMESTAMP '2026-03-03 10:00' AS ordered_at,
        (20 + customer_id % 5)::DECIMAL(10, 2) AS amount
    FROM customers
    WHERE customer_id % 20 < CASE
        WHEN ('0x' || substr(md5('first_steps/hold out:' || customer_id), 1, 8))::BIGINT < 429496730 THEN 2
        WHEN ('0x' || substr(md5('first_steps/incentive:' || customer_id), 1, 8))::BIGINT >= 2147483648 THEN 4
        ELSE 2 END;
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a state that a simulation has left."""
    from parcours.cli.main import run

    folder = tmp_path_factory.mktemp("trial")
    (folder / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "policy.journey").write_text(POLICY, encoding="utf-8")
    (folder / "first.journey").write_text(JOURNEYS, encoding="utf-8")
    with duckdb.connect(str(folder / "trial.duckdb")) as connection:
        connection.execute(TABLES)
    state = folder / "state" / "state.duckdb"
    days = ("--from", "2026-03-01", "--to", "2026-03-07", "--every", "1d")
    assert run(["simulate", str(folder), *days, "--state", str(state), "--format", "json"]) == 0
    return folder


@pytest.fixture
def trial(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(made)
    return made


def test_the_arm_that_is_better_is_found_and_told(trial: Path, parcours: Parcours) -> None:
    answer = parcours("experiments")
    assert answer.code == 0, answer.err
    assert "first_steps: test incentive" in answer.out
    assert "`gift` is better" in answer.out
    assert "gift against plain" in answer.out
    assert "first_steps: hold out, measured by bought" in answer.out


def test_programs_get_the_same_figures(trial: Path, parcours: Parcours) -> None:
    test, hold_out = json.loads(parcours("experiments", ".", "--format", "json").out)
    assert (test["kind"], test["winner"], test["worth"]) == ("test", "gift", "amount")
    with duckdb.connect(str(trial / "trial.duckdb"), read_only=True) as connection:
        ((buyers,),) = connection.execute("SELECT count(*) FROM orders").fetchall()
    assert sum(arm["contacts"] for arm in hold_out["arms"]) == COUNT
    assert sum(arm["reached"] for arm in hold_out["arms"]) == buyers
    gift = next(arm for arm in test["arms"] if arm["arm"] == "gift")
    assert gift["rate"] == pytest.approx(0.2, abs=0.02)
    assert gift["worth_each"] == pytest.approx(gift["rate"] * 22, rel=0.1)
    (comparison,) = test["comparisons"]
    assert comparison["rate"]["low"] < 0.1 < comparison["rate"]["high"]


def test_the_state_is_only_read(trial: Path, parcours: Parcours) -> None:
    state = trial / "state" / "state.duckdb"
    before = state.read_bytes()
    assert parcours("experiments", str(trial), "incentive").code == 0
    assert state.read_bytes() == before
    assert sorted(path.name for path in state.parent.iterdir()) == ["state.duckdb"]


def test_before_the_goals_time_is_over_nothing_is_decided(trial: Path, parcours: Parcours) -> None:
    answer = parcours("experiments", "incentive", "--as-of", "2026-03-04")
    assert "not decided yet" in answer.out
    assert "whose time is not over yet not counted" in answer.out


def test_a_finished_test_is_a_file_that_is_found_again(trial: Path, parcours: Parcours) -> None:
    answer = parcours("experiments", "incentive", "--finish", "--question", "is a gift worth it?")
    assert answer.code == 0, answer.err
    assert answer.out.startswith("learnings/incentive.yaml: gift is better")
    text = (trial / "learnings" / "incentive.yaml").read_text(encoding="utf-8")
    assert "winner: gift\n" in text
    assert "question: is a gift worth it?\n" in text
    for search in (
        ("GIFT", "worth"),
        ("--message", "gift_mail"),
        ("--topic", "cart"),
        ("--channel", "email"),
        ("--segment", "rich"),
    ):
        found = parcours("learnings", *search)
        assert "is a gift worth it?" in found.out, search
        assert "gift is better (winner: gift)" in found.out
    for search in (("--message", "another"), ("--segment", "poor"), ("a", "b", "nowhere")):
        assert parcours("learnings", *search).out == "1 learning, and nothing about that\n"
    (as_data,) = json.loads(parcours("learnings", "--format", "json").out)
    assert (as_data["test"], as_data["winner"]) == ("first_steps/incentive", "gift")
    # finishing it again replaces the file; a file about something else is never written over
    assert parcours("experiments", "incentive", "--finish").code == 0
    path = trial / "learnings" / "incentive.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("first_steps/", "other/"), encoding="utf-8")
    refused = parcours("experiments", "incentive", "--finish")
    assert refused.code == 2
    assert "is about `other/incentive`" in refused.err
    path.write_text("test: [", encoding="utf-8")
    assert "[yaml]" in parcours("learnings").err
    path.write_text("test: a\n", encoding="utf-8")
    assert "warning[bad-learning]" in parcours("learnings").err
    path.unlink()
    assert "nothing has been learned yet" in parcours("learnings").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense",), "`nonsense` is no test and no hold-out"),
        (("--finish",), "one experiment is finished at a time, and 2 are meant"),
        (("--state", "nowhere.duckdb"), "`nowhere.duckdb` is not there"),
        (("--worth", "email"), "`email` is no number of the event `order`"),
        (("--margin", "10"), "`10` is no margin"),
        (("--as-of", "soon"), "`soon` is no date"),
    ],
)
def test_what_cannot_be_meant_is_told(
    trial: Path, parcours: Parcours, arguments: tuple[str, ...], said: str
) -> None:
    answer = parcours("experiments", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


def test_a_state_of_an_older_form_is_not_changed(trial: Path, parcours: Parcours, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    old.write_bytes((trial / "state" / "state.duckdb").read_bytes())
    with duckdb.connect(str(old)) as connection:
        # as it was before the last migration
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", [str(len(MIGRATIONS) - 1)])
        connection.execute("DROP TABLE logbook")
    answer = parcours("experiments", "--state", str(old))
    assert answer.code == 2
    assert "error[state-older]" in answer.err


def test_check_tells_of_a_test_that_is_finished(trial: Path, parcours: Parcours) -> None:
    assert "test-finished" not in parcours("check").out
    assert parcours("experiments", "incentive", "--finish").code == 0
    answer = parcours("check")
    assert answer.code == 0
    assert "warning[test-finished]: the test `incentive` is finished: the winner is `gift`" in answer.out
    (trial / "learnings" / "incentive.yaml").unlink()
