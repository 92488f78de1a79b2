"""`channels:` of parcours.yaml as models: through what each channel of the policy is delivered.

A `Name` called `…_variable` names a variable of the environment: secrets are never in a file, and never in a model."""

from typing import Annotated, Literal

from pydantic import Field

from parcours.model.node import Name, Node


class SmtpSettings(Node):
    """`security`: `tls` from the first byte, `starttls`, or `none`. `per_domain`: at most so many messages a second to
    one domain, 0 for any number; `connections`: at most so many at once. `sender` is `Shop <news@example.com>`."""

    kind: Literal["smtp"] = "smtp"
    host: Name
    port: int
    security: Literal["tls", "starttls", "none"]
    sender: Name
    reply_to: Name | None = None
    user: Name | None = None
    password_variable: Name | None = None
    connections: int = 4
    per_domain: int = 0
    timeout_seconds: int = 30


class WebhookSettings(Node):
    """`url` with its variables replaced. `concurrency`: requests at once to its host."""

    kind: Literal["webhook"] = "webhook"
    url: Name
    secret_variable: Name | None = None
    concurrency: int = 32
    timeout_seconds: int = 30


class FileSettings(Node):
    """`folder` is relative to that of the project."""

    kind: Literal["file"] = "file"
    folder: Name
    format: Literal["csv", "parquet"] = "csv"


class TaskSettings(Node):
    """Work for people: a list of who is to be called or written to, as CSV."""

    kind: Literal["task"] = "task"
    folder: Name


class NullSettings(Node):
    """Takes everything and delivers nothing."""

    kind: Literal["null"] = "null"


class FaultySettings(Node):
    """Fails as told, and delivers nothing: so many of 100 sends fail for now, fail for good, or are taken while the answer
    is lost. Which ones follows from `seed` and the send."""

    kind: Literal["faulty"] = "faulty"
    transient: int = 0
    terminal: int = 0
    lost: int = 0
    latency_ms: int = 0
    seed: int = 0


AdapterSettings = Annotated[
    SmtpSettings | WebhookSettings | FileSettings | TaskSettings | NullSettings | FaultySettings,
    Field(discriminator="kind"),
]


class ChannelSettings(Node):
    """How one channel is delivered. `name` is that of the channel in the policy. `give_up_minutes`: what could not be
    handed over so long after it was granted is not handed over any more."""

    name: Name
    adapter: AdapterSettings
    give_up_minutes: int = 24 * 60
