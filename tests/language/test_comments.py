"""Comments stay with what they speak of, when lines around them move."""

from parcours.language.formatting import formatted


def _formatted(text: str) -> str | None:
    return formatted(text, "a.journey").text


ALL_PLACES = """\
# head of the file

# above the journey
journey j  # beside the journey
    "What it is for"  # beside the doc
    # above owner
    owner "crm"  # beside owner
    enter on order  # beside enter
        # in enter
        again  # beside again
        # at the end of enter
    # above goal
    goal bought: order within 3 days

    # above if
    if a = 1  # beside if
        # above send
        send hello by email

        # at the end of the branch
    # before else
    else  # beside else
        # above the label
        lab:  # beside the label
        exit
        # at the end of else
    # at the end of the journey

# between
message hello
    email "# no comment"  # beside the body

# at the end of the file
"""


def test_comments_in_every_place_stay_as_they_are_in_a_canonical_file() -> None:
    assert _formatted(ALL_PLACES) == ALL_PLACES


def test_comments_move_with_their_lines() -> None:
    text = (
        "journey j\n"
        "    # why so high\n"
        "    priority 9 # beside priority\n"
        "    # the team\n"
        '    owner "crm"\n'
        "    enter by hand\n"
        "    exit\n"
    )
    assert _formatted(text) == (
        "journey j\n"
        "    # the team\n"
        '    owner "crm"\n'
        "    # why so high\n"
        "    priority 9  # beside priority\n"
        "    enter by hand\n"
        "\n"
        "    exit\n"
    )


def test_comments_within_a_condition_of_several_lines_are_kept() -> None:
    text = "segment s\n    a = 1  # first\n    # second\n    and b = 2  # third\n"
    assert _formatted(text) == "segment s\n    # first\n    # second\n    a = 1 and b = 2  # third\n"


def test_a_sign_in_a_text_begins_no_comment() -> None:
    text = 'message m\n    email "50 # off" # really\n'
    assert _formatted(text) == 'message m\n    email "50 # off"  # really\n'


def test_a_file_of_comments_only_stays() -> None:
    assert _formatted("# one\n\n# two\n") == "# one\n\n# two\n"


def test_blank_lines_of_the_author_stay_single() -> None:
    text = "journey j\n    enter by hand\n\n    wait 1 day\n\n\n    wait 2 days\n    exit\n"
    assert _formatted(text) == (
        "journey j\n    enter by hand\n\n    wait 1 day\n\n    wait 2 days\n    exit\n"
    )
