"""`received:` and `receive:` of parcours.yaml."""

import pytest

from parcours.language.settings import read_settings
from parcours.model.receiving import Receiving
from parcours.model.settings import Settings

HEAD = "name: shop\ndatamart:\n  contacts: {table: c, key: k}\n  events:\n"
EVENTS = "    bounce: {received: {channel: text}}\n    click: {received: yes}\n"
RECEIVE = """\
receive:
  url: "https://${HOST:-news.example.com}/in"
  secret: LINKS
  key: KEY
  name: The shop
  pages: pages
  click: click
  webhooks:
    mailer:
      secret: HOOK
      signature: X-Mailer
      kind: type
      contact: meta.contact
      at: when
      id: uid
      send: meta.send
      events: {bounced: bounce}
      fields: {channel: email}
"""


def settings(text: str) -> Settings:
    read, found = read_settings(text, "p")
    assert found == ()
    assert read is not None
    return read


def wrong(text: str) -> list[tuple[str, str, int, int]]:
    read, found = read_settings(text, "p")
    assert read is None
    return [(d.code, d.message, d.place.line, d.place.column) for d in found]


def receive(text: str) -> Receiving:
    found = settings(HEAD + EVENTS + text).receive
    assert found is not None
    return found


def test_everything_that_can_be_said_is_read() -> None:
    found = receive(RECEIVE)
    assert [str(n) for n in (found.url, found.secret, found.key, found.name, found.pages)] == [
        *("https://news.example.com/in", "LINKS", "KEY", "The shop", "pages")
    ]
    (hook,) = found.webhooks
    assert [str(n) for n in (hook.name, hook.secret, hook.signature, hook.kind, hook.contact)] == [
        *("mailer", "HOOK", "X-Mailer", "type", "meta.contact")
    ]
    assert (hook.at, hook.id, hook.send) == ("when", "uid", "meta.send")
    assert [(str(kind.theirs), str(kind.event)) for kind in hook.events] == [("bounced", "bounce")]
    assert [(str(name), value) for name, value in hook.fields] == [("channel", "email")]


def test_what_is_left_out_has_a_meaning() -> None:
    found = receive("receive: {secret: LINKS, webhooks: {m: {secret: H, events: {a: click}}}}\n")
    assert (found.url, found.key, found.name, found.pages, found.open, found.click) == (
        *(None, None, "shop", None),
        *("open", "click"),
    )
    (hook,) = found.webhooks
    assert (hook.signature, hook.kind, hook.contact, hook.fields) == ("X-Signature", "event", "contact", ())
    without = settings("name: s\ndatamart: {contacts: {table: c, key: k}}\n")
    assert (without.receive, without.inbox, without.datamart.received) == (None, "state/inbox", ())
    assert settings("name: s\ninbox: /there\ndatamart: {contacts: {table: c, key: k}}\n").inbox == "/there"


def test_an_event_is_received_or_of_a_table_or_both() -> None:
    events = (
        EVENTS
        + "    a: {table: t, contact: c, at: a}\n    b: {table: t, contact: c, at: a, received: {n: number}}\n"
    )
    mart = settings(HEAD + events).datamart
    assert [str(event.name) for event in mart.events] == ["a", "b"]
    assert [(str(e.name), [(str(f.name), f.type) for f in e.fields]) for e in mart.received] == [
        ("bounce", [("channel", "text")]),
        ("click", []),
        ("b", [("n", "number")]),
    ]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (
            "{received: no}",
            "`datamart.events.e.received` must be `yes`, or a mapping of fields to types: {reason: text}",
        ),
        ("{received: {at: text}}", "`datamart.events.e.received.at` must be left out: every event has it"),
        (
            "{received: {a-b: text}}",
            "`datamart.events.e.received.a-b` must be a name of letters, digits and _",
        ),
        (
            "{received: {_at: text}}",
            "`datamart.events.e.received._at` must be a name of letters, digits and _",
        ),
        (
            "{received: {a: string}}",
            "`datamart.events.e.received.a` must be one of text, number, yes_no, date, instant",
        ),
    ],
)
def test_what_an_event_cannot_be_received_as(event: str, message: str) -> None:
    assert [found[:3] for found in wrong(f"{HEAD}    e: {event}\n")] == [("bad-setting", message, 5)]


def test_an_event_of_a_table_lacks_nothing_because_it_is_received_too() -> None:
    assert [found[:2] for found in wrong(f"{HEAD}    e: {{received: yes, contact: c}}\n")] == [
        ("missing-setting", "`datamart.events.e.table` is missing"),
        ("missing-setting", "`datamart.events.e.at` is missing"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("  secret: LINKS\n", "", "missing-setting", "`receive.secret` is missing"),
        ("  secret: LINKS\n", "  secret: s3cr3t!\n", "bad-setting", "`receive.secret` must be the name of a variable of the environment"),
        ('"https://${HOST:-news.example.com}/in"', "news.example.com", "bad-setting", "`receive.url` must be an address: https://news.example.com"),
        ("  key: KEY\n", "  keys: KEY\n", "unknown-setting", "there is no setting `receive.keys`"),
        ("  click: click\n", "  click: clack\n", "bad-setting", "`clack` is no event that can be received"),
        ("{bounced: bounce}", "{bounced: bounces}", "bad-setting", "`bounces` is no event that can be received"),
        ("{channel: email}", "{chanel: email}", "bad-setting", "none of the events of `mailer` has a field `chanel`"),
        ("      events: {bounced: bounce}\n", "", "missing-setting", "`receive.webhooks.mailer.events` is missing"),
        ("X-Mailer", '"X:Mailer"', "bad-setting", "`receive.webhooks.mailer.signature` must be the name of a header"),
        ("    mailer:\n", "    mail/er:\n", "bad-setting", "`receive.webhooks.mail/er` must be called by letters, digits, - and _"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(old: str, new: str, code: str, message: str) -> None:
    assert old in RECEIVE
    found = wrong(HEAD + EVENTS + RECEIVE.replace(old, new))
    assert (code, message) in [(one[0], one[1]) for one in found]
    assert all(line > 5 for _, _, line, _ in found)
    # the variable's name may be in a message, a value that looks like a secret never is
    assert "s3cr3t" not in repr(found)
