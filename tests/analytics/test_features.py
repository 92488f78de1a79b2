"""Short names and samples: the same for everybody who asks again; and columns of a snapshot as plain values."""

from datetime import datetime

from planted import engine_in_memory, put
from sqlglot import exp

from parcours.analytics.features import plain_features, plain_values, sample_order, short_names, slug
from parcours.analytics.snapshot import Column
from parcours.compiler.expressions import own, table


def test_a_feature_is_called_by_its_last_word_unless_another_is_too() -> None:
    assert short_names(["value.monetary", "engagement.recency", "age"]) == ("monetary", "recency", "age")
    assert short_names(["value.recency", "engagement.recency"]) == ("value_recency", "engagement_recency")


def test_a_calculation_is_called_by_its_words_that_tell_it_from_others() -> None:
    assert short_names(["average of order.amount", "customer is active"]) == (
        "average_order_amount",
        "customer_active",
    )
    names = ["count of order in last 30 days", "count of order in last 90 days"]
    assert short_names(names) == ("count_order_last_30_days", "count_order_last_90_days")


def test_names_without_a_letter_of_the_language_are_told_apart_all_the_same() -> None:
    found = short_names(["都市", "年齢", "a", "a"])
    assert len(set(found)) == 4
    assert slug("Île-de-France") == "ile_de_france"


def test_a_sample_is_the_same_whatever_the_order_of_the_rows_and_another_for_another_salt() -> None:
    engine = engine_in_memory()
    names = [f"c{number}" for number in range(300)]
    put(engine, "up", contact=names)
    put(engine, "down", contact=names[::-1])

    def drawn(source: str, salt: str) -> list[str]:
        query = exp.select(own("contact")).from_(table(source)).order_by(*sample_order(salt)).limit(30)
        return [name for (name,) in engine.run_tree(query)]

    assert drawn("up", "a") == drawn("down", "a")
    assert drawn("up", "a") != drawn("up", "b")


def test_dates_are_days_before_the_snapshot_and_what_is_not_finite_is_unknown() -> None:
    engine = engine_in_memory()
    engine.connection.execute(
        "CREATE TEMP TABLE people AS SELECT * FROM (VALUES "
        "(1, DATE '2026-02-27', TIMESTAMP '2026-03-01 12:00', true, 1.5::DOUBLE, 'FR'), "
        "(2, 'infinity'::DATE, '-infinity'::TIMESTAMP, NULL, 'nan'::DOUBLE, NULL)) AS v(contact, f0, f1, f2, f3, f4)"
    )
    columns = [
        Column(f"f{place}", kind)
        for place, kind in enumerate(("date", "instant", "yes_no", "number", "text"))
    ]
    values = plain_values(columns, datetime(2026, 3, 2))
    found = engine.run_tree(exp.select(*values).from_(table("people")).order_by(own("contact")))
    assert found == [(3.0, 0.5, 1.0, 1.5, "FR"), (None, None, None, None, None)]
    features = plain_features(columns, ["born", "last seen", "vip", "age", "country"])
    assert [feature.kind for feature in features] == ["number", "number", "yes_no", "number", "text"]
