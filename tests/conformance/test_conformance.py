"""Every case of the folder, on every engine. The id of a test is rule/case/engine."""

from functools import cache

import pytest
from casefile import read_all
from cases import Case, Row
from engines import ENGINES, Engine
from running import checked_text, differences, script_of

CASES = read_all()
RUNS = [
    pytest.param(case, engine, id=f"{case.rule}/{case.name}/{engine.name}")
    for case in CASES
    if not case.is_about_errors
    for engine in ENGINES
]
ERRORS = [pytest.param(case, id=f"{case.rule}/{case.name}/check") for case in CASES if case.is_about_errors]


@cache
def _seen(place: str, engine_name: str) -> list[Row]:
    (case,) = (case for case in CASES if case.place == place)
    (engine,) = (engine for engine in ENGINES if engine.name == engine_name)
    return engine.run(script_of(case))


@pytest.mark.parametrize(("case", "engine"), RUNS)
def test_everything_expected_happens_and_nothing_else(
    case: Case, engine: Engine, request: pytest.FixtureRequest
) -> None:
    if engine.name in case.differs:
        request.applymarker(pytest.mark.xfail(strict=True, reason=case.differs[engine.name]))
    found = differences(case.expect, _seen(case.place, engine.name), case.looks_at)
    assert not found, "\n".join([case.place, *found])


@pytest.mark.parametrize("case", ERRORS)
def test_the_check_says_every_error_and_where(case: Case) -> None:
    assert checked_text(case.journeys, case.policy, case.zone).errors == list(case.errors), case.place
