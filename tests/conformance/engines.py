"""The engines that run the cases. A new one is a class with a name and `run`, and a line in ENGINES."""

from typing import Protocol

from cases import Row
from executor_engine import ExecutorOnDuckDB
from oracle_engine import TheOracle
from running import Script


class Engine(Protocol):
    """Runs a script over an empty state and tells everything that happened."""

    name: str

    def run(self, script: Script) -> list[Row]: ...


ENGINES: tuple[Engine, ...] = (ExecutorOnDuckDB(), TheOracle())
