"""The web application: what it takes, what it answers, and what it does not do."""

import hmac
import json
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from receiving_world import HOOK, KEY, NOW, SETTINGS, SIGNER, Somebody, inbox_rows, receiving

from parcours.delivery.bodies import FORM_BYTES, MOST_BYTES
from parcours.delivery.links import Link, Links
from parcours.delivery.pages import HEADERS
from parcours.delivery.tokens import sign

ANN = Link("1", "welcome:hello", "email")
TARGET = "https://shop.example.com/tea?a=1&b=ü€"


@pytest.fixture
def somebody(tmp_path: Path) -> Iterator[Somebody]:
    with receiving(tmp_path / "shop") as found:
        yield found


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "shop" / "state" / "inbox"


def key(given: str = KEY) -> dict[str, str]:
    return {"authorization": f"Bearer {given}"}


def signed(body: str, secret: str = HOOK) -> dict[str, str]:
    return {"x_signature": hmac.new(secret.encode(), body.encode(), sha256).hexdigest()}


# ---- unsubscribing


def test_to_look_at_the_unsubscribe_page_changes_nothing(somebody: Somebody, inbox: Path) -> None:
    for method in ("GET", "HEAD"):
        answer = somebody.get(SIGNER.unsubscribe(ANN), method)
        assert answer.status == 200
    assert inbox_rows(inbox) == []
    page = somebody.get(SIGNER.unsubscribe(ANN)).text
    assert "by email" in page and '<form method="post">' in page


@pytest.mark.parametrize(
    "body", ["List-Unsubscribe=One-Click", "", "anything", b"\xff\x00", b"a" * (FORM_BYTES + 1)]
)
def test_to_post_to_it_unsubscribes_whatever_is_posted(
    somebody: Somebody, inbox: Path, body: str | bytes
) -> None:
    assert "You are unsubscribed" in somebody.post(SIGNER.unsubscribe(ANN), body).text
    rows = inbox_rows(inbox, "event, contact, happened_at, send, fields")
    assert rows == [("opt_out", "1", NOW, "welcome:hello", '{"channel":"email"}')]


def test_to_post_twice_is_to_unsubscribe_once(somebody: Somebody, inbox: Path) -> None:
    for _ in range(3):
        assert somebody.post(SIGNER.unsubscribe(ANN)).status == 200
    assert len(inbox_rows(inbox)) == 1


@pytest.mark.parametrize("contact", [" padded   ", "x" * 300, "tab\there"])
def test_whoever_unsubscribes_is_found_again_whatever_the_key_is(
    somebody: Somebody, inbox: Path, contact: str
) -> None:
    link = Link(contact, "s" * 600, "email")
    assert somebody.post(SIGNER.unsubscribe(link)).status == 200
    assert inbox_rows(inbox) == [("opt_out", contact, '{"channel":"email"}')]


def test_where_opt_outs_have_no_channel_the_page_promises_what_it_does(tmp_path: Path) -> None:
    settings = SETTINGS.replace("opt_out: {received: {channel: text}}", "opt_out: {received: yes}")
    with receiving(tmp_path / "shop", settings) as somebody:
        for answer in (somebody.get(SIGNER.unsubscribe(ANN)), somebody.post(SIGNER.unsubscribe(ANN))):
            assert "no more messages from us.</p>" in answer.text


def test_a_link_without_a_channel_unsubscribes_from_everything(somebody: Somebody, inbox: Path) -> None:
    page = somebody.post(SIGNER.unsubscribe(Link("1"))).text
    assert "no more messages from us.</p>" in page
    assert inbox_rows(inbox) == [("opt_out", "1", "{}")]


@pytest.mark.parametrize("path", ["/unsubscribe", "/preferences", "/open", "/click"])
@pytest.mark.parametrize("token", ["unsigned", "..%2f..", "a" * 5000, "eyJjIjoiMSJ9.AAAA"])
def test_a_forged_link_does_nothing(somebody: Somebody, inbox: Path, path: str, token: str) -> None:
    for method in ("GET", "POST"):
        answer = somebody.ask(method, f"{path}/{token}")
        assert answer.status in (404, 405)
        assert "location" not in answer.headers
        assert token not in answer.text
    assert inbox_rows(inbox) == []


