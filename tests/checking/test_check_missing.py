"""A name that is declared nowhere is one mistake, however often it is used."""

from parcours.checking.missing import told_once
from parcours.diagnostics import Diagnostic, Place


def missing(code: str, message: str, file: str, line: int) -> Diagnostic:
    return Diagnostic(code, message, Place(file, line, 1, line, 2), help="there is: other")


def test_it_is_told_at_its_first_place_with_the_others() -> None:
    found = [
        missing("unknown-message", "no `helo`", f, n) for f, n in (("b", 5), ("a", 2), ("b", 1), ("c", 7))
    ]
    (told,) = told_once([*found, missing("unknown-message", "no `helo`", "d", 3)])
    assert (told.place.file, told.place.line) == ("a", 2)
    assert told.help == "there is: other; it is used in b:1:1, b:5:1, c:7:1 and 1 more place too"


def test_two_names_are_told_apart() -> None:
    found = [missing("unknown-message", "no `helo`", "a", 1), missing("unknown-message", "no `helu`", "a", 1)]
    assert set(told_once(found)) == set(found)


def test_what_is_used_once_has_no_others() -> None:
    found = (missing("unknown-channel", "no `fax`", "a", 1),)
    assert told_once(found) == found


def test_an_attribute_that_does_not_exist_is_told_wherever_it_is_used() -> None:
    """It is declared in no journey file: each use of it is a slip of its own."""
    found = [missing("unknown-attribute", "no `contry`", "a", n) for n in (1, 2)]
    assert set(told_once(found)) == set(found)
