"""`parcours sql`."""

import re

import duckdb
import pytest


@pytest.fixture
def text(corner, parcours) -> str:
    answer = parcours("sql", "welcome", "--project", "corner")
    assert (answer.code, answer.err) == (0, "")
    return answer.out


def test_every_stage_of_a_tick_has_a_heading_in_its_order(text: str) -> None:
    """T5."""
    headings = re.findall(r"^-- ==== (\S+)", text, re.MULTILINE)
    assert headings == ["once,", "before", "3,", "4", "6", "7"]


def test_every_statement_is_one_that_duckdb_reads_and_says_what_it_is_for(text: str) -> None:
    statements = duckdb.extract_statements(text)
    purposes = re.findall(r"^-- [a-z]\w*: \S", text, re.MULTILINE)
    assert len(statements) == len(purposes) > 20


def test_every_parameter_is_explained(text: str) -> None:
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    explained = set(re.findall(r"^--   \$(\w+) ", text, re.MULTILINE))
    assert explained == set(re.findall(r"\$(\w+)", body))


def test_a_journey_that_is_not_there_is_met_with_the_nearest(corner, parcours) -> None:
    answer = parcours("sql", "welcom", "--project", "corner")
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean `welcome`?" in answer.err
