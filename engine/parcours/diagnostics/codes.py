"""Every diagnostic code there is. One table; nothing else invents a code.

To add a code, write a row into the module of its topic under `diagnostics/table/`:

    "unknown-message": error(
        "No message of this name is declared.",                # the title: what the code means, anywhere
        "declare the message, or name one that is declared",   # the help: what to do
        Example(
            "journey example\\n    enter on order\\n    send helo by email\\n",    # gives this code and nothing else
            "journey example\\n    enter on order\\n    send hello by email\\n",   # the same, repaired: gives nothing
        ),
    ),

or `warning(…)`. An example stands in the little shop of tests/diagnostics/little_shop.py, beside its channels
`email` and `sms`, its message `hello` and its journey `thanks`; `file=` and `beside=` replace or add files. A code
that no text can give (a lock, a full disk) has no example; a scenario of its name in tests/diagnostics/scenarios.py
shows it instead. A new topic is a new module, joined below.
"""

from collections.abc import Mapping
from types import MappingProxyType

from parcours.diagnostics.table.datamart import DATAMART
from parcours.diagnostics.table.entry import CodeEntry
from parcours.diagnostics.table.files import FILES
from parcours.diagnostics.table.flow import FLOW
from parcours.diagnostics.table.journeys import JOURNEYS
from parcours.diagnostics.table.names import NAMES
from parcours.diagnostics.table.policy import POLICY
from parcours.diagnostics.table.running import RUNNING
from parcours.diagnostics.table.syntax import SYNTAX
from parcours.diagnostics.table.values import VALUES

CODES: Mapping[str, CodeEntry] = MappingProxyType(
    {**FILES, **SYNTAX, **DATAMART, **NAMES, **VALUES, **JOURNEYS, **FLOW, **POLICY, **RUNNING}
)
