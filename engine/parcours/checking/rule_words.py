"""The words by which reports name a rule of channels and pressure (P1, P9)."""

from parcours.checking.findings import Findings
from parcours.language.files import is_yaml
from parcours.language.printing.policy import words_of
from parcours.model.policy import Capacity, OpeningHours, PressureRule, Quiet


def rule_words(rule: PressureRule | Quiet | OpeningHours | Capacity, findings: Findings) -> str:
    """As it is written; a rule in YAML as the text form says it."""
    return words_of(rule) if is_yaml(rule.place.file) else findings.text(rule.place)
