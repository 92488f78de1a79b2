"""Cases that once differed come to the same on both sides, for ever."""

import pytest

from differential.cases import Script
from differential.corpus import read_all
from differential.mart import LIVE
from differential.trials import trial


@pytest.mark.parametrize("script", read_all(), ids=lambda script: script.name)
def test_what_once_differed_does_so_no_more(script: Script) -> None:
    assert trial(script, LIVE).wrong == ()
