"""The extra `[ml]`: who has it not is told so."""

import subprocess
import sys

import pytest

from parcours.analytics import extra
from parcours.diagnostics import Place, Problem


def test_who_lacks_a_library_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None if name == "sklearn" else object())
    with pytest.raises(Problem) as raised:
        extra.need_libraries("the score `churn`", Place("shop.journey"))
    (found,) = raised.value.diagnostics
    assert found.message == "the score `churn` cannot be learned without the Python package `sklearn`"
    assert 'pip install "parcours[ml]"' in found.advice


def test_within_it_libraries_have_one_thread() -> None:
    import numpy  # noqa: F401 - it brings the library whose threads are counted
    from threadpoolctl import threadpool_info

    with extra.one_thread():
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}


def test_who_learns_none_of_it_needs_no_library() -> None:
    program = "import sys, parcours.analytics.learn; print(*{'numpy', 'scipy', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
