"""What a send speaks of: a message that exists, on channels that exist, with something to say on each."""

from parcours.checking.findings import Findings
from parcours.checking.vocabulary import Vocabulary
from parcours.model.journey import Send


def check_names(step: Send, vocabulary: Vocabulary, findings: Findings) -> None:
    """Adds what is wrong to the findings. A channel that is declared counts, even with mistakes in it."""
    message = vocabulary.messages.get(step.message.text)
    if message is None:
        findings.unknown(
            "unknown-message",
            f"`{step.message}` is no message",
            step.message.place,
            step.message.text,
            vocabulary.messages,
        )
    bodies = {body.channel.text for body in message.bodies} if message else set()
    for number, channel in enumerate(step.channels.names):
        if any(channel.text == other.text for other in step.channels.names[:number]):
            findings.add("duplicate-name", f"the channel `{channel}` is there twice", channel.place)
        elif channel.text not in vocabulary.channels:
            findings.unknown(
                "unknown-channel",
                f"`{channel}` is no channel",
                channel.place,
                channel.text,
                vocabulary.channels,
            )
        elif message and channel.text not in bodies and not findings.unread.covers(message.name.place):
            findings.add(
                "missing-body",
                f"the message `{step.message}` has no text for `{channel}`",
                channel.place,
                mark=f"the message is declared in {message.name.place}",
            )
