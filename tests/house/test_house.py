"""What holds for the whole house, whoever works in it (docs: how the house is laid out)."""

import ast
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "engine"
FORBIDDEN_NAMES = {"utils", "common", "helpers", "misc", "base", "core"}
MOST_LINES = 400


@cache
def sources() -> dict[str, Path]:
    """Every module of the engine by its dotted name."""
    found = {}
    for path in sorted(ENGINE.rglob("*.py")):
        parts = path.relative_to(ENGINE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(source: str, modules: set[str]) -> set[str]:
    """The modules of ours that a source imports when it runs, at its top or inside a function."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if is_for_types_only(node):
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in modules else node.module)
        waiting.extend(ast.iter_child_nodes(node))
    return found & modules


def cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules that only import one another in a circle; empty when there is none."""
    left = {module: set(imported) for module, imported in graph.items()}
    while True:
        free = {module for module, imported in left.items() if not imported & left.keys()}
        if not free:
            return sorted(left)
        left = {module: imported for module, imported in left.items() if module not in free}


def lines_that_print(source: str) -> list[int]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


def test_no_module_imports_itself_by_way_of_others() -> None:
    modules = set(sources())
    assert len(modules) > 20
    graph = {name: imports(path.read_text(), modules) for name, path in sources().items()}
    assert cycle(graph) == []


def test_the_search_for_cycles_finds_one() -> None:
    modules = {"p.a", "p.b", "p.c"}
    graph = {
        "p.a": imports("def f():\n    from p import b", modules),
        "p.b": imports("import p.c", modules),
        "p.c": imports("from p.a import x", modules),
    }
    assert cycle(graph) == ["p.a", "p.b", "p.c"]
    assert cycle({**graph, "p.c": imports("if TYPE_CHECKING:\n    import p.a", modules)}) == []


def test_every_module_says_what_it_is_about() -> None:
    vague = [name for name in sources() if set(name.split(".")) & FORBIDDEN_NAMES]
    assert vague == []


def test_no_file_is_longer_than_one_sitting() -> None:
    long = [name for name, path in sources().items() if len(path.read_text().splitlines()) > MOST_LINES]
    assert long == []


def test_only_the_command_line_prints() -> None:
    found = {
        name: lines
        for name, path in sources().items()
        if not name.startswith("parcours.cli") and (lines := lines_that_print(path.read_text()))
    }
    assert found == {}
    assert lines_that_print("\nprint('x')") == [2]


def test_the_wheel_takes_the_grammar_and_the_journeys_along() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["engine/parcours"]
    assert wheel["force-include"] == {"grammar": "parcours/grammar", "journeys": "parcours/journeys"}
    assert (ROOT / "grammar" / "journey.lark").is_file()
    assert list((ROOT / "journeys").glob("*/*.journey"))
