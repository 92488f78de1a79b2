"""What predicates mean: E1 and E2, against answers worked out by hand."""

from datetime import date, datetime
from itertools import product

import pytest
from predicates import Answers, Questions
from world import World, refusals

from parcours.checking.terms import And, Known, Not, Or

PARIS, TOKYO = "Europe/Paris", "Asia/Tokyo"
AT = "2026-04-15 10:00"  # 12:00 in Paris, in summer time

SEASONS = """
season today
    from 04-15 to 04-15

season over_new_year
    from 11-15 to 04-15

season gone
    from 11-15 to 04-14

season to_come
    from 04-16 to 10-01

segment french
    country = "FR"

lifecycle buyer
    big: sum of order.amount > 40
    small: has order
    never: otherwise
"""


@pytest.fixture(scope="module")
def questions() -> Questions:
    """Ann knows everything of herself, Bob nothing, Cid only noughts."""
    world = World("segment s\n    vip\n", zone=PARIS)
    world.contact(
        "ann",
        zone=TOKYO,
        country="FR",
        age=30,
        points=10,
        balance="99.50",
        vip=True,
        birth_date=date(1996, 4, 15),
        signed_up_at=datetime(2026, 3, 31, 16),  # 1 April, 01:00 in Tokyo
    )
    world.contact("bob", email=None, phone=None, push_token=None, email_opt_in=None, sms_opt_in=None)
    world.contact(
        "cid",
        country="",
        age=0,
        points=0,
        balance=0,
        vip=False,
        birth_date=date(2000, 2, 29),
        signed_up_at=datetime(2025, 12, 31, 23, 30),  # 1 January, 00:30 in Paris
    )
    for key, at, loaded, amount, status, weight in (
        ("a1", "2026-03-15 11:00", None, 10, "paid", 0.1),  # a month before AT in Paris, to the second
        ("a2", "2026-03-15 11:00:01", None, 20, "open", 0.2),
        ("a3", "2026-04-08 10:00", None, None, None, None),  # 7 days before AT
        ("y", "2026-04-15 10:00", None, 7, "paid", None),  # at AT, added before x
        ("x", "2026-04-15 10:00", None, 5, "paid", None),
        ("b1", "2026-04-15 10:00:00.000001", None, 1000, "odd", 1),  # after AT
        ("b2", "2026-04-10 10:00", "2026-04-15 10:00:01", 1000, "odd", 1),  # not known yet
    ):
        world.event(
            "order", "ann", at, loaded=loaded, event_id=key, amount=amount, status=status, weight=weight
        )
    world.event(
        "order", "cid", "2025-12-31 23:30", amount=0, quantity=0, ship_at=datetime(2026, 5, 1), gift=True
    )
    return Questions(world, AT, PARIS, SEASONS)