def test_a_link_of_another_secret_or_purpose_does_nothing(somebody: Somebody, inbox: Path) -> None:
    other = Links(SIGNER.url, "another-secret-of-somebody")
    assert somebody.post(other.unsubscribe(ANN)).status == 404
    token = SIGNER.preferences(ANN).rpartition("/")[2]
    assert somebody.post(f"/unsubscribe/{token}").status == 404
    assert inbox_rows(inbox) == []


# ---- the preferences page


def test_the_preferences_page_shows_what_there_is_to_choose(somebody: Somebody) -> None:
    page = somebody.get(SIGNER.preferences(ANN)).text
    names = re.findall(r'name="([^"]+)"', page)
    assert [name for name in names if name not in ("viewport", "robots")] == [
        *("frequency", "topic:new_teas", "break", "until", "season")
    ]
    everything = re.search(r'href="([^"]+)">Unsubscribe from everything', page)
    assert everything is not None
    assert "no more messages from us.</p>" in somebody.get(everything[1]).text


def test_what_is_chosen_becomes_events(somebody: Somebody, inbox: Path) -> None:
    form = "frequency=weekly&topic%3Anew_teas=no&break=&until=2026-04-01&season=winter"
    answer = somebody.post(SIGNER.preferences(ANN), form)
    assert (answer.status, "<h1>Saved</h1>" in answer.text) == (200, True)
    assert [(event, json.loads(fields)) for event, _, fields in inbox_rows(inbox)] == [
        ("preference_changed", {"frequency": "weekly", "season": "winter", "until": "2026-04-01"}),
        ("preference_changed", {"topic": "new_teas", "wanted": "false"}),
    ]


@pytest.mark.parametrize(
    "form",
    [
        "frequency=hourly",
        "season=monsoon",
        "topic%3Aother=no",
        "topic%3Anew_teas=maybe",
        "until=2026-02-30",
        "until=2026-03-02",
        "until=2126-03-02",
        "break=ever",
        "frequency=%ff",
        "&".join(f"a{n}=1" for n in range(300)),
    ],
)
def test_what_the_page_does_not_offer_is_refused(somebody: Somebody, inbox: Path, form: str) -> None:
    answer = somebody.post(SIGNER.preferences(ANN), form)
    assert answer.status == 400
    assert inbox_rows(inbox) == []


def test_an_empty_form_changes_nothing(somebody: Somebody, inbox: Path) -> None:
    assert (
        "Nothing was changed" in somebody.post(SIGNER.preferences(ANN), "frequency=&topic%3Anew_teas=").text
    )
    assert inbox_rows(inbox) == []


def test_what_people_say_is_never_part_of_a_page(somebody: Somebody) -> None:
    mark = "<script>alert(1)</script>"
    evil = Link(mark, mark, mark)
    pages = [
        somebody.get(SIGNER.unsubscribe(evil)),
        somebody.post(SIGNER.unsubscribe(evil)),
        somebody.get(SIGNER.preferences(evil)),
        somebody.post(SIGNER.preferences(evil), f"frequency={mark}"),
        somebody.post(SIGNER.preferences(evil), "frequency=weekly"),
    ]
    for page in pages:
        assert "<script" not in page.text
        assert "Tea &lt;b&gt;&amp;&lt;/b&gt; more" in page.text
        assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_every_answer_forbids_scripts_and_keeps_its_address_to_itself(somebody: Somebody) -> None:
    addresses = (SIGNER.unsubscribe(ANN), SIGNER.pixel(ANN), SIGNER.click(ANN, TARGET), "/health", "/nowhere")
    for address in addresses:
        headers = somebody.get(address).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "'unsafe" not in HEADERS["content-security-policy"]
    assert somebody.get("/style.css").headers["cache-control"] == "max-age=3600"


def test_a_page_of_the_projects_own_takes_the_place_of_ours(tmp_path: Path) -> None:
    settings = SETTINGS.replace("  secret: LINKS\n", "  secret: LINKS\n  pages: pages\n")
    pages = tmp_path / "shop" / "pages"
    pages.mkdir(parents=True)
    (pages / "unsubscribe.html").write_text("Bye by {{ channel }}, {{ ''.__class__ }}?")
    (pages / "unsubscribed.html").write_text("Adieu {{ name }} {{ channel }}")
    with receiving(tmp_path / "shop", settings) as somebody:
        answer = somebody.post(SIGNER.unsubscribe(Link("1", None, "<i>")))
        assert answer.text == "Adieu Tea &lt;b&gt;&amp;&lt;/b&gt; more &lt;i&gt;"


