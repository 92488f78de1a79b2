"""What parcours.yaml says of channels: each is one of the policy's."""

from collections.abc import Iterable

from parcours.diagnostics import Diagnostic, nearest
from parcours.model.settings import Settings


def check_adapters(settings: Settings, channels: Iterable[str]) -> tuple[Diagnostic, ...]:
    """What is wrong with the names under `channels:`; `channels` are those that are declared."""
    known = list(channels)
    found = []
    for channel in settings.channels:
        if channel.name.text not in known:
            near = nearest(channel.name.text, known)
            message = f"`{channel.name}` is no channel"
            mark = f"did you mean `{near}`?" if near else ""
            found.append(Diagnostic("unknown-channel", message, channel.name.place, mark))
    return tuple(found)
