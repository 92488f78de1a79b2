"""One mistake gives one diagnostic: measured on every slip of the pen in every journey file that there is.

All of them take a minute; PARCOURS_SLIPS says how many are tried.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from mutations import KINDS, Slip, slips

from parcours.language.parser import parse

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared" / "design" / "samples" / "shop"
FILES = sorted(
    (*ROOT.glob("journeys/*/*.journey"), *ROOT.glob("examples/*/*.journey"), *SAMPLES.glob("*.journey"))
)
TRIED = int(os.environ.get("PARCOURS_SLIPS", "600"))
FLOOR = 0.995  # of those that are told at all; all of them: 1.0 when this was written


@pytest.fixture(scope="module")
def everything() -> list[Slip]:
    return [slip for file in FILES for slip in slips(file.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def chosen(everything: list[Slip]) -> list[Slip]:
    return everything[:: max(1, len(everything) // TRIED)]


def test_one_slip_of_the_pen_gives_one_diagnostic(chosen: list[Slip]) -> None:
    told = Counter(min(2, len(parse(slip.text, "f")[1])) for slip in chosen)
    assert told[1] / (told[1] + told[2]) >= FLOOR


def test_the_slips_are_of_every_kind(everything: list[Slip]) -> None:
    assert {slip.kind for slip in everything} == set(KINDS)


def test_most_slips_are_told(chosen: list[Slip]) -> None:
    """Those that are not are right in form: another name, or a word less where it may be left out."""
    assert sum(bool(parse(slip.text, "f")[1]) for slip in chosen) / len(chosen) > 0.85
