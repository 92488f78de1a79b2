"""The example shop with the whole library, and the design's samples: right in both forms, and the same in both."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from parcours.checking.check import CheckResult, check
from parcours.diagnostics import Diagnostic
from parcours.flow.check import check_flow
from parcours.language.formatting import converted, formatted, name_in_form
from parcours.language.project import read_declarations
from parcours.workspace.load import load

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests" / "checking"))
from journey_check import project  # noqa: E402 - a neighbour of tests/checking
from test_check_project import MISSING_MESSAGES, SAMPLE_SHOP, SAMPLES, message  # noqa: E402


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example shop with few contacts; the library's files lie in it."""
    folder = tmp_path_factory.mktemp("forms") / "shop"
    shutil.copytree(ROOT / "examples" / "shop", folder, ignore=shutil.ignore_patterns("data", "state"))
    subprocess.run(
        [sys.executable, str(folder / "generate.py"), "--contacts", "300"], check=True, capture_output=True
    )
    for file in sorted((ROOT / "journeys").glob("*/*.journey")):
        shutil.copy(file, folder / file.name)
    settings = folder / "parcours.yaml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if not line.startswith("library:")), encoding="utf-8")
    return folder


def test_shop_and_library_have_nothing_wrong_with_them_and_are_the_same_in_yaml(shop: Path) -> None:
    # reports name rules as they are written, so both are written in the canonical way
    for file in shop.glob("*.journey"):
        file.write_text(str(formatted(file.read_text(encoding="utf-8"), file.name).text), encoding="utf-8")
    text = load(shop, {})
    assert text.connection is not None
    text.connection.close()
    for file in sorted(shop.glob("*.journey")):
        written = converted(file.read_text(encoding="utf-8"), file.name, "yaml").text
        assert written is not None
        (shop / name_in_form(file.name, "yaml")).write_text(written, encoding="utf-8")
        file.unlink()
    yaml = load(shop, {})
    assert yaml.connection is not None
    yaml.connection.close()
    assert (text.diagnostics, yaml.diagnostics) == ((), ())
    assert text.checked == yaml.checked
    assert text.checked is not None and len(text.checked.journeys) == 6


def sample_findings(form: str) -> tuple[CheckResult, tuple[Diagnostic, ...]]:
    made, found = project()
    messages = [message(name, channel) for channel, names in MISSING_MESSAGES.items() for name in names]
    texts = {file.name: file.read_text(encoding="utf-8") for file in sorted(SAMPLES.glob("*.journey"))}
    texts["more.journey"] = "\n".join(
        [*messages, "channel task\n    address email\n    consent email_opt_in\n"]
    )
    declared = []
    sources = {}
    for name, text in texts.items():
        file = name_in_form(name, form)  # type: ignore[arg-type]
        written = converted(text, name, form).text  # type: ignore[arg-type]
        assert written is not None
        declarations, problems = read_declarations(written, file)
        assert problems == ()
        declared += declarations
        sources[file] = written
    whole = made.model_copy(update={"declarations": tuple(declared), "sources": sources})
    result = check(whole, SAMPLE_SHOP, found)
    return result, (*found, *result.diagnostics)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the design's samples are not beside this checkout")
def test_the_samples_are_right_and_the_same_in_yaml() -> None:
    (text, text_found), (yaml, yaml_found) = sample_findings("text"), sample_findings("yaml")
    assert (text_found, yaml_found) == ((), ())
    assert text.project is not None and yaml.project is not None
    assert text.project == yaml.project
    in_text, in_yaml = check_flow(text.project), check_flow(yaml.project)
    assert {(d.code, d.message) for d in in_text} == {(d.code, d.message) for d in in_yaml}
    assert not [d for d in (*in_text, *in_yaml) if d.severity == "error"]