# for Ann, Bob and Cid: T yes, F no, - unknown
TABLE = [
    # comparisons with something unknown are unknown
    ('country = "FR"', "T-F"),
    ('country != "FR"', "F-T"),
    ('not country = "FR"', "F-T"),
    ('not country != "FR"', "T-F"),
    ("country is known", "TFT"),
    ("country is unknown", "FTF"),
    ("country is FR", "T-F"),
    ('country in ("FR", "IT")', "T-F"),
    ('country not in ("FR", "IT")', "F-T"),
    ("points in (10)", "T-F"),
    ("vip", "T-F"),
    ("not vip", "F-T"),
    ("vip = yes", "T-F"),
    ("vip is no", "F-T"),
    ("vip != yes", "F-T"),
    ("age between 0 and 30", "T-T"),
    ("age between 1 and 29", "F-F"),
    ("not age between 1 and 29", "T-T"),
    ("30 between points and age", "T-F"),
    ("points < 10", "F-T"),
    ("points <= 10", "T-T"),
    ("points > 9.99", "T-F"),
    # Kleene's and, or, not
    ('country = "FR" or vip', "T-F"),
    ("country is known or vip", "T-T"),
    ("country is unknown or vip", "TTF"),
    ("country is known and vip", "TFF"),
    ("country is unknown and vip", "F-F"),
    ("not (country is known and vip)", "FTT"),
    ("vip and points > 5 or age = 0", "T-T"),
    ("vip and (points > 5 or age = 0)", "T-F"),
    # segments and stages are never unknown
    ("in segment french", "TFF"),
    ("not in segment french", "FTT"),
    ("buyer is big", "TFF"),
    ("buyer is small", "FFT"),
    ("not buyer is never", "TFT"),
    # arithmetic; division by zero is unknown
    ("age / points = 3", "T--"),
    ("not age / points = 3", "F--"),
    ("age / points > 1 or age = 0", "T-T"),
    ("points / 4 = 2.5", "T-F"),
    ("points - 3 * 2 = 4", "T-F"),
    ("(points - 3) * 2 = 14", "T-F"),
    ("points - 3 - 2 = 5", "T-F"),
    ("points / 5 / 2 = 1", "T-F"),
    ("0 - points = -10", "T-F"),
    ("points - -5 = 15", "T-F"),
    ("balance + 0.10 = 99.60", "T-F"),
    ("balance * 1.1 = 109.45", "T-F"),
    ("points * 1000000000 > 5", "T-F"),
    ("points * points * points * points * points * points * points * points * points * points = 10000000000", "T-F"),
    ("points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points * points = 1", "--F"),  # 10 to the power of 40: more than any number here holds
    ("points + hour of signed_up_at = 11", "T-F"),
    ("100 EUR > balance", "T-T"),
    ("50% < 0.51", "TTT"),
    # counts of nothing are 0, every other aggregate of nothing is unknown
    ("has order", "TFT"),
    ("no order", "FTF"),
    ("count of order = 5", "TFF"),
    ("count of order = 0", "FTF"),
    ("sum of order.amount = 42", "T-F"),
    ("sum of order.amount >= 0", "T-T"),
    ("average of order.amount = 10.5", "T-F"),
    ("smallest of order.amount = 5", "T-F"),
    ("largest of order.amount = 20", "T-F"),
    ("distinct of order.status = 2", "T--"),
    ("distinct of order.status = 1", "F--"),
    ("sum of order.weight = 0.3", "T--"),
    ("average of order.amount in last 7 days = 6", "T--"),
    ("sum of order.amount / count of order = 8.4", "T-F"),
    ("sum of order.amount / count of order[status = \"none\"] > 0", "---"),
    ("largest of order.status = \"paid\"", "T--"),
    ("largest of order.at = 2026-04-15 12:00", "T-F"),
    # filters take unknown as no
    ("has order[amount > 15]", "TFF"),
    ("has order[amount is unknown]", "TFF"),
    ("count of order[not amount > 6] = 1", "TFT"),
    ('count of order[amount > 6 or status = "paid"] = 4', "TFF"),
    ("has order[amount > contact.points]", "TFF"),
    ("has order[amount >= contact.points]", "TFT"),
    ('no order[status = "open"]', "FTT"),
    ("has order[gift]", "FFT"),
    ("has order[ship_at > at]", "FFT"),
    # E2: windows are T − D < at <= T, a day is 24 hours, a month a step in the project's zone
    ("count of order in last 7 days = 2", "TFF"),
    ("count of order in last 8 days = 3", "TFF"),
    ("count of order in last 31 days = 5", "TFF"),
    ("count of order in last 1 month = 4", "TFF"),
    ("count of order in last 1 year = 5", "TFF"),
    ("count of order in last 1 hour = 2", "TFF"),
    ("has order in last 3 months", "TFF"),
    ("has order in last 4 months", "TFT"),
    ("count of order in last 7 days + count of order in last 1 month = 6", "TFF"),
    ("no order[amount > 6] in last 7 days", "FTT"),
    ("count of order in last 100 years = 5", "TFF"),
    # the first and the last, by (at, id)
    ("last order.amount = 7", "T-F"),
    ("first order.amount = 10", "T-F"),
    ('last order.amount[status = "open"] = 20', "T--"),
    ("last order.amount in last 7 days = 7", "T--"),
    ("last order.amount is known", "TFT"),
    ("last order.weight is unknown", "TTT"),
    ("last order.at in last 7 days", "T-F"),
    ("first order.at in last 30 days", "F-F"),
    ("first order.at in last 31 days", "T-F"),
    # whole days of 24 hours
    ("days since order = 0", "T-F"),
    ('days since order[status = "open"] = 30', "T--"),
    ("days since order = 104", "F-T"),
    # parts, on the contact's wall clock
    ("month of signed_up_at = 4", "T-F"),
    ("month of signed_up_at = 1", "F-T"),
    ("year of signed_up_at = 2026", "T-T"),
    ("hour of signed_up_at = 1", "T-F"),
    ("weekday of signed_up_at = 3", "T-F"),
    ("weekday of signed_up_at = 4", "F-T"),
    ("month of birth_date = 2", "F-T"),
    ("count of order[month of at = 1] = 1", "FFT"),
    ("count of order[hour of at = 19 and month of at = 4] = 3", "TFF"),
    # dates: a date beside an instant is its midnight in the project's zone
    ("birth_date > 1996-04-14", "T-T"),
    ("birth_date = 1996-04-15", "T-F"),
    ("signed_up_at < 2026-01-01", "F-F"),
    ("signed_up_at >= 2026-01-01", "T-T"),
    ("signed_up_at in last 16 days", "T-F"),
    ("signed_up_at + 15 days = 2026-04-15 18:00", "T-F"),
    ("signed_up_at + 1 month = 2026-04-30 18:00", "T-F"),
    ("signed_up_at - 3 hours = 2026-03-31 15:00", "T-F"),
    ("birth_date + 1 year = 2001-02-28", "F-T"),
    ("birth_date - 1 day = 1996-04-14", "T-F"),
    ("has order[at > contact.signed_up_at]", "TFF"),
    ("count of order[at >= 2026-04-08 12:00] = 3", "TFF"),
    # seasons, both ends included
    ("season.today", "TTT"),
    ("season.over_new_year", "TTT"),
    ("season.gone", "FFF"),
    ("not season.to_come", "TTT"),
]  # fmt: skip

