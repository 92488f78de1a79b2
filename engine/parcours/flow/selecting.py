"""Which messages of a send a rule of the pressure policy speaks of."""

from collections.abc import Iterable, Mapping

from parcours.checking import checked


def counted(
    selector: checked.Selector, send: checked.Send, journey: checked.Journey, topics: Mapping[str, str]
) -> int:
    """How many messages of the kind leave at the most when a send is granted. `topics`: by message."""
    facts = {
        "all": selector.name,
        "purpose": journey.purpose,
        "topic": topics.get(send.message, ""),
        "journey": journey.name,
        "message": send.message,
    }
    if selector.kind != "channel":
        return send.most_messages if facts[selector.kind] == selector.name else 0
    there = send.channels.count(selector.name)
    return there if send.choice == "all_of" else min(there, 1)


def is_exempt(
    exempt: Iterable[checked.Selector],
    send: checked.Send,
    journey: checked.Journey,
    topics: Mapping[str, str],
) -> bool:
    """Whether the caps never hold back any message of the send."""
    return any(counted(selector, send, journey, topics) == send.most_messages for selector in exempt)
