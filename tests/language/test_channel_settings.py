"""`channels:` and `links:` of parcours.yaml."""

import pytest

from parcours.language.settings import read_settings
from parcours.model.channel_settings import (
    FaultySettings,
    FileSettings,
    NullSettings,
    SmtpSettings,
    TaskSettings,
    WebhookSettings,
)

BEGIN = "name: s\ndatamart:\n  contacts: {table: c, key: k}\n"
WHOLE = """\
channels:
  email:
    adapter: smtp
    host: ${SMTP_HOST:-smtp.example.com}
    port: 2525
    security: tls
    user: shop
    password: SMTP_PASSWORD
    sender: Shop <news@shop.example>
    reply_to: help@shop.example
    connections: 8
    per_domain: 20
    timeout_seconds: 10
    give_up_after_minutes: 120
  sms: {adapter: webhook, url: "https://sms.example/send", secret: SMS_SECRET, concurrency: 5, timeout_seconds: 3}
  letter: {adapter: file, folder: letters, format: parquet}
  call: {adapter: task, folder: calls}
  push: {adapter: null}
  chat: {adapter: faulty, transient: 10, terminal: 1, lost: 5, latency_ms: 20, seed: 3}
links: {shop: "https://shop.example", help: "https://help.example"}
"""


def test_everything_that_can_be_said_is_read() -> None:
    settings, found = read_settings(BEGIN + WHOLE, "p", {})
    assert settings is not None, found
    email, sms, letter, call, push, chat = settings.channels
    assert [c.name.text for c in settings.channels] == ["email", "sms", "letter", "call", "push", "chat"]
    assert (email.give_up_minutes, sms.give_up_minutes) == (120, 1440)
    smtp = email.adapter
    assert isinstance(smtp, SmtpSettings)
    assert (str(smtp.host), smtp.port, smtp.security, str(smtp.user)) == (
        "smtp.example.com",
        2525,
        "tls",
        "shop",
    )
    assert (str(smtp.sender), str(smtp.reply_to)) == ("Shop <news@shop.example>", "help@shop.example")
    assert (smtp.connections, smtp.per_domain, smtp.timeout_seconds) == (8, 20, 10)
    assert str(smtp.password_variable) == "SMTP_PASSWORD"
    hook = sms.adapter
    assert isinstance(hook, WebhookSettings)
    assert (str(hook.url), str(hook.secret_variable), hook.concurrency) == (
        "https://sms.example/send",
        "SMS_SECRET",
        5,
    )
    assert isinstance(letter.adapter, FileSettings) and letter.adapter.format == "parquet"
    assert isinstance(call.adapter, TaskSettings) and str(call.adapter.folder) == "calls"
    assert isinstance(push.adapter, NullSettings)
    assert isinstance(chat.adapter, FaultySettings) and chat.adapter.lost == 5
    assert [(str(link.name), str(link.url)) for link in settings.links] == [
        ("shop", "https://shop.example"),
        ("help", "https://help.example"),
    ]


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587), ("none", 25)])
def test_each_kind_of_security_has_its_port(security: str, port: int) -> None:
    line = f"{{adapter: smtp, host: h, sender: a@b.example, security: {security}}}"
    settings, _ = read_settings(f"{BEGIN}channels:\n  email: {line}\n", "p")
    assert settings is not None
    adapter = settings.channels[0].adapter
    assert isinstance(adapter, SmtpSettings)
    assert adapter.port == port


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("{}", "missing-setting", "`channels.email.adapter` is missing"),
        ("smtp", "bad-setting", "`channels.email` must be a mapping, with keys indented below it"),
        (
            "{adapter: stmp}",
            "bad-setting",
            "`channels.email.adapter` must be one of smtp, webhook, file, task, null, faulty",
        ),
        ("{adapter: null, host: h}", "unknown-setting", "there is no setting `channels.email.host`"),
        ("{adapter: smtp, sender: a@b.c}", "missing-setting", "`channels.email.host` is missing"),
        (
            "{adapter: smtp, host: h, sender: shop}",
            "bad-setting",
            "`channels.email.sender` must be an address, such as `Shop <news@example.com>`",
        ),
        (
            "{adapter: smtp, host: h, sender: a@b.c, user: u, password: P, security: none}",
            "bad-setting",
            "`channels.email.security` must be `tls` or `starttls` when there is a password",
        ),
        (
            "{adapter: smtp, host: h, sender: a@b.c, user: u}",
            "bad-setting",
            "`channels.email.user` must be given together with `password`",
        ),
        (
            "{adapter: smtp, host: h, sender: a@b.c, user: u, password: 'pa ss!'}",
            "bad-setting",
            "`channels.email.password` must be the name of a variable of the environment, such as SMTP_PASSWORD",
        ),
        (
            "{adapter: smtp, host: h, sender: a@b.c, port: 70000}",
            "bad-setting",
            "`channels.email.port` must be a whole number from 1 to 65,535",
        ),
        (
            "{adapter: webhook, url: ftp://x.example}",
            "bad-setting",
            "`channels.email.url` must be an address that begins with https:// or http://",
        ),
        (
            "{adapter: file, folder: f, format: xls}",
            "bad-setting",
            "`channels.email.format` must be one of csv, parquet",
        ),
        ("{adapter: task}", "missing-setting", "`channels.email.folder` is missing"),
        (
            "{adapter: faulty, transient: 60, lost: 50}",
            "bad-setting",
            "`channels.email.transient` must be a share that leaves no more than 100 with the others",
        ),
        (
            "{adapter: null, give_up_after_minutes: 1.5}",
            "bad-setting",
            "`channels.email.give_up_after_minutes` must be a whole number from 1 to 43,200",
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(line: str, code: str, message: str) -> None:
    settings, (found,) = read_settings(f"{BEGIN}channels:\n  email: {line}\n", "p")
    assert settings is None
    assert (found.code, found.message, found.place.line) == (code, message, 5)


@pytest.mark.parametrize(
    "link", ["'a b': 'https://x.example'", "shop: 'javascript:alert(1)'", "unsubscribe: 'https://x.example'"]
)
def test_a_link_has_a_name_and_leads_to_a_page(link: str) -> None:
    settings, (found,) = read_settings(f"{BEGIN}links: {{{link}}}\n", "p")
    assert settings is None
    assert found.code == "bad-setting"


def test_everything_wrong_is_said_at_once() -> None:
    text = f"{BEGIN}channels:\n  email: {{adapter: smtp, port: no}}\n  sms: {{adapter: x}}\n"
    _, found = read_settings(text, "p")
    assert [d.code for d in found] == ["missing-setting", "missing-setting", "bad-setting", "bad-setting"]
