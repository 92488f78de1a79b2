"""A project as it lies on disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from parcours.diagnostics import Place
from parcours.language import files as module
from parcours.language.project import read_project

SETTINGS = "name: s\ndatamart:\n  contacts: {table: c, key: k}\n"
Write = Callable[[str, str | bytes], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a file below the folder in which the user stands."""
    monkeypatch.chdir(tmp_path)

    def written(name: str, content: str | bytes) -> None:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    return written


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journey library of two practices, in place of the real one."""
    for name in ("welcome", "cart"):
        (tmp_path / "library" / name).mkdir(parents=True)
        (tmp_path / "library" / name / f"{name}.journey").write_text(journey(f"from_{name}"))
    (tmp_path / "library" / "welcome" / "page.md").write_text("no journey")
    monkeypatch.setattr(module, "library_folder", lambda: tmp_path / "library")
    return tmp_path / "library"


def journey(name: str) -> str:
    return f"journey {name}\n    enter on order\n    wait 1 day\n"


def names(folder: str) -> list[str]:
    project, diagnostics = read_project(Path(folder), {})
    assert diagnostics == ()
    assert project is not None
    return [str(d.name) for d in project.declarations]  # type: ignore[union-attr]


def test_all_journey_files_below_the_folder_are_read_in_the_order_of_their_paths(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS)
    write("p/b.journey", journey("b"))
    write("p/a.journey", journey("a1") + journey("a2"))
    write("p/a/z.journey", journey("az"))
    write("p/notes.txt", "no journey")
    assert names("p") == ["az", "a1", "a2", "b"]


def test_hidden_folders_and_projects_inside_are_left_out(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS)
    write("p/a.journey", journey("a"))
    write("p/.git/b.journey", journey("b"))
    write("p/.c.journey", journey("c"))
    write("p/inner/parcours.yaml", SETTINGS)
    write("p/inner/deep/d.journey", journey("d"))
    assert names("p") == ["a"]


def test_places_carry_the_path_as_the_user_gave_it(write: Write) -> None:
    write("x/p/parcours.yaml", SETTINGS)
    write("x/p/sub/a.journey", "segment a\n    b\n")
    project, _ = read_project(Path("x/p"), {})
    assert project is not None
    assert project.place == Place("x/p")
    assert project.declarations[0].place.file == "x/p/sub/a.journey"
    assert project.settings.datamart.contacts.key.place.file == "x/p/parcours.yaml"
    assert set(project.sources) == {"x/p/parcours.yaml", "x/p/sub/a.journey"}
    assert project.sources["x/p/sub/a.journey"] == "segment a\n    b\n"


def test_the_folder_may_be_the_one_in_which_the_user_stands(write: Write) -> None:
    write("parcours.yaml", SETTINGS)
    write("a.journey", journey("a"))
    project, _ = read_project(Path(), {})
    assert project is not None
    assert project.declarations[0].place.file == "a.journey"


def test_what_is_wrong_in_any_file_is_told_at_once(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS + "size: 3\n")
    write("p/a.journey", "segment a\n    has\n")
    write("p/b.journey", b'segment b\n    c = "\xe9t\xe9"\n')
    write("p/c.journey.yaml", "journey: c\n")
    project, diagnostics = read_project(Path("p"), {})
    assert project is None
    assert [(d.code, str(d.place)) for d in diagnostics] == [
        ("syntax", "p/a.journey:2:8"),
        ("unreadable-file", "p/b.journey:2:10"),
        ("yaml-form", "p/c.journey.yaml:1:1"),
        ("unknown-setting", "p/parcours.yaml:4:1"),
    ]


def test_a_project_with_a_damaged_journey_is_what_is_left_of_it(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS)
    write("p/a.journey", "segment a\n    has\nsegment b\n    c\n")
    project, diagnostics = read_project(Path("p"), {})
    assert project is not None
    assert (len(project.declarations), len(diagnostics)) == (1, 1)


def test_variables_come_from_the_environment_that_is_given(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS + '  database: "${WHERE}/a.duckdb"\n')
    write("p/a.journey", journey("a"))
    project, _ = read_project(Path("p"), {"WHERE": "there"})
    assert project is not None
    assert str(project.settings.datamart.database) == "there/a.duckdb"


def test_a_folder_that_is_no_project_is_told(write: Write) -> None:
    write("p/a.journey", journey("a"))
    for folder in ("p", "nowhere", "p/a.journey"):
        project, (finding,) = read_project(Path(folder), {})
        assert (project, finding.code, finding.place) == (None, "no-project", Place(folder))


def test_a_project_without_journeys_is_told(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS)
    project, (finding,) = read_project(Path("p"), {})
    assert project is not None
    assert (finding.code, finding.place) == ("no-journeys", Place("p"))


def test_journey_files_without_a_journey_are_told(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS)
    write("p/a.journey", "segment a\n    b\n")
    _, (finding,) = read_project(Path("p"), {})
    assert (finding.code, finding.message) == ("no-journeys", "`p` holds no journey")


@pytest.mark.parametrize(
    "declared",
    [
        "rfm value\n    of order.amount over 12 months\n",
        "clusters kinds\n    from age\n",
        "score churn\n    predict no order within 30 days\n    from age\n",
        "rules together\n    product of line together in order_id\n",
        "lifecycle customer\n    new: first order.at in last 30 days\n    lost: otherwise\n",
    ],
    ids=lambda text: text.split()[0],
)
def test_what_is_learned_needs_no_journey(write: Write, declared: str) -> None:
    write("p/parcours.yaml", SETTINGS)
    write("p/a.journey", declared)
    project, findings = read_project(Path("p"), {})
    assert project is not None
    assert (len(project.declarations), findings) == (1, ())


def test_an_error_is_told_alone_when_it_may_be_why_there_is_no_journey(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS)
    write("p/a.journey", "journy a\n    enter on order\n")
    _, findings = read_project(Path("p"), {})
    assert findings
    assert "no-journeys" not in {finding.code for finding in findings}


def test_a_file_that_cannot_be_opened_is_told(write: Write, tmp_path: Path) -> None:
    write("p/parcours.yaml", SETTINGS)
    (tmp_path / "p" / "a.journey").symlink_to("gone.journey")
    _, (finding,) = read_project(Path("p"), {})
    assert (finding.code, finding.place) == ("unreadable-file", Place("p/a.journey"))


def test_a_file_that_is_too_large_is_told_and_not_read(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS)
    write("p/a.journey", journey("a") + "#" * module.MOST_BYTES)
    project, (finding,) = read_project(Path("p"), {})
    assert project is not None and project.declarations == ()
    assert (finding.code, finding.place) == ("too-large", Place("p/a.journey"))


@pytest.mark.usefixtures("library")
def test_the_library_folders_that_are_named_belong_to_the_project(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS + "library: [welcome, cart, welcome]\n")
    write("p/z.journey", journey("own"))
    project, diagnostics = read_project(Path("p"), {})
    assert diagnostics == ()
    assert project is not None
    assert [(str(d.name), d.place.file) for d in project.declarations] == [  # type: ignore[union-attr]
        ("own", "p/z.journey"),
        ("from_welcome", "journeys/welcome/welcome.journey"),
        ("from_cart", "journeys/cart/cart.journey"),
    ]
    assert "journeys/cart/cart.journey" in project.sources


@pytest.mark.usefixtures("library")
def test_a_project_may_live_on_the_library_alone(write: Write) -> None:
    write("p/parcours.yaml", SETTINGS + "library: cart\n")
    assert names("p") == ["from_cart"]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("name", "mark"), [("welcom", "did you mean `welcome`?"), ("../p", "")])
def test_a_folder_that_the_library_lacks_is_told(write: Write, name: str, mark: str) -> None:
    write("p/parcours.yaml", SETTINGS + f"library: [{name}]\n")
    write("p/a.journey", journey("a"))
    project, (finding,) = read_project(Path("p"), {})
    assert project is not None
    assert (finding.code, finding.place.line, finding.place.column, finding.mark) == (
        "unknown-library",
        4,
        11,
        mark,
    )
    assert "cart, welcome" in finding.help
