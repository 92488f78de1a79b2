"""A project as a large shop would have it: a thousand journey files of about 50 lines, and a small datamart.

Seeded: the same number gives the same files. Every fourth file has a segment of its own, every second one an
example; the vocabulary and the policy stand in files of their own."""

from pathlib import Path

import duckdb

from parcours.clock.chance import share_of

SETTINGS = """\
name: large
time_zone: Europe/Paris
currency: EUR
datamart:
  database: large.duckdb
  contacts: {table: customers, key: customer_id, time_zone: tz}
  events:
    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}
    visit: {table: visits, contact: customer_id, at: visited_at}
    signup: {table: signups, contact: customer_id, at: signed_up_at}
    opt_out: {table: opt_outs, contact: customer_id, at: opted_out_at}
"""

POLICY = """\
channel email
    address email
    consent email_opt_in
    cost 0.002 EUR
    quiet from 21:00 to 08:00

channel push
    address push_token
    consent push_opt_in
    quiet from 22:00 to 08:00

channel sms
    address phone
    consent sms_opt_in
    cost 0.06 EUR
    quiet from 20:00 to 09:00

pressure
    exempt purpose service
    at most 3 messages per 7 days
    at most 1 sms per 14 days
    keep held messages for 2 days
"""

VOCABULARY = """\
lifecycle customer
    "The buying stages of a contact"
    refresh every 1 day
    prospect: no order ever
    new: first order.at in last 30 days
    active: has order in last 90 days
    fading: has order in last 180 days
    lost: otherwise

segment big_baskets
    average of order.amount in last 12 months > 120
"""

TABLES = """\
CREATE TABLE customers AS SELECT
    i AS customer_id, 'Europe/Paris' AS tz, 'c' || i || '@example.com' AS email, 't' || i AS push_token,
    '+33' || i AS phone, i % 3 > 0 AS email_opt_in, i % 2 > 0 AS push_opt_in, i % 5 > 0 AS sms_opt_in,
    ['FR', 'DE', 'ES'][1 + i % 3] AS country, 18 + i % 60 AS age, DATE '1970-01-01' + (i % 9000)::INTEGER AS birth_date
FROM range(2000) t(i);
CREATE TABLE orders AS SELECT i AS order_id, i % 2000 AS customer_id, ['web', 'store'][1 + i % 2] AS source,
    TIMESTAMP '2026-01-01' + INTERVAL 7 MINUTE * i AS ordered_at, (i % 300)::DECIMAL(9, 2) AS amount
FROM range(10000) t(i);
CREATE TABLE visits AS SELECT i % 2000 AS customer_id, TIMESTAMP '2026-01-01' + INTERVAL 3 MINUTE * i AS visited_at,
    i % 12 AS pages FROM range(20000) t(i);
CREATE TABLE signups AS SELECT i AS customer_id, TIMESTAMP '2026-01-01' + INTERVAL 30 MINUTE * i AS signed_up_at
FROM range(2000) t(i);
CREATE TABLE opt_outs AS SELECT i * 20 AS customer_id, TIMESTAMP '2026-02-01' + INTERVAL 5 HOUR * i AS opted_out_at
FROM range(100) t(i);
"""

_ENTRIES = (
    "on order[amount > {n} and source is web]\n        if customer is active or customer is new\n        again after 30 days",
    'on signup\n        if email_opt_in and country in ("FR", "DE")\n        once',
    "every tuesday at 09:00 for {segment} and not (customer is lost)\n        again after 14 days",
    "on anniversary of birth_date at 09:00\n        if age >= {age}\n        again",
    "on joining {name}\n        again after 90 days",
)


def write(folder: Path, files: int, seed: int = 1) -> None:
    """Writes the project with so many journey files into an empty folder."""
    (folder / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "policy.journey").write_text(POLICY, encoding="utf-8")
    (folder / "vocabulary.journey").write_text(VOCABULARY, encoding="utf-8")
    for number in range(files):
        shelf = folder / f"team_{number // 50:02}"
        shelf.mkdir(exist_ok=True)
        (shelf / f"j{number:04}.journey").write_text(journey_file(number, seed), encoding="utf-8")
    with duckdb.connect(str(folder / "large.duckdb")) as connection:
        connection.execute(TABLES)


def journey_file(number: int, seed: int = 1) -> str:
    """The text of one of the files."""

    def drawn(what: str, low: int, high: int) -> int:
        return low + share_of(f"{seed}/{number}/{what}") % (high - low + 1)

    name = f"j{number:04}"
    has_segment = number % 4 == 0
    kind = drawn("entry", 0, 4 if has_segment else 3)
    segment = f"in segment s_{name}" if has_segment else "in segment big_baskets"
    entry = _ENTRIES[kind].format(
        n=drawn("n", 10, 200), age=drawn("age", 18, 60), segment=segment, name=f"s_{name}"
    )
    parts = [
        f"""\
# What team {number // 50} does for its contacts, part {number % 50}.

journey {name}
    "Journey {number}: brings contacts back with {drawn("n", 10, 200)} in mind"
    owner "team {number // 50}"
    purpose {("loyalty", "prospecting", "newsletter")[number % 3]}
    priority {drawn("priority", 10, 90)}
    enter {entry}
    goal bought: order[amount > {drawn("goal", 5, 50)}] within 60 days
    leave when has opt_out since entry as gone

    wait {drawn("first", 1, 9)} days
    send {name}_hello by push else email
        unless has order since entry
        keep for 1 day
    wait for visit since entry up to {drawn("visit", 2, 9)} days
        then
            # somebody is interested
            if sum of order.amount in last {drawn("window", 30, 365)} days > {drawn("sum", 50, 900)}
                send {name}_offer by email
            else if country is FR and age between 25 and {drawn("old", 40, 70)}
                wait until between 10:00 and 19:00 on weekdays
                send {name}_offer by sms else email
        otherwise
            split half
                {drawn("share", 10, 90)}% asked
                    send {name}_last by email
                rest_share% left_alone
                    exit left_alone
    exit finished_well
""".replace("rest_share", str(100 - drawn("share", 10, 90))),
        *(
            f"""\
message {name}_{what}
    topic {topic}
    subject "Hello, number {number}: {what}"
    email "A text of one line that says what there is to say: {{{{ link }}}}"
    {channel} "A short text"
"""
            for what, topic, channel in (
                ("hello", "news", "push"),
                ("offer", "promotion", "sms"),
                ("last", "news", "push"),
            )
        ),
    ]
    if has_segment:
        parts.append(
            f"segment s_{name}\n    count of visit in last {drawn('seen', 7, 90)} days > 3 and age < 70\n"
        )
    return "\n".join(parts)
