"""The example shop's data: same seed, same bytes; and what generate.py says is planted is there."""

import hashlib
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import ModuleType
from typing import Any

import duckdb
import pytest
from shop_project import SHOP, generator

from parcours.clock.chance import boundaries, share_of, threshold

SCRIPT = SHOP / "generate.py"
CONTACTS = 2000
ARMS = {"plain": 34, "warm": 33, "points": 33}

Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return generator()


@pytest.fixture(scope="module")
def ask(script: ModuleType) -> Iterator[Ask]:
    """Answers a query over the generated tables with its one value."""
    with duckdb.connect() as connection:
        script.build(connection, CONTACTS, 1)

        def one_value(query: str) -> Any:
            ((value,),) = connection.execute(query).fetchall()
            return value

        yield one_value


def sums(folder: pathlib.Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_seed_and_size_give_the_same_bytes(script: ModuleType, tmp_path: pathlib.Path) -> None:
    for name in ("one", "two"):
        script.generate(500, 1, tmp_path / name)
    assert len(sums(tmp_path / "one")) == 14
    assert sums(tmp_path / "one") == sums(tmp_path / "two")


def test_another_seed_makes_other_people(script: ModuleType, tmp_path: pathlib.Path) -> None:
    for seed in (1, 2):
        script.generate(100, seed, tmp_path / str(seed))
    one, two = sums(tmp_path / "1"), sums(tmp_path / "2")
    assert all(one[name] != two[name] for name in one)


def test_the_command_tells_files_and_rows(tmp_path: pathlib.Path) -> None:
    command = [sys.executable, str(SCRIPT), "--contacts", "50", "--to", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told[0].split() == ["file", "rows"]
    assert told[1].split() == ["contacts.parquet", "50"]
    assert {line.split()[0] for line in told[1:]} == {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("orders", "ordered_at"),
        ("orders", "loaded_at"),
        ("order_lines", "ordered_at"),
        ("visits", "visited_at"),
        ("carts", "updated_at"),
        ("sends", "sent_at"),
        ("opens", "opened_at"),
        ("clicks", "clicked_at"),
        ("taps", "tapped_at"),
        ("opt_outs", "opted_out_at"),
        ("deliveries", "delivered_at"),
        ("reviews", "reviewed_at"),
    ],
)
def test_all_that_happens_is_within_the_two_years(ask: Ask, table: str, column: str) -> None:
    within = f"min({column}) >= TIMESTAMP '2024-04-01' AND max({column}) < TIMESTAMP '2026-04-01'"
    assert ask(f"SELECT count(*) > 0 AND {within} FROM {table}")


def test_nobody_does_anything_before_signing_up(ask: Ask) -> None:
    for table, column in (("orders", "ordered_at"), ("sends", "sent_at"), ("carts", "updated_at")):
        early = f"SELECT count(*) FROM {table} JOIN contacts USING (contact_id) WHERE {column} < signed_up_at"
        assert ask(early) == 0


def test_a_third_of_the_contacts_was_there_before(ask: Ask) -> None:
    share = ask("SELECT avg((signed_up_at < TIMESTAMP '2024-04-01')::INTEGER) FROM contacts")
    assert 0.29 < share < 0.38


def test_some_attributes_are_unknown_and_some_zones_wrong(ask: Ask) -> None:
    for column in ("email", "phone", "push_token", "birth_date", "email_opt_in", "sms_opt_in", "time_zone"):
        assert 0 < ask(f"SELECT count({column}) FROM contacts") < CONTACTS
    assert ask("SELECT count(*) FROM contacts WHERE time_zone IN ('Europe/Pariss', 'GMT+25', 'Paris')") > 0
    assert ask("SELECT count(DISTINCT zone) FROM person") == 6
    assert ask("SELECT count(*) FROM contacts WHERE month(birth_date) = 2 AND day(birth_date) = 29") > 0


def test_those_who_never_engaged_left_no_trace(ask: Ask) -> None:
    assert 0.14 < ask("SELECT avg((kind = 'never')::INTEGER) FROM person") < 0.22
    for table in ("visits", "orders", "carts", "opens", "clicks"):
        assert ask(f"SELECT count(*) FROM {table} JOIN person USING (contact_id) WHERE kind = 'never'") == 0


def test_the_orders_of_fading_people_stop_and_loyal_people_go_on(ask: Ask) -> None:
    late = "ordered_at > stops_on + 7 AND kind IN ('fading', 'lost')"
    assert ask(f"SELECT count(*) FROM orders JOIN person USING (contact_id) WHERE {late}") == 0
    assert ask("SELECT count(*) FROM person WHERE kind = 'fading' AND stops_on < DATE '2026-01-01'") > 20
    recent = "SELECT contact_id FROM orders WHERE ordered_at > TIMESTAMP '2026-01-01'"
    loyal = "kind = 'loyal' AND signed_up_at < TIMESTAMP '2026-01-01'"
    assert ask(f"SELECT avg((contact_id IN ({recent}))::INTEGER) FROM person WHERE {loyal}") > 0.9


def test_one_timers_order_once_at_most(ask: Ask) -> None:
    orders = "SELECT count(DISTINCT order_id) AS n FROM orders JOIN person USING (contact_id)"
    assert ask(f"SELECT max(n) FROM ({orders} WHERE kind = 'one_timer' GROUP BY contact_id)") == 1


def test_summer_buyers_order_in_summer_only_and_swimwear_first(ask: Ask) -> None:
    summer = "FROM bought WHERE kind = 'summer'"
    assert ask(f"SELECT count(*) {summer}") > 50
    assert ask(f"SELECT count(*) {summer} AND month(local_at) NOT IN (6, 7, 8)") == 0
    swimwear = "avg((category = 'swimwear')::INTEGER) FROM order_lines JOIN products USING (sku)"
    assert ask(f"SELECT {swimwear} JOIN bought USING (order_id) WHERE kind = 'summer'") > 0.4
    assert ask(f"SELECT {swimwear} WHERE month(ordered_at) = 1") < 0.1


def test_orders_peak_in_december_on_weekends_and_in_the_evening(ask: Ask) -> None:
    december = "count(*) FILTER (year(local_at) = 2025 AND month(local_at) = 12)"
    october = "count(*) FILTER (year(local_at) = 2025 AND month(local_at) = 10)"
    assert ask(f"SELECT {december} / {october} FROM bought") > 1.3
    assert 0.33 < ask("SELECT avg((isodow(local_at) > 5)::INTEGER) FROM bought") < 0.39
    assert 0.27 < ask("SELECT avg((hour(local_at) IN (19, 20, 21))::INTEGER) FROM bought") < 0.33


def test_the_rhythm_is_that_of_the_wall_clock_where_people_live(ask: Ask) -> None:
    night = "avg((hour(instant) < 6)::INTEGER) FROM bought"
    assert ask(f"SELECT {night} WHERE zone = 'Europe/Paris'") < 0.05
    assert ask(f"SELECT {night} WHERE zone = 'America/Los_Angeles'") > 0.3
    assert ask("SELECT count(*) FROM bought WHERE hour(local_at) < 6") == 0


def test_an_order_amounts_to_its_lines(ask: Ask) -> None:
    lines = "SELECT order_id, sum(quantity * price) AS total FROM order_lines GROUP BY order_id"
    assert ask(
        f"SELECT count(*) FROM orders LEFT JOIN ({lines}) USING (order_id) WHERE amount = total"
    ) == ask("SELECT count(*) FROM orders")
    assert ask("SELECT typeof(any_value(amount)) FROM orders") == "DECIMAL(10,2)"


def test_a_few_orders_come_twice_and_a_few_come_late(ask: Ask) -> None:
    twice = ask("SELECT (count(*) - count(DISTINCT order_id)) / count(*) FROM orders")
    assert 0.0005 < twice < 0.004
    assert ask("SELECT min(loaded_at - ordered_at) > INTERVAL 0 SECOND FROM orders")
    late = ask("SELECT avg((loaded_at - ordered_at >= INTERVAL 1 DAY)::INTEGER) FROM orders")
    assert 0.0003 < late < 0.004


def test_a_cart_belongs_to_one_contact_and_becomes_an_order_within_hours(ask: Ask) -> None:
    assert ask("SELECT max(n) FROM (SELECT count(DISTINCT contact_id) AS n FROM carts GROUP BY cart_id)") == 1
    joined = "FROM clean_orders o JOIN carts c USING (cart_id)"
    wrong = (
        "o.contact_id != c.contact_id OR c.updated_at NOT BETWEEN ordered_at - INTERVAL 6 HOUR AND ordered_at"
    )
    assert ask(f"SELECT count(*) {joined}") > 1000
    assert ask(f"SELECT count(*) {joined} WHERE {wrong}") == 0
    left = "SELECT count(DISTINCT cart_id) FROM carts WHERE cart_id NOT IN"
    abandoned = ask(f"{left} (SELECT cart_id FROM orders WHERE cart_id IS NOT NULL)")
    assert 0.25 < abandoned / ask("SELECT count(DISTINCT cart_id) FROM carts") < 0.5


def test_a_core_product_draws_its_companion_into_the_basket(ask: Ask) -> None:
    drawn = """
        SELECT avg((order_id IN (SELECT order_id FROM order_lines WHERE sku = companion))::INTEGER)
        FROM order_lines JOIN companion USING (sku) WHERE sku = 'P0001'"""
    assert 0.38 < ask(drawn) < 0.55
    base = "SELECT avg((order_id IN (SELECT order_id FROM order_lines WHERE sku = "
    assert ask(f"{base} (SELECT companion FROM companion WHERE sku = 'P0001')))::INTEGER) FROM orders") < 0.1


def test_the_loyal_open_more_than_the_one_timers(ask: Ask) -> None:
    opened = (
        "avg((send_id IN (SELECT send_id FROM opens))::INTEGER) FROM sends JOIN person USING (contact_id)"
    )
    assert ask(f"SELECT {opened} WHERE kind = 'loyal'") > 2 * ask(f"SELECT {opened} WHERE kind = 'one_timer'")
    assert ask("SELECT count(*) FROM clicks WHERE send_id NOT IN (SELECT send_id FROM opens)") == 0


def test_whoever_opts_out_is_sent_nothing_more(ask: Ask) -> None:
    after = "FROM sends s JOIN opt_outs o USING (contact_id) WHERE s.sent_at > o.opted_out_at"
    assert ask("SELECT count(*) FROM opt_outs") > 20
    assert ask(f"SELECT count(*) {after}") == 0
    assert ask("SELECT count(*) - count(channel) FROM opt_outs") > 0


def test_who_buys_with_vouchers_and_who_for_others(ask: Ask) -> None:
    orders = "FROM orders JOIN manner USING (contact_id)"
    for manner, vouchers, wrapped in (
        ("full_price", 0.05, 0.04),
        ("bargain", 0.9, 0.04),
        ("gifts", 0.05, 0.85),
    ):
        of = f"{orders} WHERE manner = '{manner}'"
        assert ask(f"SELECT avg((voucher > 0)::INTEGER) {of}") == pytest.approx(vouchers, abs=0.02)
        assert ask(f"SELECT avg((wrapped > 0)::INTEGER) {of}") == pytest.approx(wrapped, abs=0.02)
    assert ask("SELECT count(*) FROM orders WHERE wrapped > items") == 0


def test_buyers_answer_pushes_and_others_texts(ask: Ask) -> None:
    recent = """EXISTS (FROM bought b WHERE b.contact_id = s.contact_id
        AND b.instant <= s.sent_at AND b.instant > s.sent_at - INTERVAL 90 DAY)"""
    answered = "avg((send_id IN (SELECT send_id FROM taps))::INTEGER) FROM sends s"
    for channel, whose, rate in (
        ("push", recent, 0.16),
        ("push", f"NOT {recent}", 0.05),
        ("sms", recent, 0.05),
        ("sms", f"NOT {recent}", 0.12),
    ):
        found = ask(f"SELECT {answered} WHERE channel = '{channel}' AND {whose}")
        assert found == pytest.approx(rate, abs=0.015)


def test_pushes_and_texts_go_to_those_who_can_have_them(ask: Ask) -> None:
    wrong = (
        "channel = 'push' AND (push_token IS NULL OR NOT push_opt_in) OR channel = 'sms' AND NOT sms_opt_in"
    )
    assert ask("SELECT count(DISTINCT channel) FROM sends") == 3
    assert ask(f"SELECT count(*) FROM sends JOIN contacts USING (contact_id) WHERE {wrong}") == 0
    assert ask("SELECT count(*) - count(DISTINCT send_id) FROM sends") == 0


def test_reviews_come_as_the_hold_out_and_the_arm_of_the_contact_say(ask: Ask) -> None:
    """Both are those of the share of T17."""
    arms = {
        contact: next(
            arm for arm, bound in zip(ARMS, boundaries(ARMS.values()), strict=True) if share < bound
        )
        for contact in range(1, CONTACTS + 1)
        for share in [share_of(f"ask_review/words:{contact}")]
    }
    assert ask("SELECT map(list(contact_id), list(arm)) FROM arm") == arms
    tenth = threshold(Decimal(10))
    held_out = [c for c in range(1, CONTACTS + 1) if share_of(f"ask_review/hold out:{c}") < tenth]
    assert ask("SELECT list(contact_id ORDER BY contact_id) FROM arm WHERE held_out") == held_out
    reviewed = "avg((order_id IN (SELECT order_id FROM reviews))::INTEGER) FROM deliveries JOIN arm USING (contact_id)"
    before_the_end = "delivered_at < TIMESTAMP '2026-03-15'"
    for whose, rate in (
        ("held_out", 0.02),
        ("NOT held_out AND arm = 'plain'", 0.05),
        ("NOT held_out AND arm = 'warm'", 0.05),
        ("NOT held_out AND arm = 'points'", 0.15),
    ):
        found = ask(f"SELECT {reviewed} WHERE {whose} AND {before_the_end}")
        assert found == pytest.approx(rate, abs=0.012)
