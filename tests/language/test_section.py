"""A mapping of parcours.yaml, key by key."""

from parcours.diagnostics import Diagnostic, Place
from parcours.language.section import Section
from parcours.language.yaml_reader import Mapping, read_yaml


def section(text: str) -> Section:
    tree, diagnostics = read_yaml(text, "f")
    assert diagnostics == ()
    assert isinstance(tree, Mapping)
    return Section("", tree, Place("f"), {"SET": "here"}, [])


def found(read: Section) -> list[tuple[str, str]]:
    return [(d.code, d.message) for d in read.diagnostics]


def test_a_text_is_read_with_its_place() -> None:
    name = section("a: b c\n").name("a")
    assert name is not None
    assert (name.text, name.place) == ("b c", Place("f", 1, 4, 1, 7))


def test_a_number_is_a_text_as_it_is_written() -> None:
    assert section("a: 007\n").text("a") == "007"


def test_what_is_absent_is_told_only_when_it_is_required() -> None:
    read = section("a:\n")
    assert (read.text("a"), read.text("b"), found(read)) == (None, None, [])
    assert (read.text("a", required=True), read.section("b", required=True)) == (None, None)
    assert found(read) == [("missing-setting", "`a` is missing"), ("missing-setting", "`b` is missing")]


def test_a_value_of_the_wrong_kind_is_told() -> None:
    read = section("a: [1]\nb: true\nc: x\nd: {e: 1}\n")
    assert (read.text("a"), read.text("b"), read.section("c"), read.names("d")) == (None, None, None, ())
    assert [code for code, _ in found(read)] == ["bad-setting"] * 4


def test_a_list_of_names_may_be_one_name() -> None:
    read = section("a: [x, y]\nb: z\nc: [x, [y]]\n")
    assert [name.text for name in read.names("a")] == ["x", "y"]
    assert [name.text for name in read.names("b")] == ["z"]
    assert found(read) == []
    assert [name.text for name in read.names("c")] == ["x"]
    assert found(read) == [("bad-setting", "`c` must be a list of names")]


def test_an_unknown_key_is_told_with_the_nearest_and_counts_for_it() -> None:
    read = section("tabel: x\nzzz: 1\n")
    read.refuse_unknown(("table", "key"))
    assert read.text("table", required=True) is None
    assert [(d.code, d.mark) for d in read.diagnostics] == [
        ("unknown-setting", "did you mean `table`?"),
        ("unknown-setting", ""),
    ]


def test_a_section_inside_knows_its_way_and_shares_what_is_found() -> None:
    outer = section("a: {b: {}}\n")
    inner = outer.section("a")
    assert inner is not None
    deepest = inner.section("b")
    assert deepest is not None
    deepest.text("c", required=True)
    assert outer.diagnostics == [Diagnostic("missing-setting", "`a.b.c` is missing", Place("f", 1, 5, 1, 6))]


def test_variables_are_replaced_in_paths_only() -> None:
    read = section('a: "${SET}/x"\nb: "${UNSET}/x"\n')
    path = read.path("a")
    assert path is not None
    assert path.text == "here/x"
    assert read.text("b") == "${UNSET}/x"
    assert read.path("b") is None
    assert found(read) == [("bad-setting", "`${UNSET}` is not set in the environment, and has no default")]
