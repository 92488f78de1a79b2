"""Every diagnostic code there is: severity and what to do. One table; nothing else invents a code."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A row of the table. `help` is what to do, used when the diagnostic has nothing more exact to say."""

    severity: Severity
    help: str


def _error(text: str) -> CodeEntry:
    return CodeEntry("error", text)


def _warning(text: str) -> CodeEntry:
    return CodeEntry("warning", text)


CODES: dict[str, CodeEntry] = {
    # files and syntax
    "no-project": _error("name a folder that holds a parcours.yaml"),
    "no-journeys": _error("add a *.journey file, or name library journeys under `library:` in parcours.yaml"),
    "unreadable-file": _error("check that the file exists and may be read, and save it as UTF-8"),
    "unknown-library": _error("name a folder of the journey library"),
    "syntax": _error("see grammar/language.md for the form of this line"),
    "tab": _error("indent with spaces, four for each level"),
    "indentation": _error("line it up with the lines of the block that it belongs to"),
    "yaml": _error("see docs/project.md for what parcours.yaml may hold"),
    "unknown-setting": _error("see docs/project.md for what parcours.yaml may hold"),
    "missing-setting": _error("see docs/project.md for what parcours.yaml must hold"),
    "bad-setting": _error("see docs/project.md for what parcours.yaml may hold"),
    "not-supported-yet": _error("leave it out for now; later versions of Parcours run it"),
    # datamart
    "no-database": _error("correct the path under `datamart:` in parcours.yaml"),
    "no-data-file": _error("correct the path under `datamart:` in parcours.yaml"),
    "not-a-database": _error("name a DuckDB file; Parquet and CSV files go under `tables:`"),
    "database-locked": _error("wait for the process that writes to it to end, or stop it"),
    "bad-data-file": _error("name Parquet files (.parquet) or CSV files (.csv, .csv.gz) that can be read"),
    "different-keys": _warning("convert one of the two in a view if events go missing"),
    "unknown-table": _error("name a table or view of the datamart, or a .parquet or .csv path"),
    "unknown-column": _error("name a column that the table has"),
    "wrong-column-type": _error("map a column of the right type, or convert it in a view"),
    "bad-view": _error("a view is one SELECT statement over the tables of the datamart"),
    "duplicate-key": _error("make the key unique in a view: one row for each contact"),
    "bad-time-zone": _error("use a name of the tz database, such as Europe/Paris"),
    "datamart-failed": _error("look at the datamart; nothing was written"),
    # names
    "duplicate-name": _error("give one of the two another name"),
    "reserved-name": _error("choose another name: this one means something in the language already"),
    "unknown-journey": _error("name a journey of the project"),
    "unknown-attribute": _error("name a column of the contacts table"),
    "unknown-event": _error("name an event that parcours.yaml maps"),
    "unknown-field": _error("name a column of the event's table"),
    "unknown-segment": _error("declare the segment, or name one that is declared"),
    "unknown-stage": _error("name a stage of a lifecycle"),
    "unknown-season": _error("declare the season, or name one that is declared"),
    "unknown-name": _error("name an attribute, a lifecycle or a declared thing"),
    "unknown-message": _error("declare the message, or name one that is declared"),
    "unknown-channel": _error("declare the channel, or name one that is declared"),
    "unknown-purpose": _error("use service, newsletter, prospecting, loyalty, survey or event"),
    "no-event-here": _error("`event.` can be read only after a step that an event wakes"),
    "circular-segment": _error("a segment cannot be defined by way of itself"),
    # types and values
    "wrong-type": _error("compare and combine values of the same kind"),
    "impossible-date": _error("write a date that exists, as year-month-day"),
    "impossible-time": _error("write a time between 00:00 and 23:59"),
    "not-a-condition": _error("write a condition: something that is yes or no"),
    # journeys
    "missing-enter": _error("say who enters: `enter on EVENT`, `enter every tuesday at 09:00 for …`"),
    "repeated-clause": _error("keep one of the two"),
    "share-sum": _error("make the shares of the arms add up to 100%"),
    "missing-body": _error('give the message a body for the channel: `email "…"` or `email from "…"`'),
    "missing-address": _error("give the channel an `address`"),
    "missing-consent": _error("give the channel a `consent`"),
    "unreachable-step": _error("remove the step, or the `exit` before it"),
    "unreachable-stage": _error("put the stage above the one that is `otherwise`"),
    "bad-period": _error("write a time such as `7 days`, `day` or `calendar week`"),
    "bad-number": _error("write a number that makes sense here"),
    # examples
    "bad-example": _error("an example needs a journey, what happens, and what is expected"),
    # running
    "bad-option": _error("see `parcours COMMAND --help`"),
    "state-newer": _error("use the version of Parcours that made it, or a newer one"),
    "state-locked": _error("wait for the other process to end, or stop it"),
    "state-foreign": _error("use the state file of this project, or another path"),
    "state-damaged": _error("restore the file from a backup"),
    "state-used": _error("give another path, or delete the file: a simulation starts from an empty state"),
    "state-unwritable": _error("check the path, its permissions and the space left on the disk"),
    "output-unwritable": _error("check the path, its permissions and the space left on the disk"),
    "clock-back": _error("ticks strictly increase: give an instant after the last one"),
}
