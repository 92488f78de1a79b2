"""What a version of a journey is: a content hash of all that it means (T18)."""

from hashlib import sha256

from parcours.checking import checked


def content_hash(journey: checked.Journey) -> str:
    """16 hex digits. Checked journeys are frozen dataclasses whose `repr` leaves places and texts out, and whose
    terms hold the segments and stages that they use: equal hashes mean equal behaviour."""
    return sha256(repr(journey).encode()).hexdigest()[:16]
