"""Sends for tests."""

from datetime import datetime
from typing import Any

from parcours.delivery.send import Send

GRANTED = datetime(2026, 3, 2, 9)


def send(number: int, **more: Any) -> Send:
    """The send of this number, plain unless `more` says otherwise."""
    said: dict[str, Any] = {
        "id": f"{number:032x}",
        "contact": str(number),
        "address": f"c{number}@example.org",
        "journey": "welcome",
        "step": "hello",
        "message": "hello",
        "channel": "email",
        "purpose": "service",
        "topic": "news",
        "reference": f"welcome::{number}:hello:email",
        "granted_at": GRANTED,
        "subject": f"Hello {number}",
        "text": f"Dear {number}, café",
    }
    return Send(**{**said, **more})
