"""From `channels:` of parcours.yaml to what delivers each channel of the policy."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from parcours.checking import checked
from parcours.delivery.channels.faulty import FaultyChannel
from parcours.delivery.channels.file import FileChannel, Writer
from parcours.delivery.channels.null import NullChannel
from parcours.delivery.channels.smtp import SmtpChannel
from parcours.delivery.channels.task import TaskChannel
from parcours.delivery.channels.webhook import WebhookChannel
from parcours.delivery.extras import need
from parcours.delivery.relay import Outlet
from parcours.delivery.secrets import secret_in
from parcours.delivery.send import Channel
from parcours.diagnostics import Diagnostic, Problem, problem
from parcours.model.channel_settings import (
    AdapterSettings,
    FaultySettings,
    FileSettings,
    NullSettings,
    SmtpSettings,
    TaskSettings,
    WebhookSettings,
)
from parcours.model.settings import Settings


def outlets(
    settings: Settings,
    policy: checked.Policy,
    folder: Path,
    environment: Mapping[str, str],
    write_parquet: Writer,
    stopping: Callable[[], bool],
) -> tuple[Outlet, ...]:
    """What delivers each channel of the policy. `folder` is that of the project; `stopping` is asked by channels that need
    time for each send, before each.

    `Problem` when a channel has no adapter: somebody would wait for its messages; and when a secret is missing."""
    by_name = {channel.name.text: channel for channel in settings.channels}
    missing = [
        Diagnostic(
            "missing-adapter", f"parcours.yaml does not say what delivers the channel `{c.name}`", c.place
        )
        for c in policy.channels
        if c.name not in by_name
    ]
    if missing:
        raise Problem(missing)
    return tuple(
        Outlet(
            rule,
            channel_of(by_name[rule.name].adapter, folder, environment, write_parquet, stopping),
            timedelta(minutes=by_name[rule.name].give_up_minutes),
        )
        for rule in policy.channels
    )


def channel_of(
    settings: AdapterSettings,
    folder: Path,
    environment: Mapping[str, str],
    write_parquet: Writer,
    stopping: Callable[[], bool] = lambda: False,
) -> Channel:
    """The channel of an adapter. `Problem` when a secret or a library of it is missing."""
    match settings:
        case SmtpSettings():
            need("aiosmtplib", "the adapter `smtp`", settings.place)
            password = secret_in(environment, settings.password_variable)
            try:
                return SmtpChannel(settings, password, stopping=stopping)
            except ValueError as error:
                raise problem("bad-setting", str(error), settings.sender.place) from error
        case WebhookSettings():
            need("aiohttp", "the adapter `webhook`", settings.place)
            return WebhookChannel(settings, secret_in(environment, settings.secret_variable), stopping)
        case FileSettings():
            return FileChannel(settings, folder / settings.folder.text, write_parquet)
        case TaskSettings():
            return TaskChannel(folder / settings.folder.text)
        case FaultySettings():
            return FaultyChannel(settings)
        case NullSettings():
            return NullChannel()
