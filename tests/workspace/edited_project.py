"""A project in which everything has to do with everything, and edits of it such as somebody makes at a keyboard."""

import sys
from pathlib import Path

import duckdb

sys.path.append(str(Path(__file__).parents[1] / "language"))
from dice import Dice

SETTINGS = """\
name: edited
time_zone: Europe/Paris
library: [cart]
datamart:
  database: edited.duckdb
  contacts: {table: people, key: id}
  events:
    order: {table: orders, contact: id, at: at}
    visit: {table: visits, contact: id, at: at}
    cart_updated: {table: carts, contact: id, at: at}
"""
TABLES = """
CREATE TABLE people AS SELECT i AS id, 'p' || i AS email, 'n' || i AS phone, 't' || i AS push_token,
    'Europe/Paris' AS time_zone, i % 3 = 0 AS email_opt_in, i % 2 = 1 AS push_opt_in, i % 2 = 0 AS agreed,
    CASE WHEN i % 5 > 0 THEN ['FR', 'DE'][1 + i % 2] END AS country, i AS age FROM range(400) t(i);
CREATE TABLE orders AS SELECT i AS id, TIMESTAMP '2026-01-01' AS at, i AS amount, 'c' || i AS cart_id FROM range(300) t(i);
CREATE TABLE visits AS SELECT i AS id, TIMESTAMP '2026-01-01' AS at FROM range(300) t(i);
CREATE TABLE carts AS SELECT i AS id, TIMESTAMP '2026-01-01' AS at, 'c' || i AS cart_id, i AS total FROM range(300) t(i);
"""
FILES = {
    "policy.journey": """\
channel email
    address email
    consent email_opt_in

channel push
    address push_token
    consent push_opt_in

channel sms
    address phone
    consent agreed

pressure
    exempt purpose service
    at most 3 messages per 7 days
    at most 1 topic promotion per 14 days
    keep held messages for 2 days
""",
    "words/customers.journey": """\
segment buyers
    has order in last 90 days

segment french_buyers
    in segment buyers and country is FR

lifecycle customer
    prospect: no order ever
    active: in segment buyers
    lost: otherwise

season sales
    from 06-20 to 07-15
""",
    "words/scores.journey": """\
rfm standing
    of order.amount over 12 months
    scored 1 to 5 by quantile
    trend over 30 days
""",
    "words/messages.journey": """\
message hello
    topic news
    subject "Hello"
    email "Hello {{ email }}"
    sms "Hello"

message offer
    topic promotion
    subject "For you"
    email "{{ link }}"
    sms "For you"

message unsent
    topic news
    subject "Nobody"
    email "Nobody"
""",
    "welcome.journey": """\
journey welcome
    purpose newsletter
    enter on order[amount > 10]
        if customer is active
        again after 30 days
    goal bought: order within 30 days
    send hello by email else sms
    wait 2 days
    if country != "DE" and in segment french_buyers
        send offer by sms
    record thanked with amount = entry.amount
    exit done
""",
    "back.journey": """\
journey back
    purpose loyalty
    enter every tuesday at 09:00 for customer is lost or season.sales
    wait for thanked since entry up to 9 days
        then
            if event.amount > 5
                start welcome
        otherwise
            send offer by email
    exit done
""",
    "again.journey.yaml": """\
- journey: again
  purpose: loyalty
  enter:
    on joining: buyers
  steps:
    - send: offer
      by: email
    - wait: 3 days
    - send: hello
      by: sms

- message: last_word
  topic: news
  bodies:
    - channel: sms
      text: Goodbye
""",
    "examples.journey": """\
example "the active are welcome"
    journey welcome
    given agreed = yes
    at 2026-03-02 10:00 order with amount = 20
    expect hello by email at 2026-03-02 10:00
""",
}
_WORDS = {
    "buyers": "buyer",
    "hello": "offer",
    "email": "sms",
    "customer": "country",
    "active": "lost",
    "order": "visit",
    "promotion": "news",
    "welcome": "back",
    "amount": "age",
    "2 days": "40 days",
    "3 messages": "1 message",
    "thanked": "praised",
    "FR": "IT",
    "not": "",
    "journey": "jurney",
    "is": "==",
}


def write(folder: Path) -> None:
    (folder / "words").mkdir(parents=True)
    (folder / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with duckdb.connect(str(folder / "edited.duckdb")) as connection:
        connection.execute(TABLES)


def edited(text: str, dice: Dice) -> str:
    """The text after one edit: a line goes, comes twice, or trades its place; a word becomes another; a comment comes."""
    lines = text.split("\n")
    at = dice.below(len(lines))
    match dice.below(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            other = dice.below(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines.insert(at, "# nothing")
        case _:
            there = [word for word in _WORDS if word in text]
            if there:
                word = dice.one(there)
                before, found, after = text.partition(word)
                if dice.percent(50):
                    before, found, after = text.rpartition(word)
                return f"{before}{_WORDS[found]}{after}"
    return "\n".join(lines)