# ---- opens and clicks


def test_an_open_is_a_picture_and_an_event(somebody: Somebody, inbox: Path) -> None:
    answer = somebody.get(SIGNER.pixel(ANN))
    assert (answer.status, answer.headers["content-type"]) == (200, "image/gif")
    assert answer.text.startswith("GIF89a")
    assert inbox_rows(inbox, "event, contact, send, fields") == [("open", "1", "welcome:hello", "{}")]


def test_a_click_leads_to_where_the_link_says(somebody: Somebody, inbox: Path) -> None:
    answer = somebody.get(SIGNER.click(ANN, TARGET))
    assert answer.status == 302
    assert answer.headers["location"] == "https://shop.example.com/tea?a=1&b=%C3%BC%E2%82%AC"
    assert inbox_rows(inbox) == [
        ("click", "1", json.dumps({"link": TARGET}, ensure_ascii=False, separators=(",", ":")))
    ]


def test_whoever_asks_for_the_headers_only_has_not_clicked(somebody: Somebody, inbox: Path) -> None:
    assert somebody.get(SIGNER.click(ANN, TARGET), "HEAD").status == 302
    somebody.get(SIGNER.pixel(ANN), "HEAD")
    assert inbox_rows(inbox) == []


@pytest.mark.parametrize("target", ["https://evil.example.com", "//evil.example.com", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(somebody: Somebody, target: str) -> None:
    good = SIGNER.click(ANN, TARGET)
    for address in (f"{good}?url={target}", f"{good}/{target}", f"/click/{target}"):
        answer = somebody.get(address)
        assert "evil" not in answer.headers.get("location", "") and "alert" not in answer.text
    # signed, but not by `Links.click`
    token = sign("click", {"c": "1", "t": "javascript:alert(1)"}, "the-secret-of-all-links")
    assert somebody.get(f"/click/{token}").status == 404


def test_an_open_that_nobody_wants_to_know_is_still_a_picture(tmp_path: Path) -> None:
    settings = SETTINGS.replace("    open: {received: yes}\n", "")
    with receiving(tmp_path / "shop", settings) as somebody:
        assert somebody.get(SIGNER.pixel(ANN)).status == 200
    assert inbox_rows(tmp_path / "shop" / "state" / "inbox") == []


# ---- POST /events


def test_events_are_posted_with_the_key(somebody: Somebody, inbox: Path) -> None:
    order = {"event": "order", "contact": 1, "id": "a", "fields": {"amount": 12.5, "gift": True}}
    answer = somebody.post("/events", json.dumps([order, order, {**order, "id": "b"}]), **key())
    assert (answer.status, json.loads(answer.text)) == (200, {"taken": 3})
    assert [id_ for (id_,) in inbox_rows(inbox, "id")] == ["a", "b"]


def test_lines_and_flat_objects_are_events_too(somebody: Somebody, inbox: Path) -> None:
    lines = '{"event":"order","contact":"1","amount":1}\n\n{"event":"open","contact":"2"}\n'
    assert somebody.post("/events", lines, **key()).text == '{"taken": 2}'
    assert inbox_rows(inbox) == [("open", "2", "{}"), ("order", "1", '{"amount":"1"}')]


@pytest.mark.parametrize(
    "headers", [{}, key("wrong"), key(""), {"authorization": KEY}, key(KEY + "x"), key("é")]
)
def test_without_the_key_nothing_is_read(somebody: Somebody, inbox: Path, headers: dict[str, str]) -> None:
    answer = somebody.post("/events", '{"event":"order","contact":"1"}', **headers)
    assert (answer.status, json.loads(answer.text)) == (401, {"reason": "the key is missing or wrong"})
    assert inbox_rows(inbox) == []


def test_without_a_key_in_parcours_yaml_nobody_posts(tmp_path: Path) -> None:
    with receiving(tmp_path / "shop", SETTINGS.replace("  key: KEY\n", "")) as somebody:
        assert somebody.post("/events", "{}", authorization="Bearer ").status == 401


def test_one_bad_event_and_nothing_is_taken(somebody: Somebody, inbox: Path) -> None:
    posted = [
        {"event": "order", "contact": 1},
        {"event": "order"},
        7,
        {"event": "order", "contact": 1, "fields": 3},
    ]
    answer = somebody.post("/events", json.dumps(posted), **key())
    assert answer.status == 400
    assert json.loads(answer.text) == {
        "reason": "nothing was taken",
        "wrong": [
            {"index": 1, "reason": "`contact` is missing"},
            {"index": 2, "reason": "an event is an object: {`event`: …, `contact`: …}"},
            {"index": 3, "reason": "`fields` is an object with the fields of the event"},
        ],
    }
    assert inbox_rows(inbox) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "what was sent is no JSON (line 1, column 1)"),
        (b"{", "what was sent is no JSON (line 1, column 2)"),
        (b"\xff", "what was sent is no UTF-8 text"),
        (b'{"event": NaN}', "what was sent is no JSON"),
        (b"[" * 100_000, "what was sent is no JSON"),
        (b"1" * 5000, "what was sent is no JSON"),
    ],
)
def test_what_is_no_json_is_told_in_one_line(somebody: Somebody, body: bytes, reason: str) -> None:
    answer = somebody.post("/events", body, **key())
    assert (answer.status, json.loads(answer.text)) == (400, {"reason": reason})


