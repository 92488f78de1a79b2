"""What a rule of pressure speaks of: all messages, or those of a channel, purpose, topic, journey or name."""

from collections.abc import Collection

from parcours.checking import checked
from parcours.checking.findings import Findings
from parcours.checking.journeys import PURPOSES
from parcours.checking.vocabulary import Vocabulary
from parcours.model.policy import Selector


def check_selector(selector: Selector, vocabulary: Vocabulary, findings: Findings) -> checked.Selector | None:
    """None for a name that is none, which is added to the findings."""
    name = selector.name
    if selector.kind == "name":
        if name.text in ("message", "messages"):
            return checked.Selector("all", "")
        for candidate in (name.text, name.text.removesuffix("s")):
            if candidate in vocabulary.channels:
                return checked.Selector("channel", candidate)
        known = [*vocabulary.channels, "messages"]
        findings.unknown("unknown-channel", f"`{name}` is no channel", name.place, name.text, known)
        return None
    code, names = _known(selector.kind, vocabulary)
    if name.text not in names:
        findings.unknown(code, f"`{name}` is no {selector.kind}", name.place, name.text, names)
        return None
    return checked.Selector(selector.kind, name.text)


def _known(kind: checked.SelectorKind, vocabulary: Vocabulary) -> tuple[str, Collection[str]]:
    """The code of a name that is none of this kind, and those that are."""
    match kind:
        case "purpose":
            return "unknown-purpose", PURPOSES
        case "journey":
            return "unknown-journey", vocabulary.journeys
        case "message":
            return "unknown-message", vocabulary.messages
    return "unknown-name", {m.topic.text for m in vocabulary.messages.values() if m.topic}
