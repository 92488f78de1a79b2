"""`parcours sql`."""

import re

import duckdb
import pytest
from corner_project import JOURNEYS

SEGMENT = "segment buyers\n    refresh every 1 day\n    has order in last 30 days\n"
EXAMPLE = JOURNEYS[JOURNEYS.index("example") :]
ENTRIES = {
    "event": "    enter on order[total > 10]\n        again after 3 days\n",
    "schedule": "    enter every tuesday at 09:00 for agreed\n        again\n",
    "date": "    enter on anniversary of born_on at 09:00\n        again\n",
    "segment": "    enter on joining buyers, including members\n        again\n",
}


@pytest.fixture
def text(corner, parcours) -> str:
    answer = parcours("sql", "welcome", "--project", "corner")
    assert (answer.code, answer.err) == (0, "")
    return answer.out


@pytest.fixture(params=sorted(ENTRIES))
def program(request, corner, parcours) -> str:
    """What is printed for a journey that begins in each of the ways there are."""
    corner.fill("ALTER TABLE customers ADD COLUMN born_on DATE")
    corner.write("group.journey", SEGMENT)
    enter = ENTRIES[request.param]
    corner.change("welcome.journey", "    enter on order[total > 10]\n        again\n", enter)
    corner.change("welcome.journey", EXAMPLE, "")
    answer = parcours("sql", "welcome", "--project", "corner")
    assert (answer.code, answer.err) == (0, "")
    return answer.out


def test_every_stage_of_a_tick_has_a_heading_in_its_order(text: str) -> None:
    """T5."""
    headings = re.findall(r"^-- ==== (\S+)", text, re.MULTILINE)
    assert headings == ["once,", "before", "1-2", "3,", "4", "6", "7"]


def test_every_statement_is_one_that_duckdb_reads_and_says_what_it_is_for(text: str) -> None:
    statements = duckdb.extract_statements(text)
    purposes = re.findall(r"^-- [a-z]\w*: \S", text, re.MULTILINE)
    assert len(statements) == len(purposes) > 20


def test_every_parameter_is_explained(program: str) -> None:
    body = "\n".join(line for line in program.splitlines() if not line.startswith("--"))
    explained = set(re.findall(r"^--   \$(\w+) ", program, re.MULTILINE))
    assert explained == set(re.findall(r"\$(\w+)", body))


def test_every_temporary_table_that_is_read_is_made_by_a_statement_that_is_printed(program: str) -> None:
    body = "\n".join(line for line in program.splitlines() if not line.startswith("--"))
    made = set(re.findall(r"CREATE OR REPLACE TEMPORARY TABLE (_\w+)", body))
    used = set(re.findall(r"(?:FROM|JOIN|INTO) (_\w+)", body))
    assert used
    assert used - made == set()


def test_a_journey_that_is_not_there_is_met_with_the_nearest(corner, parcours) -> None:
    answer = parcours("sql", "welcom", "--project", "corner")
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean `welcome`?" in answer.err
