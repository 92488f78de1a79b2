"""Cases that once differed come to the same on both sides, for ever."""

import pytest

from differential.corpus import Kept, read_all
from differential.trials import wrong


@pytest.mark.parametrize("kept", read_all(), ids=lambda kept: kept.script.name)
def test_what_once_differed_does_so_no_more(kept: Kept) -> None:
    assert wrong(kept.script, kept.where) == ()
