"""Bad input, measured: the monsters of tests/fuzz, and the slowest of so many files with something gone wrong.

    python benchmarks/bad_input.py [--files 2000]

Prints one table. Each file is read, checked and shown, as `parcours check` does it, within one process."""

import argparse
import sys
from pathlib import Path

from measuring import seconds

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests" / "fuzz"))

from everything import checked_and_shown  # noqa: E402 - they belong to the tests
from monsters import MONSTERS  # noqa: E402
from test_fuzz import drawn  # noqa: E402


def taken(text: str, name: str) -> float:
    return seconds(lambda: checked_and_shown(text, name))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=2000)
    files = options.parse_args().files
    taken(*reversed(drawn(1)))  # what is made once per process
    took = sorted(taken(text, name) for name, text in map(drawn, range(files)))
    print(f"{'what':<40} {'characters':>10} {'measured':>10}")
    print(f"{f'{files:,} mangled files, the median':<40} {'':>10} {took[files // 2] * 1000:>7.0f} ms")
    print(f"{f'{files:,} mangled files, the slowest':<40} {'':>10} {took[-1] * 1000:>7.0f} ms")
    for what, make in MONSTERS.items():
        name, text = make()
        print(f"{what:<40} {len(text):>10,} {taken(text, name) * 1000:>7.0f} ms")


if __name__ == "__main__":
    main()
