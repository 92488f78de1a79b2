"""Time and chance: the only sources of both. Everything else takes instants and shares from here.

Instants are naive datetimes in UTC (T1); local times are naive datetimes on a zone's wall clock."""

from parcours.clock.calendar import Recurrence, dates_in
from parcours.clock.chance import boundaries, share_of, threshold
from parcours.clock.zones import (
    BEGINNING,
    END,
    Wall,
    ZonePeriod,
    is_zone,
    periods,
    to_local,
    to_utc,
    wall,
    zone_names,
)

__all__ = [
    "BEGINNING",
    "END",
    "Recurrence",
    "Wall",
    "ZonePeriod",
    "boundaries",
    "dates_in",
    "is_zone",
    "periods",
    "share_of",
    "threshold",
    "to_local",
    "to_utc",
    "wall",
    "zone_names",
]
