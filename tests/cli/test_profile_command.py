"""`parcours profile`."""

import json

import duckdb
import pytest
from corner_project import Corner, Parcours


@pytest.fixture
def doubtful(corner: Corner) -> Corner:
    """The project `corner` with more customers, of whom many cannot be reached, and orders of nobody."""
    with duckdb.connect(str(corner.folder / "corner.duckdb")) as connection:
        connection.execute(
            """INSERT INTO customers SELECT n, CASE WHEN n % 2 = 0 THEN 'nowhere' ELSE 'c' || n || '@example.com' END, true
            FROM range(10, 60) AS r(n);
            INSERT INTO orders SELECT 900, 'x' || n, TIMESTAMP '2026-03-01 12:00', 12 FROM range(30) AS r(n)"""
        )
    return corner


def test_every_mapped_table_is_told(doubtful: Corner, parcours: Parcours) -> None:
    answer = parcours("profile", "corner", "--at", "2026-03-10")
    assert answer.code == 0, answer.err
    assert "contacts (customers): 53 rows" in answer.out
    assert "email: 52 e-mail addresses in `email`; 25 cannot be right; 25 contacts share theirs" in answer.out
    assert "order (orders): 33 rows" in answer.out
    assert "30 (90.9%) events `order` of contacts that are not there" in answer.out
    assert "nowhere" not in answer.out, "no address is shown"


def test_only_what_is_named_is_told(doubtful: Corner, parcours: Parcours) -> None:
    for name in ("order", "orders"):
        answer = parcours("profile", "corner", name)
        assert "order (orders)" in answer.out
        assert "contacts" not in answer.out.splitlines()[0]
    refused = parcours("profile", "corner", "ordr")
    assert refused.code == 2
    assert "`ordr` is not mapped" in refused.err
    assert "did you mean `order`?" in refused.err


def test_programs_get_the_same(doubtful: Corner, parcours: Parcours) -> None:
    data = json.loads(
        parcours("profile", "corner", "--format", "json", "--sample", "10", "--at", "2026-03-10").out
    )
    contacts, order = data["tables"]
    assert (contacts["rows"], contacts["looked_at"], len(contacts["columns"])) == (53, 10, 3)
    assert order["freshness"]["newest"] == "2026-03-02T11:00:00"
    (email,) = data["addresses"]
    assert (email["known"], email["looked_at"]) == (52, 10)
    assert data == json.loads(
        parcours("profile", "corner", "--format", "json", "--sample", "10", "--at", "2026-03-10").out
    )


def test_check_warns_of_what_misleads(doubtful: Corner, parcours: Parcours) -> None:
    answer = parcours("check", "corner")
    assert answer.code == 0
    assert "warning[events-of-strangers]: 91% of the events `order`" in answer.out
    assert "warning[unlikely-addresses]: 48% of the e-mail addresses in `email` cannot be right" in answer.out
    assert "2 warnings" in answer.out


def test_a_project_whose_files_are_wrong_can_be_profiled(corner: Corner, parcours: Parcours) -> None:
    corner.write("broken.journey", "journey x\n    enter every\n")
    assert "contacts (customers): 3 rows" in parcours("profile", "corner").out


def test_without_a_datamart_there_is_nothing_to_look_at(corner: Corner, parcours: Parcours) -> None:
    (corner.folder / "corner.duckdb").unlink()
    answer = parcours("profile", "corner")
    assert answer.code == 2
    assert "error[no-database]" in answer.err
