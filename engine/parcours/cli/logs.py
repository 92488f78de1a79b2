"""What `parcours run` says while it runs: in sentences for people, or one event a line for programs."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

from parcours.cli.relay import told
from parcours.cli.state import now
from parcours.cli.streams import say, tell
from parcours.cli.tick import told_tick
from parcours.diagnostics import CODES, Diagnostic, Problem

if TYPE_CHECKING:
    from parcours.delivery.relay import Relayed
    from parcours.delivery.running import Trouble
    from parcours.executor.result import TickResult
    from parcours.executor.status import JourneyTick

Form = Literal["text", "json"]


class Teller(Protocol):
    """Takes what happens in a `run`."""

    def started(self, process: int, every: str, interval: timedelta, address: str | None) -> None: ...

    def warned(self, found: Iterable[Diagnostic], sources: Mapping[str, str]) -> None: ...

    def ticked(
        self, result: "TickResult", at: str, seconds: Mapping[str, float], journeys: "Iterable[JourneyTick]"
    ) -> None: ...

    def relayed(self, relayed: "Relayed") -> None: ...

    def troubled(self, trouble: "Trouble") -> None: ...

    def ended(self, error: Problem | None) -> None: ...


class Sentences:
    """What happens on standard output, what is wrong on standard error."""

    def started(self, process: int, every: str, interval: timedelta, address: str | None) -> None:  # noqa: ARG002
        say(f"process {process} ticks every {every}")
        if address is not None:
            say(f"metrics and health at {address}")

    def warned(self, found: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
        tell(found, sources)

    def ticked(
        self,
        result: "TickResult",
        at: str,
        seconds: Mapping[str, float],  # noqa: ARG002
        journeys: "Iterable[JourneyTick]",  # noqa: ARG002
    ) -> None:
        say(told_tick(result, at))

    def relayed(self, relayed: "Relayed") -> None:
        if relayed != type(relayed)():
            say(told(relayed))

    def troubled(self, trouble: "Trouble") -> None:
        say(trouble.words)
        if isinstance(trouble.error, Problem):
            tell(trouble.error.diagnostics, {})

    def ended(self, error: Problem | None) -> None:
        if error is not None:
            raise error
        say("stopped")


class Lines:
    """One event a line on standard error. No event holds an address, a text, a contact or a secret: of what is wrong it
    says the code and its title, and `parcours status` says the rest."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._warned: set[tuple[str, str]] = set()

    def started(self, process: int, every: str, interval: timedelta, address: str | None) -> None:  # noqa: ARG002
        self._event("started", process=process, every_seconds=int(interval.total_seconds()), metrics=address)

    def warned(self, found: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:  # noqa: ARG002
        """Each warning once, however many ticks have it."""
        for one in found:
            if (one.code, str(one.place)) not in self._warned:
                self._warned.add((one.code, str(one.place)))
                self._event("warning", **_code(one))

    def ticked(
        self,
        result: "TickResult",
        at: str,  # noqa: ARG002
        seconds: Mapping[str, float],
        journeys: "Iterable[JourneyTick]",
    ) -> None:
        number, instant, *_ = result.row()
        for one in journeys:
            self._event("journey", tick=number, **asdict(one))
        counts = {k: v for k, v in asdict(result).items() if k not in ("tick", "at")}
        self._event("tick", tick=number, at=_instant(instant), **counts, seconds=_rounded(seconds))

    def relayed(self, relayed: "Relayed") -> None:
        counts = {k: v for k, v in asdict(relayed).items() if k not in ("reasons", "left_alone")}
        self._event("relay", **counts, left_alone=sorted(relayed.left_alone))

    def troubled(self, trouble: "Trouble") -> None:
        if trouble.error is None:
            self._event("clock_back")
            return
        next_at = None if trouble.next_at is None else _instant(trouble.next_at)
        self._event("failed", **_wrong(trouble.error), times=trouble.times, next_at=next_at)

    def ended(self, error: Problem | None) -> None:
        self._event("stopped", **({} if error is None else _wrong(error)))

    def _event(self, event: str, **fields: Any) -> None:
        said = {"time": _instant(now()), "event": event, **fields}
        line = json.dumps(said, ensure_ascii=False) if self._form == "json" else _logfmt(said)
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _wrong(error: Exception) -> dict[str, str]:
    if isinstance(error, Problem):
        return _code(error.diagnostics[0])
    return {"code": type(error).__name__}


def _code(one: Diagnostic) -> dict[str, str]:
    return {"code": one.code, "title": CODES[one.code].title, "place": str(one.place)}


def _rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    return {stage: round(spent, 6) for stage, spent in seconds.items()}


def _instant(at: datetime) -> str:
    return f"{at.isoformat()}Z"


def _logfmt(said: Mapping[str, Any]) -> str:
    """`name=value` with a point for what is inside: `seconds.wake=0.5`."""
    pairs = []
    for name, value in said.items():
        if isinstance(value, Mapping):
            pairs += [(f"{name}.{inner}", one) for inner, one in value.items()]
        else:
            pairs.append((name, ",".join(value) if isinstance(value, list) else value))
    return " ".join(f"{name}={_word(value)}" for name, value in pairs)


def _word(value: object) -> str:
    if value is None or value == "":
        return "-"
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if any(c in text for c in ' "=\n') else text
