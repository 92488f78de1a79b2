"""Whether the analytic store that is attached is one that this project can read."""

from parcours.compiler.analytic_store import FORM
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine

_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'analytics'"


def analytic_tables(engine: DuckDBEngine) -> frozenset[str]:
    """The names of its tables; none when nothing was written yet, or no store is attached."""
    return frozenset(name for (name,) in engine.run_text(_TABLES))


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
