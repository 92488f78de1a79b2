"""All forms by name."""

from collections.abc import Mapping
from types import MappingProxyType

from parcours.language.clauses import Form
from parcours.language.forms import analytics, examples, journeys, policy, steps, triggers, vocabulary

DECLARATIONS = (
    *("journey", "message", "channel", "pressure", "segment", "lifecycle", "season"),
    *("rfm", "clusters", "score", "rules", "example"),
)

FORMS: Mapping[str, Form] = MappingProxyType(
    {
        form.name: form
        for topic in (journeys, triggers, steps, vocabulary, policy, analytics, examples)
        for form in topic.FORMS
    }
)
