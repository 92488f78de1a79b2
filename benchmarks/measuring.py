"""How long something takes."""

import time
from collections.abc import Callable


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The median of so many measurements."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return sorted(found)[len(found) // 2]
