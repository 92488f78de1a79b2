"""From a folder to a receiver that stands ready. It reads the project's files and its inbox, and never the datamart: who
wants to unsubscribe does not wait until that is loaded."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parcours.datamart.inbox import inbox_folder
from parcours.delivery.door import Door
from parcours.delivery.extras import need
from parcours.delivery.inbox import opened_inbox
from parcours.delivery.preferences import Choices
from parcours.delivery.receiver import OPT_OUT, Receiver, Secrets, application
from parcours.delivery.secrets import long_secret_in
from parcours.diagnostics import Diagnostic, Problem, problem
from parcours.language.files import SETTINGS_FILE
from parcours.language.project import read_project
from parcours.model.node import Name
from parcours.model.project import Project
from parcours.model.receiving import Receiving
from parcours.model.settings import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette


def settings_of(folder: Path, environment: Mapping[str, str]) -> tuple[Project, Settings]:
    """The project in a folder, whatever is wrong with its journeys. `Problem` when its settings cannot be read."""
    project, found = read_project(folder, environment)
    if project is None:
        raise Problem(found)
    return project, project.settings


@contextmanager
def opened_application(
    folder: Path, environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Iterator["Starlette"]:
    """The web application of the project in a folder, until the end of the block. `clock` gives the instant, in naive
    UTC; the secrets are in the environment. `Problem` with all that is missing."""
    project, settings = settings_of(folder, environment)
    file = (folder / SETTINGS_FILE).as_posix()
    receiving = settings.receive
    if receiving is None:
        raise problem("missing-setting", "`receive` is missing", file, help="see docs/receiving.md")
    for library in ("starlette", "uvicorn", "itsdangerous", "jinja2"):
        need(library, "`parcours receive`", receiving.place)
    door = Door(settings.datamart.received)
    if not door.has(OPT_OUT):
        message = f"`{OPT_OUT}` is no event that can be received: nobody could unsubscribe"
        advice = f"say `received: yes`, or its fields, under `datamart.events.{OPT_OUT}`"
        raise problem("bad-setting", message, receiving.place, help=advice)
    secrets = _secrets(receiving, environment)
    with opened_inbox(inbox_folder(settings, folder), clock) as inbox:
        receiver = Receiver(receiving, door, _choices(project), secrets, inbox, clock, folder)
        yield application(receiver)


def _secrets(receiving: Receiving, environment: Mapping[str, str]) -> Secrets:
    findings: list[Diagnostic] = []

    def found(variable: Name) -> str:
        try:
            return long_secret_in(environment, variable)
        except Problem as wrong:
            findings.extend(wrong.diagnostics)
            return ""

    links = found(receiving.secret)
    key = found(receiving.key) if receiving.key else None
    webhooks = {webhook.name.text: found(webhook.secret) for webhook in receiving.webhooks}
    if findings:
        raise Problem(findings)
    return Secrets(links, key, webhooks)


def _choices(project: Project) -> Choices:
    topics, seasons = set(), set()
    for declared in project.declarations:
        if declared.kind == "message" and declared.topic:
            topics.add(declared.topic.text)
        elif declared.kind == "season":
            seasons.add(declared.name.text)
    return Choices(sorted(topics), sorted(seasons))