WORDS = {"T": True, "F": False, "-": None}


def expected(letters: str) -> Answers:
    return dict(zip(("ann", "bob", "cid"), (WORDS[letter] for letter in letters), strict=True))


@pytest.mark.parametrize(("predicate", "letters"), TABLE, ids=[predicate for predicate, _ in TABLE])
def test_e1_e2_a_predicate_is_what_was_worked_out_by_hand(
    questions: Questions, predicate: str, letters: str
) -> None:
    term = questions.term(predicate)
    assert questions.ask(term) == expected(letters)
    # every contact is in exactly one of: p, not p, p unknown
    everybody = Or((term, Not(term), Not(Known(term))))
    assert set(questions.ask(everybody).values()) == {True}
    nobody = And((term, Not(term), Known(term)))
    assert set(questions.ask(nobody).values()) == {False}


def test_e1_and_or_and_not_are_kleenes() -> None:
    world = World("segment s\n    vip\n")
    words = (True, False, None)
    for number, (one, other) in enumerate(product(words, words)):
        world.contact(f"c{number}", vip=one, email_opt_in=other)
    questions = Questions(world, AT, "UTC")

    def least(one: bool | None, other: bool | None) -> bool | None:
        return False if False in (one, other) else None if None in (one, other) else True

    def opposite(one: bool | None) -> bool | None:
        return None if one is None else not one

    for predicate, answer in (
        ("vip and email_opt_in", least),
        ("vip or email_opt_in", lambda a, b: opposite(least(opposite(a), opposite(b)))),
        ("not vip or not email_opt_in", lambda a, b: opposite(least(a, b))),
        ("vip and not email_opt_in", lambda a, b: least(a, opposite(b))),
        ("vip = email_opt_in", lambda a, b: None if None in (a, b) else a == b),
    ):
        assert questions.ask(questions.term(predicate)) == {
            f"c{number}": answer(one, other) for number, (one, other) in enumerate(product(words, words))
        }, predicate


SEASON_DAYS = [
    ("2026-11-30 23:59", False),
    ("2026-12-01 00:00", True),
    ("2026-12-31 23:59", True),
    ("2027-01-01 00:00", True),
    ("2027-02-28 23:59", True),
    ("2027-03-01 00:00", False),
    ("2028-02-29 12:00", True),
]


