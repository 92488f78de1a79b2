"""Whether the analytic store that is attached is one that this project can read."""

from parcours.compiler.analytic_store import FORM
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine

# a file and memory are a database of that name, a schema of the datamart is seen as a schema of it in memory
_COLUMNS = """
    SELECT table_name, column_name, data_type FROM duckdb_columns()
    WHERE database_name = 'analytics' OR database_name = 'memory' AND schema_name = 'analytics'
    ORDER BY table_name, column_index
"""


def analytic_columns(engine: DuckDBEngine) -> dict[str, dict[str, str]]:
    """The columns of each of its tables, with their SQL types; none when nothing was written yet, or no store is
    attached."""
    found: dict[str, dict[str, str]] = {}
    for table, column, sql_type in engine.run_text(_COLUMNS):
        found.setdefault(table, {})[column] = sql_type
    return found


def analytic_tables(engine: DuckDBEngine) -> frozenset[str]:
    """The names of its tables."""
    return frozenset(analytic_columns(engine))


def check_analytic_meta(engine: DuckDBEngine, project: str, contact_type: str, where: str) -> None:
    """`Problem` when it was made by a newer version, for another project, or for other contacts. It has tables."""
    if not {"meta", "run"} <= analytic_tables(engine):
        raise problem("analytics-foreign", "the file is no analytic store of Parcours", where)
    facts = dict(engine.run_text("SELECT name, value FROM analytics.meta"))
    if not {"project", "contact_type", "form"} <= facts.keys() or not facts["form"].isdigit():
        raise problem("analytics-damaged", "the analytic store does not say what it belongs to", where)
    if int(facts["form"]) > FORM:
        raise problem(
            "analytics-newer",
            f"the analytic store has the form {facts['form']}, this version of Parcours knows forms up to {FORM}",
            where,
        )
    for fact, mine, what in (
        ("project", project, "belongs to the project `{}`, not `{}`"),
        ("contact_type", contact_type, "was made for contact keys of type {}, not {}"),
    ):
        if facts[fact] != mine:
            message = f"the analytic store {what.format(facts[fact], mine)}"
            raise problem("analytics-foreign", message, where)
