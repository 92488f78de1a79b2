"""What was learned, as statements read it."""

from sqlglot import exp

from parcours.checking.checked import Rfm, Rules, Source
from parcours.checking.terms import And, Compare, Count, Events, Field, Learned, Window, number
from parcours.clock.span import Span
from parcours.compiler.expressions import own
from parcours.compiler.learned import (
    hash_of_parameter,
    hashes_in,
    learned_view,
    relation_of,
    run_parameter,
    sources_of,
)
from parcours.compiler.subject import Subject
from parcours.diagnostics import Place

SCORE = Learned("score", "churn", "probability", "number", (), "aa")
ZONE = Learned("score", "churn", "zone", "text", ("high", "low"), "aa")
OLDER = Learned("score", "churn", "probability", "number", (), "bb")
HERE = Place("a.journey")


def joins(*terms: Learned) -> list[str]:
    """The joins of a query that reads the terms of a subject."""
    subject = Subject("_awake", "UTC")
    made = [exp.alias_(subject.sql(term), f"x{n}") for n, term in enumerate(terms)]
    return [join.sql("duckdb") for join in subject.select(own("contact", "s"), *made).args.get("joins", [])]


def test_two_parts_of_one_declaration_are_one_join_and_two_versions_of_it_are_two() -> None:
    one = (
        'LEFT JOIN "_learned_score_churn" AS learned_aa '
        "ON learned_aa.contact = s.contact AND learned_aa.run = $run_aa"
    )
    assert joins(SCORE, ZONE) == [one]
    assert joins(OLDER, SCORE) == [one, one.replace("aa", "bb")]


def test_what_is_read_of_an_event_between_its_brackets_is_joined_where_events_are() -> None:
    """Not in the query around it, which has nothing to read of it."""
    subject = Subject("_awake", "UTC")
    dear = Compare(">", Field("amount", "number"), SCORE)
    count = subject.sql(Count(Events("order", dear, Window("ever"))))
    query = subject.select(own("contact", "s"), exp.alias_(count, "n"))
    inner = query.args["with_"].expressions[0].this
    assert "learned_aa" in [join.alias_or_name for join in inner.args["joins"]]
    assert "learned_aa" not in [join.alias_or_name for join in query.args["joins"]]


def test_a_parameter_says_of_which_hash_the_run_is() -> None:
    assert hash_of_parameter(run_parameter("aa")) == "aa"
    assert hash_of_parameter("round") is None
    assert list(hashes_in(["now", run_parameter("aa"), "ago_1_day", run_parameter("bb")])) == ["aa", "bb"]


def test_a_view_of_what_is_not_there_has_the_same_columns_and_no_row() -> None:
    there = learned_view("score", "churn", "BIGINT", is_there=True).sql("duckdb")
    assert there == (
        'CREATE OR REPLACE TEMPORARY VIEW "_learned_score_churn" AS '
        'SELECT "run", "contact", "probability", "zone" FROM analytics."score_churn"'
    )
    missing = learned_view("score", "churn", "BIGINT", is_there=False).sql("duckdb")
    assert missing == (
        'CREATE OR REPLACE TEMPORARY VIEW "_learned_score_churn" AS '
        'SELECT CAST(NULL AS INT) AS "run", CAST(NULL AS BIGINT) AS "contact", '
        'CAST(NULL AS DOUBLE) AS "probability", CAST(NULL AS TEXT) AS "zone" WHERE FALSE'
    )


def test_a_name_is_only_a_name() -> None:
    """E4."""
    made = learned_view("score", 'x"; DROP TABLE y', "BIGINT", is_there=True).sql("duckdb")
    assert '"_learned_score_x""; DROP TABLE y"' in made and '"score_x""; DROP TABLE y"' in made


def test_all_that_may_be_read_is_what_is_declared_and_what_older_versions_read() -> None:
    rfm = Rfm("value", (Source("order", None),), Span(1, "year"), None, None, HERE, "")
    rules = Rules("together", "line", Field("sku", "text"), None, None, None, None, None, None, HERE, "")
    read = And((Compare(">", SCORE, number(0)), Compare("=", ZONE, ZONE)))
    answers = (("response", "best_hour"), ("response", "response"))
    declared = (("rfm", "value"), ("rules", "together"), ("score", "churn"))
    assert sources_of((rfm, rules), (read,)) == (*answers, *declared)
    assert relation_of("rfm", "value") == "_learned_rfm_value"
