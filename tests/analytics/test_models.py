"""What `parcours models` lists."""

from world import checked_project, instant

from parcours.analytics.due import learnables
from parcours.analytics.learner import Run
from parcours.analytics.models import models

PROJECT = checked_project("""
rfm value
    of order.amount over 12 months

rfm engagement
    of click over 12 months

rfm visits
    of visit over 12 months
""")
HASH = {one.declared.name: one.hash for one in learnables(PROJECT)}


def _run(number: int, name: str, at: str, digest: str = "") -> Run:
    return Run(number, "rfm", name, digest or HASH[name], instant(at), 7, {"summary": "raw"})


def test_of_each_declaration_it_is_the_newest_that_is_read() -> None:
    runs = (
        _run(1, "gone", "2026-01-01 00:00", "h"),
        _run(2, "engagement", "2026-01-01 00:00", "of another declaration"),
        _run(3, "value", "2026-01-01 00:00"),
        _run(5, "value", "2026-01-02 00:00"),
        _run(6, "value", "2026-01-02 06:00", "of another declaration"),
        _run(4, "value", "2026-01-03 00:00"),
    )

    def listed(at: str) -> list[tuple[str, str, int | None, int]]:
        found = models(PROJECT, runs, instant(at))
        return [(one.name, one.condition, one.run and one.run.number, one.runs) for one in found]

    assert listed("2026-01-02 12:00") == [
        ("engagement", "changed", 2, 1),
        ("value", "fresh", 5, 2),
        ("visits", "never learned", None, 0),
        ("gone", "not declared", 1, 1),
    ]
    assert listed("2026-01-05 00:00")[1] == ("value", "due", 4, 3)
    assert listed("2025-01-01 00:00") == [
        (name, "never learned", None, 0) for name in ("engagement", "value", "visits")
    ]
