"""A project that receives, an application for it, and somebody who asks it without a network."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from parcours.datamart.inbox import RECEIVED, InboxReader
from parcours.datamart.memory import open_memory
from parcours.delivery.links import Links
from parcours.delivery.receiving import opened_application

NOW = datetime(2026, 3, 2, 10, 0)
KEY = "a-key-for-those-who-post"
HOOK = "the-secret-of-the-mailer"
ENVIRONMENT = {"LINKS": "the-secret-of-all-links", "KEY": KEY, "HOOK": HOOK}
SETTINGS = """\
name: shop
time_zone: Europe/Paris
datamart:
  tables: {contacts: contacts.csv}
  contacts: {table: contacts, key: contact_id}
  events:
    opt_out: {received: {channel: text}}
    bounce: {received: {channel: text, reason: text}}
    open: {received: yes}
    click: {received: {link: text}}
    preference_changed: {received: {frequency: text, until: date, topic: text, wanted: yes_no, season: text}}
    order: {received: {amount: number, gift: yes_no, day: date, paid_at: instant, note: text}}
receive:
  url: https://news.example.com/in
  name: "Tea <b>&</b> more"
  secret: LINKS
  key: KEY
  webhooks:
    mailer:
      secret: HOOK
      contact: meta.contact
      kind: type
      events: {bounced: bounce}
      fields: {channel: email}
"""
JOURNEYS = """\
message hello
    topic new_teas
    email "Hello"

season winter
    from 12-01 to 02-28

channel email
    address email
    consent agreed

journey welcome
    enter on order[amount > 10]
        again
    wait 1 hour
    send hello by email
"""
CONTACTS = "contact_id,email,agreed\n1,ann@example.com,true\n2,bob@example.com,true\n"
SIGNER = Links("https://news.example.com/in", ENVIRONMENT["LINKS"])


def make_project(folder: Path, settings: str = SETTINGS) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in (
        ("parcours.yaml", settings),
        ("shop.journey", JOURNEYS),
        ("contacts.csv", CONTACTS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


class Somebody:
    """Asks an application, as a server would hand it the request."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def get(self, address: str, method: str = "GET") -> Answer:
        return self.ask(method, address)

    def post(self, address: str, body: bytes | str = b"", **headers: str) -> Answer:
        return self.ask("POST", address, body.encode() if isinstance(body, str) else body, headers)

    def ask(
        self, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        path = address.removeprefix(SIGNER.url)
        given = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        given.setdefault("content-length", str(len(body)))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        return asyncio.run(self._asked(scope, body))

    async def _asked(self, scope: dict[str, Any], body: bytes) -> Answer:
        sent: list[Any] = []
        pieces = [body[at : at + 65536] for at in range(0, len(body), 65536)] or [b""]

        async def receive() -> dict[str, Any]:
            if not pieces:
                return {"type": "http.disconnect"}
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(
            sent[0]["status"], headers, content.decode("latin-1" if "gif" in str(headers) else "utf-8")
        )


@contextmanager
def receiving(folder: Path, settings: str = SETTINGS) -> Iterator[Somebody]:
    """Somebody who asks the application of a new project in a folder, at `NOW`."""
    with opened_application(make_project(folder, settings), ENVIRONMENT, lambda: NOW) as app:
        yield Somebody(app)


def inbox_rows(inbox: Path, columns: str = "event, contact, fields") -> list[Any]:
    """What is in an inbox once a tick has taken it in."""
    connection = open_memory()
    connection.execute("CREATE SCHEMA _source")
    InboxReader(connection, inbox).take_in(None)
    rows = connection.execute(f"SELECT {columns} FROM {RECEIVED} ORDER BY ALL").fetchall()
    connection.close()
    return rows
