"""The example shop in earnest: a fortnight of hourly ticks on a virtual clock, with real servers on loopback that fail, people
who unsubscribe, and a process that is killed again and again. What arrived must be what the outbox says.

    python benchmarks/fortnight.py [--contacts 2000] [--hours 336] [--kills 20] [--seed 1]

The exit code is 1 when anything is not as it must be."""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "delivery"))

from fortnight_world import live_through


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contacts", type=int, default=2000)
    parser.add_argument("--hours", type=int, default=14 * 24)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", default="1")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shop"
        found = live_through(folder, asked.contacts, asked.hours, asked.kills, seed=asked.seed)
    print(
        f"{asked.contacts:,} contacts, {asked.hours} hourly ticks, {found.kills} kills, {found.seconds:.0f} seconds"
    )
    print(
        f"granted {found.granted:,}: {', '.join(f'{n:,} {what}' for what, n in found.outcomes.most_common())}"
    )
    print(f"arrived {found.arrived:,} different ids, and {found.again:,} times one of them again")
    print(f"answers: {', '.join(f'{n:,} {what}' for what, n in found.faults.most_common())}")
    print(f"unsubscribed {found.unsubscribed:,}")
    for line in found.wrong[:20]:
        print(f"wrong: {line}")
    print(f"{len(found.wrong):,} things are not as they must be")
    sys.exit(1 if found.wrong else 0)


if __name__ == "__main__":
    main()
