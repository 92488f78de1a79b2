"""What was learned of how messages are answered: the best hour of a contact (A14), the rates of its segment (A15)."""

from datetime import datetime, timedelta
from fractions import Fraction

from parcours.checking import checked
from parcours.clock import to_local, to_utc
from parcours.oracle.run import Run
from parcours.oracle.terms import DAY, Scene, holds, midnight

EVERYBODY = None
_HOUR = timedelta(hours=1)


def best_hour(scene: Scene) -> tuple[int | None, bool]:
    """The contact's own, else everybody's; and whether it is the contact's own."""
    run = scene.world.learned(checked.response_hash("best_hour"), scene.at)
    own, whole = (run.parts.get(who, {}).get("hour") if run else None for who in (scene.contact, EVERYBODY))
    return (whole, False) if own is None else (own, True)


def best_hour_begins(run: Run, step: checked.Send, expires: datetime | None, scene: Scene) -> datetime | None:
    """When it begins, if a message is to wait for that: not when it is now, and not when that would be too late."""
    hour, _ = best_hour(scene)
    if step.best_hour is None or hour is None:
        return None
    today = midnight(to_local(scene.zone, scene.at))
    around = (today + ahead * DAY + hour * _HOUR for ahead in range(-1, 3))
    begins = [to_utc(scene.zone, local) for local in around]
    until = min(end for end in (run.arrived + step.best_hour.exact, run.keep_until, expires) if end)
    following = min(begin for begin in begins if begin > scene.at)
    is_now = any(begin <= scene.at < begin + _HOUR for begin in begins)
    return None if is_now or following > until else following


def learned_rates(project: checked.CheckedProject, channel: str, scene: Scene) -> dict[str, Fraction]:
    """How often messages by a channel are answered: of the contact's segment and of everybody, who are "", in this order, as
    far as it was learned. In whole millionths."""
    run = scene.world.learned(checked.response_hash("response"), scene.at)
    own = next((name for name, term in project.told_apart if holds(term, scene)), "")
    rates = {
        name: run.parts[name, channel]["rate"] for name in (own, "") if run and (name, channel) in run.parts
    }
    return {name: Fraction(int(rate * 1_000_000), 1_000_000) for name, rate in rates.items()}