@pytest.mark.parametrize(("at", "inside"), SEASON_DAYS)
def test_e2_a_season_over_new_year_has_both_its_ends(at: str, inside: bool) -> None:
    world = World("segment s\n    vip\n")
    world.contact("here")
    world.contact("ahead", zone="Pacific/Kiritimati")  # 14 hours ahead
    questions = Questions(world, at, "UTC", "season winter\n    from 12-01 to 02-29\n")
    assert questions.ask(questions.term("season.winter"))["here"] is inside


def test_e2_a_season_is_the_contacts_own() -> None:
    world = World("segment s\n    vip\n")
    world.contact("here")
    world.contact("ahead", zone="Pacific/Kiritimati")
    questions = Questions(world, "2026-11-30 12:00", "UTC", "season winter\n    from 12-01 to 02-29\n")
    assert questions.ask(questions.term("season.winter")) == {"here": False, "ahead": True}


# ---- E2: what is visible, tick by tick


def test_e2_nothing_is_seen_before_it_has_happened_and_is_known() -> None:
    world = World("segment s\n    vip\n")
    world.contact("ann")
    world.event("order", "ann", "2026-03-01 10:00", loaded="2026-03-02 10:00")
    for at, seen in (
        ("2026-03-01 10:00", False),
        ("2026-03-02 09:59:59.999999", False),
        ("2026-03-02 10:00", True),
    ):
        world.rows("DROP TABLE IF EXISTS _who")
        questions = Questions(world, at, "UTC")
        assert questions.ask(questions.term("has order")) == {"ann": seen}
        # the same event does not fall into a window by the time of loading
        assert questions.ask(questions.term("has order in last 1 hour")) == {"ann": False}


# ---- E3: what is refused before anything runs


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        ('contry = "FR"', "unknown-attribute"),
        ("has ordr", "unknown-event"),
        ("has order[amont > 5]", "unknown-field"),
        ("sum of order.price > 5", "unknown-field"),
        ("country > 5", "wrong-type"),
        ("points = yes", "wrong-type"),
        ("vip > no", "wrong-type"),
        ("birth_date = 2026-02-30", "impossible-date"),
        ("sum of order.status > 5", "wrong-type"),
        ("points + country = 5", "wrong-type"),
        ("hour of birth_date = 5", "wrong-type"),
        ("points", "not-a-condition"),
        ("buyer is biggest", "unknown-stage"),
        ("in segment nobody", "unknown-segment"),
        ("season.autumn", "unknown-season"),
        ("points is big", "wrong-type"),
        ("points in (1, yes)", "wrong-type"),
        ("points in last 5 days", "wrong-type"),
        ("entry.total > 5", "no-event-here"),
        ("random() < 0.5", "syntax"),
        ("now = 2026-01-01", "unknown-attribute"),
        ("has order[amount > 5; drop table contact]", "syntax"),
    ],
)
def test_e3_a_predicate_that_means_nothing_is_refused_where_it_stands(predicate: str, code: str) -> None:
    found = refusals(f"segment s\n    {predicate}\n{SEASONS}")
    assert [line for _, line in found] == [2]
    assert found[0][0].startswith(code)


# ---- E4: text is text, names are names


@pytest.mark.parametrize(
    "text", ["O'Brien", "'; DROP TABLE contact; --", 'a \\" b', "100%", "$now", "?", "{x}", ":now"]
)
def test_e4_a_text_is_only_ever_a_text(text: str) -> None:
    world = World("segment s\n    vip\n")
    world.contact("same", country=text.replace('\\"', '"'))
    world.contact("other", country="x")
    questions = Questions(world, AT, "UTC")
    assert questions.ask(questions.term(f'country = "{text}"')) == {"same": True, "other": False}
    assert questions.ask(questions.term(f'country in ("{text}", "y")')) == {"same": True, "other": False}


def test_e4_a_name_is_only_ever_a_name() -> None:
    world = World("segment s\n    vip\n")
    world.contact("ann", **{'it\'s "odd"': "yes"})
    questions = Questions(world, AT, "UTC")
    assert questions.ask(questions.term('`it\'s "odd"` = "yes"')) == {"ann": True}


def test_e4_what_a_predicate_becomes_is_a_tree_of_plain_parts() -> None:
    """No function is called that a predicate could bring in by its own words."""
    world = World("segment s\n    vip\n")
    world.contact("ann", country="random()")
    questions = Questions(world, AT, "UTC")
    assert questions.ask(questions.term('country = "random()"')) == {"ann": True}
