"""Which instants a report is about."""

import pytest
from post_office import PostOffice

from parcours.diagnostics import Problem


@pytest.mark.parametrize(
    ("span", "option"),
    [
        (("2026-03-03 00:00", "2026-03-02 00:00", None), "--to"),
        (("2026-03-02 00:00", "2026-03-02 00:00", None), "--to"),
        (("2026-03-02 00:00", "2026-03-03 00:00", "2026-03-02 12:00"), "--as-of"),
    ],
)
def test_a_span_that_cannot_be_meant_is_told(
    greeted: PostOffice, span: tuple[str, str, str | None], option: str
) -> None:
    with pytest.raises(Problem) as raised:
        greeted.report(*span)
    (found,) = raised.value.diagnostics
    assert (found.code, found.place.file) == ("bad-option", option)


def test_neighbouring_spans_share_no_message(greeted: PostOffice) -> None:
    counted = [
        greeted.report(first, last).of("all")[0].figures.granted
        for first, last in (
            ("2026-03-02 00:00", "2026-03-02 10:00"),
            ("2026-03-02 10:00", "2026-03-02 20:00"),
            ("2026-03-02 00:00", "2026-03-02 20:00"),
        )
    ]
    assert counted == [0, 4, 4]
