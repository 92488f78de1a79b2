"""Zones: the first that holds, ties together, unknown is no."""

from decimal import Decimal

import pytest
from planted import engine_in_memory, put, rows

from parcours.analytics.prediction.zones import Stake, zoned
from parcours.checking.checked import BreakEvenZone, FromZone, OtherwiseZone, TopZone, WhereZone
from parcours.checking.terms import Constant
from parcours.engines.duckdb.engine import DuckDBEngine

YES = Constant(True, "yes_no")  # stands in the table as `wN`


@pytest.fixture
def engine() -> DuckDBEngine:
    made = engine_in_memory()
    shares = [0.9, 0.8, 0.8, 0.8, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05]
    put(made, "shares", contact=list("abcdefghij"), probability=shares, w0=[None, True, False] + [False] * 7)
    return made


def _zones(engine: DuckDBEngine) -> str:
    return "".join(zone or "-" for (zone,) in rows(engine, "SELECT zone FROM zoned ORDER BY contact"))


def test_the_first_that_holds_and_nobody_elsewhere(engine: DuckDBEngine) -> None:
    zones = [WhereZone("w", YES), FromZone("x", Decimal(40)), FromZone("y", Decimal("19.5"))]
    found = zoned(engine, "shares", zones, None, "zoned")
    assert _zones(engine) == "xwxxxxyy--"
    assert found == [
        {"name": "w", "from": None, "contacts": 1},
        {"name": "x", "from": 0.4, "contacts": 5},
        {"name": "y", "from": 0.195, "contacts": 2},
    ]


@pytest.mark.parametrize(
    ("percent", "inside"), [("0", 0), ("10", 1), ("20", 4), ("40", 4), ("41", 5), ("100", 10)]
)
def test_who_ties_with_the_last_of_the_top_is_in(engine: DuckDBEngine, percent: str, inside: int) -> None:
    zoned(engine, "shares", [TopZone("t", Decimal(percent)), OtherwiseZone("o")], None, "zoned")
    assert _zones(engine) == "t" * inside + "o" * (10 - inside)


def test_break_even_is_where_what_is_expected_pays_for_speaking(engine: DuckDBEngine) -> None:
    stake = Stake(Decimal("0.60"), Decimal("2.00"), "")
    zoned(engine, "shares", [BreakEvenZone("p")], stake, "zoned")
    assert _zones(engine) == "ppppppp---"
    zoned(engine, "shares", [BreakEvenZone("p")], Stake(Decimal(1), Decimal(0), ""), "zoned")
    assert _zones(engine) == "-" * 10
    zoned(engine, "shares", [BreakEvenZone("p")], None, "zoned")
    assert _zones(engine) == "-" * 10


def test_without_zones_everybody_has_a_probability_only(engine: DuckDBEngine) -> None:
    assert zoned(engine, "shares", [], None, "zoned") == []
    assert _zones(engine) == "-" * 10
