"""Association rules, measured: all sets of up to four products in a million baskets, loading included.

    python benchmarks/rules.py
    python benchmarks/rules.py --pyfim PYTHON --mlxtend 100000

Baskets of a catalogue of 10,000 products with a skew as shops have it: few products sell much, many little, most baskets
are small and some large, and 200 packs of four are often bought together. Each contender reads the same Parquet file in
a process of its own; the table has its CPU and the most memory it had, and the sets it found, which must be the same.

`--pyfim` names a Python that has Borgelt's pyfim (and duckdb to load with). mlxtend holds a matrix of baskets by
products and needs more than 10 GB for a million, so it is measured on so many baskets as one says, beside ours on the
same."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

PRODUCTS, PACKS, MOST = 10_000, 200, 4


def make_baskets(path: Path, baskets: int) -> int:
    """Writes (contact, basket, item), in the order of the baskets; gives how many lines."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    chance = np.random.default_rng(1)
    weights = 1 / (np.arange(PRODUCTS) + 20.0) ** 0.85
    shelf = np.cumsum(weights) / weights.sum()
    sizes = 1 + np.minimum(chance.geometric(1 / 6, baskets), 40)
    numbers = [np.repeat(np.arange(baskets), sizes)]
    items = [np.minimum(np.searchsorted(shelf, chance.random(numbers[0].size)), PRODUCTS - 1)]
    packs = chance.choice(PRODUCTS * 3 // 10, size=(PACKS, MOST), replace=False)
    with_pack = np.flatnonzero(chance.random(baskets) < 0.25)
    which = np.minimum(chance.geometric(1 / 40, with_pack.size) - 1, PACKS - 1)
    for part in range(MOST):
        bought = chance.random(with_pack.size) < 0.8
        numbers.append(with_pack[bought])
        items.append(packs[which[bought], part])
    number, item = np.concatenate(numbers), np.concatenate(items)
    order = np.argsort(number, kind="stable")
    names = pa.array([f"P{n:05}" for n in range(PRODUCTS)])
    columns = {
        "contact": pa.array(number[order] // 5),
        "basket": pa.array(number[order]),
        "item": pa.DictionaryArray.from_arrays(pa.array(item[order].astype(np.int32)), names).cast(
            pa.string()
        ),
    }
    pq.write_table(pa.table(columns), path)
    return int(number.size)


# ---- the contenders: the sizes of what they find, from the same file


def ours(path: Path, support: Decimal) -> list[int]:
    from sqlglot import exp

    from parcours.analytics.rules import associations, baskets, itemsets
    from parcours.analytics.rules.thresholds import Thresholds
    from parcours.datamart.memory import open_memory
    from parcours.engines.duckdb.engine import DuckDBEngine

    engine = DuckDBEngine(open_memory())
    read = exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(path))])
    lines = exp.select("contact", "basket", "item").from_(exp.Table(this=read))
    thresholds = Thresholds(support)
    coded = baskets.code(engine, lines, thresholds)
    sizes = itemsets.find(engine, coded, MOST)
    associations.count_sets(engine)
    associations.make(engine, coded.count, coded.minimum, thresholds)
    return list(sizes)


def pyfim(path: Path, support: Decimal) -> list[int]:
    import fim

    baskets = _lists(path)
    found = fim.fpgrowth(baskets, target="s", supp=float(support), zmin=1, zmax=MOST, report="a")
    return _sizes(len(items) for items, _ in found)


def mlxtend(path: Path, support: Decimal) -> list[int]:
    import pandas as pd
    from mlxtend.frequent_patterns import fpgrowth
    from mlxtend.preprocessing import TransactionEncoder

    baskets = _lists(path)
    encoder = TransactionEncoder()
    matrix = pd.DataFrame.sparse.from_spmatrix(
        encoder.fit(baskets).transform(baskets, sparse=True), columns=encoder.columns_
    )
    found = fpgrowth(matrix, min_support=float(support) / 100, max_len=MOST)
    return _sizes(len(items) for items in found.itemsets)


def _lists(path: Path) -> list[list[str]]:
    """The items of each basket, as both of them take it."""
    import duckdb

    read = "SELECT basket, item FROM read_parquet(?) ORDER BY basket"
    rows = duckdb.connect().execute(read, [str(path)]).fetchall()
    return [[item for _, item in group] for _, group in groupby(rows, key=lambda row: row[0])]


def _sizes(lengths: Any) -> list[int]:
    found = list(lengths)
    return [found.count(size) for size in range(1, max(found, default=0) + 1)]


CONTENDERS = {"parcours": ours, "pyfim": pyfim, "mlxtend": mlxtend}


def run_one(name: str, path: Path, support: Decimal) -> None:
    """One contender, in this process: prints what it found and what it took."""
    sizes = CONTENDERS[name](path, support)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"sizes": sizes, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1e3}))


def measured(python: str, name: str, path: Path, support: Decimal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_told(python, "--run", name, "--file", path, "--support", support))
    return found


def _told(python: str, *words: object) -> str:
    """The last line of this program in a process of its own. (Not even the baskets are made here: a process counts as its
    own the memory of the one that began it.)"""
    command = [python, __file__, *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]


def compare(names: dict[str, str], path: Path, baskets: int, support: Decimal) -> None:
    """Prints a line for each contender, with what it took against ours."""
    lines = int(_told(sys.executable, "--make", baskets, "--file", path))
    print(
        f"{baskets:,} baskets, {lines:,} lines, {PRODUCTS:,} products, support {support}%, up to {MOST} items"
    )
    base: dict[str, Any] = {}
    for name, python in names.items():
        found = measured(python, name, path, support)
        base = base or found
        same = "the same sets" if found["sizes"] == base["sizes"] else "OTHER SETS"
        ratio = base["cpu"] / found["cpu"]
        print(
            f"  {name:10} {found['cpu']:7.1f} s CPU {found['mb']:8,.0f} MB  "
            f"parcours takes {ratio:.2f} of it  {same}: {found['sizes']}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--baskets", type=int, default=1_000_000)
    parser.add_argument("--support", type=Decimal, default=Decimal("0.1"), help="in percent")
    parser.add_argument("--pyfim", metavar="PYTHON", help="a Python that has pyfim")
    parser.add_argument("--mlxtend", metavar="BASKETS", type=int, help="measure mlxtend too, on so many")
    parser.add_argument("--run", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        print(make_baskets(arguments.file, arguments.make))
        return
    if arguments.run:
        run_one(arguments.run, arguments.file, arguments.support)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "baskets.parquet"
        peers = {"pyfim": arguments.pyfim} if arguments.pyfim else {}
        compare({"parcours": sys.executable, **peers}, path, arguments.baskets, arguments.support)
        if arguments.mlxtend:
            compare(
                {"parcours": sys.executable, "mlxtend": sys.executable},
                path,
                arguments.mlxtend,
                arguments.support,
            )


if __name__ == "__main__":
    main()
