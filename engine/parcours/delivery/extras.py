"""Libraries that are only there where `parcours[server]` was installed."""

from importlib.util import find_spec

from parcours.diagnostics import Place, problem


def need(library: str, what: str, place: Place | str) -> None:
    """`Problem` when a library is not installed. `what` needs it, and stands at `place`."""
    if find_spec(library) is None:
        raise problem("missing-extra", f"{what} needs `{library}`, which is not installed", place)
