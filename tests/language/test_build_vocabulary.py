"""Segments, lifecycles, seasons and messages as models."""

from journey_text import declaration, findings, words


def test_a_segment_may_have_a_text_and_a_rhythm() -> None:
    """T10"""
    segment = declaration('segment vip\n    "The best"\n    a > 3\n    refresh every 2 hours\n')
    assert (segment.doc, segment.predicate.kind, str(segment.refresh)) == ("The best", "compare", "2 hours")
    assert declaration("segment vip\n    refresh every day\n    a > 3\n").refresh.count == 1
    assert declaration("segment vip\n    a\n").refresh is None


def test_a_rhythm_is_said_once() -> None:
    (finding,) = findings("segment vip\n    refresh every day\n    a > 3\n    refresh every day\n")
    assert (finding.code, finding.place.line) == ("repeated-clause", 4)


def test_a_lifecycle_has_stages_in_their_order() -> None:
    source = (
        "lifecycle customer\n    new: no order\n    `exit`: a\n    refresh every day\n    lost: otherwise\n"
    )
    lifecycle = declaration(source)
    assert [str(stage.name) for stage in lifecycle.stages] == ["new", "exit", "lost"]
    assert [stage.predicate and stage.predicate.kind for stage in lifecycle.stages] == ["has", "truth", None]
    assert str(lifecycle.refresh) == "1 day"
    assert words(lifecycle.stages[0].place, source) == "new: no order"


def test_a_season_runs_from_one_day_to_another() -> None:
    season = declaration("season winter\n    from 12-21 to 3-1\n")
    assert (season.start.month, season.start.day, season.end.month, season.end.day) == (12, 21, 3, 1)


def test_a_message_has_a_body_for_each_channel() -> None:
    message = declaration(
        'message m\n    topic news\n    subject "A" or "B"\n    email from "m.html"\n    sms "Hi # there"\n'
        "    expires after 2 days\n    live stock, nearest_store\n"
    )
    assert (str(message.topic), message.subjects, str(message.expires)) == ("news", ("A", "B"), "2 days")
    assert [(str(b.channel), b.text, b.file) for b in message.bodies] == [
        ("email", None, "m.html"),
        ("sms", "Hi # there", None),
    ]
    assert [str(name) for name in message.live] == ["stock", "nearest_store"]


def test_a_second_line_of_subjects_is_told_how_several_are_written() -> None:
    (finding,) = findings('message m\n    subject "A"\n    subject "B"\n    email "c"\n')
    assert (finding.code, finding.place.line) == ("repeated-clause", 3)
    assert '`subject "One" or "Another"`' in finding.advice


def test_a_second_body_for_a_channel_is_told() -> None:
    (finding,) = findings('message m\n    email "a"\n    sms "b"\n    email from "c"\n')
    assert (finding.code, finding.place.line, finding.place.end_column) == ("repeated-clause", 4, 10)


def test_a_channel_may_be_called_like_a_word_of_the_language() -> None:
    assert str(declaration('message m\n    `topic` "a"\n').bodies[0].channel) == "topic"
