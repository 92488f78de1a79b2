"""`parcours profile`: what is told of each mapped table, on tables in which everything that can be wrong is planted."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest

from parcours.datamart.column_profile import ColumnProfile
from parcours.datamart.profile import Profiler
from parcours.datamart.quality import Note

NOW = datetime(2026, 3, 10)
Profile = Callable[..., Profiler]


@pytest.fixture
def profiler(shop) -> Profile:
    def make(**options) -> Profiler:
        connection, catalog, _ = shop.connect()
        return Profiler(connection, catalog, shop.settings(), NOW, **options)

    return make


def column(profile, name: str) -> ColumnProfile:
    return next(found for found in profile.columns if found.name == name)


def test_the_columns_of_contacts_are_told(shop, profiler: Profile) -> None:
    shop.contacts["time_zone"] = "tz"
    profile = profiler().contacts()
    assert (profile.name, profile.table, profile.rows, profile.looked_at) == ("contacts", "customers", 4, 4)
    country = column(profile, "country")
    assert (country.unknown, country.distinct, country.values) == (1, 3, ("FR", "US", "XX"))
    created = column(profile, "created_at")
    assert (created.unknown, created.low, created.high) == (3, "2026-01-01 00:00:00", "2026-01-01 00:00:00")
    key = column(profile, "customer_id")
    assert (key.distinct, key.low, key.outliers) == (4, "", 0)  # the size of a key means nothing
    assert profile.notes == (Note("contacts with an invalid time zone, taken as Europe/Paris", 1),)


def test_texts_of_nothing_but_spaces_are_blank(shop, profiler: Profile) -> None:
    shop.fill("UPDATE customers SET country = '  ' WHERE country = 'XX'")
    country = column(profiler().contacts(), "country")
    assert (country.unknown, country.blank) == (1, 1)


def test_all_that_is_wrong_with_events_is_counted(shop, profiler: Profile) -> None:
    shop.fill(
        """INSERT INTO orders VALUES
        (1, 'a', '2026-03-01 10:00', '2026-03-01 09:00', 1), -- id there before, loaded before it happened
        (1, NULL, '2026-03-02 10:00', '2026-03-05 10:00', 1), -- without id, late
        (77, 'w', '2026-03-03 10:00', '2026-03-03 11:00', 1), -- of nobody
        (NULL, 'x', '2026-03-03 10:00', '2026-03-03 11:00', 1), -- of no contact
        (2, 'y', '2026-04-01 10:00', '2026-04-01 11:00', 1) -- to come"""
    )
    shop.events["order"] = {
        "table": "orders", "contact": "customer_id", "at": "ordered_at", "id": "order_id", "loaded": "loaded_at",
    }  # fmt: skip
    profile = profiler().event("order")
    assert {note.text: note.count for note in profile.notes} == {
        "events `order` without a contact or a time, left out": 1,
        "events `order` of contacts that are not there": 1,
        "events without an id, told apart by their whole rows": 1,
        "events whose id was there before, taken once": 1,
        "events that do not say when they were loaded, taken as known at once": 1,
        "events loaded before they happened": 1,
    }
    fresh = profile.freshness
    assert fresh is not None
    assert (fresh.newest, fresh.newest_known) == (datetime(2026, 4, 1, 10), datetime(2026, 4, 1, 11))
    assert (fresh.late, fresh.coming, fresh.delay) == (1, 1, timedelta(hours=1))


def test_an_event_without_id_tells_of_repeated_rows(shop, profiler: Profile) -> None:
    shop.fill(
        "INSERT INTO orders SELECT * FROM orders; INSERT INTO orders SELECT * FROM orders WHERE order_id = 'a' LIMIT 1"
    )
    shop.events["order"] = {"table": "orders", "contact": "customer_id", "at": "ordered_at"}
    (note,) = profiler().event("order").notes
    assert note == Note("rows that are there once more, each an event of its own without `id`", 3)


def test_sends_that_lead_nowhere_are_counted(shop, profiler: Profile) -> None:
    shop.fill(
        """CREATE TABLE mails AS SELECT 1 AS customer_id, 'm1' AS send_id, TIMESTAMP '2026-03-01' AS sent_at;
        CREATE TABLE clicks AS FROM (VALUES
            (1, 'hello', TIMESTAMP '2026-03-02'), (1, 'j:k:1:hello:email', TIMESTAMP '2026-03-02 01:00'),
            (1, 'm1', TIMESTAMP '2026-03-02 02:00'), (1, 'nowhere', TIMESTAMP '2026-03-02 03:00'),
            (1, 'hello:x', TIMESTAMP '2026-03-02 04:00'), (1, NULL, TIMESTAMP '2026-03-02 05:00')
        ) AS c(customer_id, send_id, clicked_at)"""
    )
    shop.events["mail"] = {"table": "mails", "contact": "customer_id", "at": "sent_at", "id": "send_id"}
    shop.events["click"] = {
        "table": "clicks",
        "contact": "customer_id",
        "at": "clicked_at",
        "send": "send_id",
    }
    notes = {note.text: note.count for note in profiler(messages=["hello"]).event("click").notes}
    # `hello:x` is no id of ours: in one the message stands before the channel, but so it does in this
    assert notes == {
        "events without a send in `send_id`": 1,
        "events whose `send_id` is no message of this project and no id of an event": 1,
    }


def test_products_have_one_row_for_each_key_and_are_joined(shop, profiler: Profile) -> None:
    shop.fill(
        """INSERT INTO goods VALUES (200, 'cup', true), (NULL, 'x', true);
        ALTER TABLE orders ADD COLUMN sku INTEGER; UPDATE orders SET sku = customer_id * 100;
        INSERT INTO orders VALUES (1, 'c', '2026-03-02', NULL, 5, 999)"""
    )
    shop.products = {"table": "goods", "key": "sku"}
    shop.events["order"] = {"table": "orders", "contact": "customer_id", "at": "ordered_at", "id": "order_id"}
    look = profiler()
    assert look.products().notes == (
        Note("products without a key", 1),
        Note("products whose key another one has too", 1),
    )
    assert look.event("order").notes == (Note("events whose `sku` is no product", 1),)


def test_outliers_are_judged_on_logarithms(shop, profiler: Profile) -> None:
    """Log-normal amounts have a long tail and next to no outliers; a slip of a thousand is one."""
    drawn = np.random.default_rng(4).lognormal(3.5, 1.0, 4_000)
    amounts = [round(float(amount), 2) for amount in drawn] + [9e6, 9e6, -5e5]
    shop.fill("CREATE TABLE sales (customer_id INTEGER, sold_at TIMESTAMP, amount DOUBLE, same INTEGER)")
    shop.fill(
        "INSERT INTO sales SELECT 1, TIMESTAMP '2026-03-01' + INTERVAL 1 SECOND * row_number() OVER (), a, 7 "
        f"FROM (SELECT unnest({amounts}) AS a)"
    )
    shop.events["sale"] = {"table": "sales", "contact": "customer_id", "at": "sold_at"}
    profile = profiler().event("sale")
    found = column(profile, "amount")
    logs = sorted(math.copysign(math.log1p(abs(a)), a) for a in amounts)
    low, high = (logs[math.ceil(q * len(logs)) - 1] for q in (0.25, 0.75))
    ends = [math.copysign(math.expm1(abs(e)), e) for e in (low - 3 * (high - low), high + 3 * (high - low))]
    assert (found.clip_low, found.clip_high) == pytest.approx(tuple(ends))
    assert found.outliers == 3 == sum(not ends[0] <= a <= ends[1] for a in amounts)
    raw = np.quantile(drawn, [0.25, 0.75])
    assert (drawn > raw[1] + 3 * (raw[1] - raw[0])).mean() > 0.01, (
        "on raw amounts the tail itself would be flagged"
    )
    assert column(profile, "same").clip_high is None  # where most are the same, none is far out


def test_infinite_and_undefined_numbers_do_not_spoil_a_column(shop, profiler: Profile) -> None:
    shop.fill(
        "CREATE TABLE sales AS SELECT 1 AS customer_id, TIMESTAMP '2026-03-01' AS sold_at, "
        "unnest(['nan', 'inf', '-inf', '1', '2', '3', '4'])::DOUBLE AS amount"
    )
    shop.events["sale"] = {"table": "sales", "contact": "customer_id", "at": "sold_at"}
    found = column(profiler().event("sale"), "amount")
    assert found.middle == "2"
    assert found.clip_high is not None and math.isfinite(found.clip_high)
    assert found.outliers == 3


def test_a_sample_is_the_same_whatever_the_order_of_the_rows(shop, profiler: Profile) -> None:
    shop.fill(
        "CREATE TABLE a AS SELECT n % 3 + 1 AS customer_id, TIMESTAMP '2026-03-01' AS at_time, n FROM range(500) t(n)"
    )
    shop.fill("CREATE TABLE b AS FROM a ORDER BY n DESC")
    for name in ("a", "b"):
        shop.events[name] = {"table": name, "contact": "customer_id", "at": "at_time"}
    look = profiler(sample=50)
    first, second = look.event("a"), look.event("b")
    assert (first.rows, first.looked_at) == (500, 50)
    assert first.columns == second.columns
    assert column(first, "n").distinct == 50


def test_nothing_is_said_of_an_empty_table(shop, profiler: Profile) -> None:
    shop.fill("DELETE FROM orders")
    shop.events["order"] = {"table": "orders", "contact": "customer_id", "at": "ordered_at"}
    profile = profiler().event("order")
    assert (profile.rows, profile.notes) == (0, ())
    assert profile.freshness is not None and profile.freshness.newest is None
