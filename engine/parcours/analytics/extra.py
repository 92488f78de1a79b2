"""The libraries that learning needs and the rest of the house does not: the extra `[ml]`."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from parcours.diagnostics import Place, problem

_LIBRARIES = ("numpy", "scipy", "sklearn", "threadpoolctl")


def need_libraries(what: str, place: Place) -> None:
    """Raises `Problem` when one of the libraries is not installed. `what` needs them: "the clusters `typology`"."""
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        message = f"{what} cannot be learned without the Python package `{missing[0]}`"
        raise problem(
            "cannot-learn", message, place, help='install what learns: `pip install "parcours[ml]"`'
        )


@contextmanager
def one_thread() -> Iterator[None]:
    """Within it the numerical libraries use one thread: several add up floating point numbers in an order that changes
    from run to run, and on few cores they wait for each other longer than they work."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
