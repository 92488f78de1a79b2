"""What was learned of how messages are answered: the best hour of a contact (A14)."""

from datetime import datetime, timedelta

from parcours.checking import checked
from parcours.clock import to_local, to_utc
from parcours.oracle.run import Run
from parcours.oracle.terms import DAY, Scene, midnight

EVERYBODY = None
_HOUR = timedelta(hours=1)


def best_hour(scene: Scene) -> int | None:
    """The contact's own, else everybody's."""
    run = scene.world.learned(checked.response_hash("best_hour"), scene.at)
    found = [run.parts[who].get("hour") for who in (scene.contact, EVERYBODY) if run and who in run.parts]
    return next((hour for hour in found if hour is not None), None)


def best_hour_begins(run: Run, step: checked.Send, expires: datetime | None, scene: Scene) -> datetime | None:
    """When it begins, if a message is to wait for that: not when it is now, and not when that would be too late."""
    hour = best_hour(scene)
    if step.best_hour is None or hour is None:
        return None
    today = midnight(to_local(scene.zone, scene.at))
    around = (today + ahead * DAY + hour * _HOUR for ahead in range(-1, 3))
    begins = [to_utc(scene.zone, local) for local in around]
    until = min(end for end in (run.arrived + step.best_hour.exact, run.keep_until, expires) if end)
    following = min(begin for begin in begins if begin > scene.at)
    is_now = any(begin <= scene.at < begin + _HOUR for begin in begins)
    return None if is_now or following > until else following
