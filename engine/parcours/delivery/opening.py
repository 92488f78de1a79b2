"""From a project and an executor to a relay."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from parcours.datamart.inbox import inbox_folder
from parcours.delivery.addresses import Addresses
from parcours.delivery.bounces import Bounced, Tell
from parcours.delivery.extras import need
from parcours.delivery.inbox import Received, opened_inbox, unwritable
from parcours.delivery.links import Links
from parcours.delivery.logbook import Logbook
from parcours.delivery.outlets import outlets
from parcours.delivery.relay import Clock, Relay
from parcours.delivery.secrets import long_secret_in
from parcours.delivery.texts import Texts
from parcours.executor.tick import Executor
from parcours.model.settings import Settings
from parcours.model.vocabulary import Message
from parcours.workspace.load import Loaded

BOUNCE = "bounce"
"""The event that closes a channel for a contact whom it did not reach (checking.channels)."""


def texts_of(loaded: Loaded, folder: Path) -> Texts:
    """The texts of a loaded project. `Problem` when what fills them in is not installed."""
    assert loaded.project is not None and loaded.catalog is not None
    need("jinja2", "filling in messages", loaded.project.place)
    messages = [d for d in loaded.project.declarations if isinstance(d, Message)]
    return Texts(messages, folder, loaded.catalog.contacts.columns)


def addresses_of(settings: Settings, environment: Mapping[str, str]) -> Addresses:
    """The links of a project. `Problem` when the secret that signs them is not there or too short."""
    links = [(link.name.text, link.url.text) for link in settings.links]
    receive, signed = settings.receive, None
    if receive is not None and receive.url is not None:
        secret = long_secret_in(environment, receive.secret)
        need("itsdangerous", "signing links", receive.place)
        signed = Links(receive.url.text, secret)
    return Addresses(links, signed)


def open_relay(
    loaded: Loaded,
    executor: Executor,
    folder: Path,
    environment: Mapping[str, str],
    clock: Clock,
    stopping: Callable[[], bool] = lambda: False,
    logbook: Logbook | None = None,
) -> Relay:
    """The relay of a project, over the state of its executor and its logbook. As soon as `stopping` says so, nothing more is handed over:
    what is under way is waited for and recorded. `Problem` when a channel has no adapter or a secret is
    not there."""
    assert loaded.project is not None and loaded.checked is not None
    settings, project, engine = loaded.project.settings, loaded.checked, executor.engine
    return Relay(
        engine,
        project,
        texts_of(loaded, folder),
        outlets(settings, project.policy, folder, environment, engine.write_parquet, stopping),
        addresses_of(settings, environment),
        clock,
        _to_inbox(inbox_folder(settings, folder), clock) if _receives_bounces(settings) else None,
        stopping,
        executor.take_in,
        logbook,
    )


def _receives_bounces(settings: Settings) -> bool:
    return any(event.name.text == BOUNCE for event in settings.datamart.received)


def _to_inbox(folder: Path, clock: Clock) -> Tell:
    """Bounces become events of the datamart at the next tick. Their id is that of the send."""

    def tell(bounced: Sequence[Bounced]) -> None:
        with opened_inbox(folder, clock) as inbox:
            try:
                inbox.append([_event(one) for one in bounced])
            except OSError as error:
                raise unwritable(inbox.folder, error) from error

    return tell


def _event(one: Bounced) -> Received:
    fields = {"channel": one.channel, "reason": one.reason}
    return Received(BOUNCE, one.contact, one.at, one.send, fields, one.reference)