def test_a_body_that_is_too_large_is_not_read(somebody: Somebody, inbox: Path) -> None:
    large = b" " * (MOST_BYTES + 1)
    for headers in ({}, {"content_length": "10"}, {"content_length": "-1"}, {"content_length": "9" * 40}):
        assert somebody.post("/events", large, **key(), **headers).status == 413
    assert somebody.post(SIGNER.preferences(ANN), b"a" * (FORM_BYTES + 1)).status == 413
    assert inbox_rows(inbox) == []


# ---- webhooks


def test_a_provider_tells_of_bounces(somebody: Somebody, inbox: Path) -> None:
    one = {
        "type": "bounced",
        "meta": {"contact": 2},
        "at": 1772359200,
        "id": "x1",
        "send": "welcome:hello",
        "reason": "full",
        "more": 1,
    }
    body = json.dumps({"events": [one, {"type": "delivered"}, {"type": "bounced"}, one]})
    answer = somebody.post("/webhooks/mailer", body, **signed(body))
    assert json.loads(answer.text) == {
        "taken": 2,
        "ignored": 1,
        "left_out": [{"index": 2, "reason": "`contact` is missing"}],
    }
    rows = inbox_rows(inbox, "event, contact, id, send, fields::JSON::VARCHAR")
    assert [(*row[:4], json.loads(row[4])) for row in rows] == [
        ("bounce", "2", "x1", "welcome:hello", {"channel": "email", "reason": "full"})
    ]


@pytest.mark.parametrize(
    "headers", [{}, {"x_signature": ""}, {"x_signature": "é"}, signed("{}", "another-secret")]
)
def test_without_the_signature_nothing_is_taken(
    somebody: Somebody, inbox: Path, headers: dict[str, str]
) -> None:
    body = '{"type": "bounced", "meta": {"contact": 2}}'
    assert somebody.post("/webhooks/mailer", body, **headers).status == 401
    assert somebody.post("/webhooks/mailer", body + " ", **signed(body)).status == 401
    assert inbox_rows(inbox) == []


def test_a_webhook_that_is_none_is_not_found(somebody: Somebody) -> None:
    assert somebody.post("/webhooks/nobody", "{}").status == 404


# ---- when the inbox cannot be written


def test_nobody_is_told_that_something_is_saved_when_it_is_not(
    somebody: Somebody, inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(inbox)
    assert somebody.post(SIGNER.unsubscribe(ANN)).status == 503
    assert somebody.post("/events", '{"event":"order","contact":"1"}', **key()).status == 503
    assert somebody.get("/health").status == 503
    # people still get where they want to
    assert somebody.get(SIGNER.click(ANN, TARGET)).status == 302
    assert somebody.get(SIGNER.pixel(ANN)).status == 200
    assert "a click was lost" in caplog.text
    (inbox / "new").mkdir(parents=True)
    assert somebody.get("/health").text == '{"status": "ok"}'
    assert somebody.post(SIGNER.unsubscribe(ANN)).status == 200
    assert len(inbox_rows(inbox)) == 1
