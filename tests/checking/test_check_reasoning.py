"""Whether terms can hold at all (E1, E2): what is found, what is left open, and that nothing is claimed in vain."""

import os
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations_with_replacement, product

import pytest
from brute_force import Contact, truth
from hypothesis import given, settings
from hypothesis import strategies as st
from journey_check import typed

from parcours.checking.reasoning.search import MOST_STEPS, MOST_STEPS_OF_ALL, Reasoner
from parcours.checking.terms import (
    Aggregate,
    Among,
    And,
    Attribute,
    Compare,
    Constant,
    Count,
    DaysSince,
    Events,
    Field,
    Holds,
    InLast,
    InSeason,
    Known,
    Not,
    Nth,
    Or,
    PartOf,
    Term,
    Window,
)
from parcours.clock.span import Span

RUNS = int(os.environ.get("PARCOURS_REASONING_RUNS", "150"))
SOUND = settings(max_examples=RUNS, deadline=None)

WORLD = """\
segment paying
    has order[paid]

lifecycle customer
    prospect: no order ever
    new: first order.at in last 30 days
    active: has order in last 90 days
    lost: otherwise

season summer
    from 06-01 to 08-31

season winter
    from 12-01 to 02-28
"""

NEVER = (
    "age > 30 and age < 20",
    "age between 30 and 20",
    "age = 3 and age = 4",
    "age = 3 and age in (4, 5)",
    "age in (1, 2) and age not in (1, 2, 3)",
    'country = "FR" and country = "DE"',
    'country in ("FR", "BE") and country is DE',
    'country = "FR" and not country = "FR"',
    "country is known and country is unknown",
    'country is unknown and country = "FR"',
    'country is unknown and country != "FR"',
    'not (country = "FR" or country != "FR")',
    "email_opt_in and not email_opt_in",
    "email_opt_in = yes and email_opt_in = no",
    "not (email_opt_in or email_opt_in = no)",
    "count of order < 0",
    "count of order = 1.5",
    "count of order > 1 and count of order < 2",
    "days since order < 0",
    "distinct of order.status < 1",
    "has order and no order",
    "has order in last 30 days and no order in last 30 days",
    "has order in last 30 days and no order in last 90 days",
    "has order in last 30 days and no order ever",
    "has order in last 30 days and no order in last 3 months",
    "has order in last 2 months and no order in last 1 year",
    "has order[paid] in last 30 days and no order",
    "has order[paid and amount > 3] and no order[paid]",
    "has order[amount > 100] and no order[amount > 50]",
    "count of order in last 30 days > 3 and count of order < 3",
    "days since order > 60 and has order in last 30 days",
    "days since order < 30 and no order in last 30 days",
    "days since order is known and no order",
    "days since order is unknown and has order",
    "last order.amount > 3 and no order",
    "sum of order.amount > 3 and count of order = 0",
    "first order.at in last 30 days and no order in last 30 days",
    "signed_up in last 30 days and not signed_up in last 90 days",
    "signed_up > 2026-05-01 and signed_up < 2026-04-01",
    "birth_date > 2000-01-01 and birth_date < 2000-01-02",
    "month of birth_date = 2 and month of birth_date > 6",
    "month of birth_date < 1",
    "weekday of signed_up > 7",
    "hour of signed_up > 20 and hour of signed_up between 6 and 9",
    "month of birth_date = 2 and birth_date is unknown",
    "age + 1 > 3 and age is unknown",
    "age < age",
    "age > count of order and age < count of order",
    "customer is active and customer is lost",
    "customer is prospect and has order",
    "customer is active and no order in last 90 days",
    "in segment paying and not in segment paying",
    "in segment paying and no order",
    "season.summer and season.winter",
    "season.summer and not season.summer",
    "2 > 3",
    "not 3 > 2",
    "(age > 30 or age < 20) and age between 21 and 29",
    '(country = "FR" or country = "BE") and (country = "DE" or country is unknown)',
)

ALWAYS = (
    "count of order >= 0",
    "has order or no order",
    "has order in last 90 days or no order in last 30 days",
    "age is known or age is unknown",
    "in segment paying or not in segment paying",
    "customer in (prospect, new, active, lost)",
    "age <= 30 or age > 30 or age is unknown",
    "season.summer or not season.summer",
    "3 > 2",
)

OPEN = (
    "age <= 30 or age > 30",  # unknown is neither
    'country = "FR" or country != "FR"',
    "email_opt_in or not email_opt_in",
    "age = age",
    "age > 20 and age < 30",
    "age >= 3 and age <= 3",
    "count of order > 1 and count of order < 3",
    "has order and no order in last 90 days",
    "has order in last 30 days and no order in last 1 month",  # a month may be shorter, or longer
    "has order in last 1 month and no order in last 30 days",
    "has order in last 31 days and no order in last 1 month",
    "has order in last 1 year and no order in last 365 days",
    "has order[paid] and no order[amount > 3]",
    "has order[amount > 50] and no order[amount > 100]",
    "has order and no click",
    "days since order > 60 and has order",
    "days since order < 31 and no order in last 30 days",
    "days since order > 29 and has order[paid] in last 31 days",
    "first order.amount is unknown and has order",
    "first order.at in last 30 days and has order in last 90 days",
    'country < "b" and country > "y"',  # a column may have an order of its own
    "age + 1 < 2 and age > 5",
    "signed_up in last 90 days and not signed_up in last 30 days",
    "birth_date > 2000-01-01 and birth_date < 2000-01-03",
    "month of birth_date = 2 and month of signed_up = 3",
    "customer is new and email_opt_in",
    'country = "FR" and language = "DE"',
    "not season.summer and not season.winter",
    "age > count of order and age < count of click",
)


@pytest.mark.parametrize("predicate", NEVER)
def test_what_can_never_hold_is_found(predicate: str) -> None:
    assert Reasoner().is_impossible(typed(predicate, WORLD))


@pytest.mark.parametrize("predicate", ALWAYS)
def test_what_always_holds_is_found(predicate: str) -> None:
    assert Reasoner().is_certain(typed(predicate, WORLD))
    assert not Reasoner().is_impossible(typed(predicate, WORLD))


@pytest.mark.parametrize("predicate", OPEN)
def test_what_may_hold_or_not_is_left_open(predicate: str) -> None:
    asked = typed(predicate, WORLD)
    assert not Reasoner().is_impossible(asked)
    assert not Reasoner().is_certain(asked)


def test_what_holds_already_counts() -> None:
    """E1: a condition that was not met was no, or unknown."""
    adult, child = typed("age >= 18"), typed("age < 18")
    assert Reasoner().is_certain(child, Not(Holds(adult)), Known(Attribute("age", "number")))
    assert not Reasoner().is_certain(child, Not(Holds(adult)))
    assert Reasoner().is_impossible(Holds(adult), child)


def test_a_question_that_is_too_hard_is_left_open() -> None:
    """Five attributes cannot be six things; to see it all ways must be tried."""
    holes = ("country", "language", "email", "phone", "age")
    some = [
        " or ".join(f'{hole} = "{thing}"' for hole in holes[:-1]) + f" or age = {thing}" for thing in range(6)
    ]
    assert not Reasoner().is_impossible(typed(" and ".join(f"({one})" for one in some)))
    assert Reasoner().is_impossible(
        typed(" and ".join(f'(country = "{n}" or language = "{n}")' for n in range(3)))
    )


def test_filters_of_events_in_each_other_do_not_multiply_the_steps() -> None:
    filters = [" or ".join(f"amount = {n + m}" for m in range(6)) for n in range(12)]
    asked = " and ".join(f"count of order[{one}] in last {n + 2} days > {n}" for n, one in enumerate(filters))
    reasoner = Reasoner()
    reasoner.is_impossible(typed(asked))
    assert reasoner.steps_left >= MOST_STEPS_OF_ALL - MOST_STEPS - 1_000


def test_when_all_steps_are_spent_every_question_is_left_open() -> None:
    reasoner, asked = Reasoner(), typed("age < 3 and age > 5")
    assert reasoner.is_impossible(asked)
    while reasoner.steps_left > 0:
        reasoner.is_impossible(asked)
    assert not reasoner.is_impossible(asked)


# ---- nothing is claimed in vain: terms against the values that they can have

NOW = datetime(2026, 3, 31, 12)
AGE, COUNTRY, OPTED_IN = Attribute("age", "number"), Attribute("country", "text"), Attribute("in", "yes_no")
BORN, SEEN = Attribute("born", "date"), Attribute("seen", "instant")
AMOUNT, AT = Field("amount", "number"), Field("at", "instant")
NUMBERS = [Decimal(n) for n in ("0", "1", "1.5", "2", "3")]
DAYS = [date(2026, 2, 27) + timedelta(days=n) for n in range(4)]
INSTANTS = [NOW - timedelta(days=n) for n in (0, 10, 28, 31, 400)]
SPANS = [
    Span(1, "day"),
    Span(30, "day"),
    Span(31, "day"),
    Span(1, "month"),
    Span(2, "month"),
    Span(1, "year"),
]
OPERATORS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
GRID: dict[Attribute, list[object]] = {
    AGE: [None, *(n + d for n in NUMBERS for d in (Decimal("-0.25"), Decimal(0), Decimal("0.25")))],
    COUNTRY: [None, "BE", "DE", "FR", "ZZ"],
    OPTED_IN: [None, True, False],
    BORN: [None, *DAYS, date(1990, 5, 5), date(2030, 11, 30)],
    SEEN: [None, *(i + timedelta(microseconds=d) for i in INSTANTS for d in (-1, 0, 1))],
}


def compared(item: Term, values: Iterable[object]) -> st.SearchStrategy[Term]:
    constants = st.sampled_from([Constant(value, item.kind) for value in values])  # type: ignore[arg-type]
    pairs = st.tuples(OPERATORS, constants, st.booleans())
    compare = pairs.map(lambda p: Compare(p[0], p[1], item) if p[2] else Compare(p[0], item, p[1]))
    among = st.lists(constants, max_size=3).map(lambda listed: Among(item, tuple(listed)))
    return st.one_of(compare, among, st.just(Known(item)))


def joined(atoms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    def more(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(several.map(And), several.map(Or), inner.map(Not), inner.map(Holds))

    return st.recursive(atoms, more, max_leaves=6)


EITHER = [Constant(True, "yes_no"), Constant(False, "yes_no")]
ONE_ATTRIBUTE: dict[Attribute, st.SearchStrategy[Term]] = {
    AGE: joined(compared(AGE, NUMBERS)),
    COUNTRY: joined(
        st.one_of(
            st.sampled_from(["BE", "DE", "FR"]).map(lambda v: Compare("=", COUNTRY, Constant(v, "text"))),
            st.sampled_from(["BE", "DE", "FR"]).map(lambda v: Compare("!=", COUNTRY, Constant(v, "text"))),
            st.just(Known(COUNTRY)),
        )
    ),
    OPTED_IN: joined(
        st.one_of(
            st.just(OPTED_IN),
            st.just(Known(OPTED_IN)),
            st.tuples(st.sampled_from(["=", "!="]), st.sampled_from(EITHER)).map(
                lambda p: Compare(p[0], OPTED_IN, p[1])
            ),
            st.lists(st.sampled_from(EITHER)).map(lambda listed: Among(OPTED_IN, tuple(listed))),
        )
    ),
    BORN: joined(compared(BORN, DAYS)),
}


def answers(asked: Term, contacts: Iterable[Contact]) -> Iterator[object]:
    return (truth(asked, contact) for contact in contacts)


@SOUND
@given(st.data(), st.sampled_from(list(ONE_ATTRIBUTE)))
def test_over_one_attribute_the_answer_is_exact(data: st.DataObject, attribute: Attribute) -> None:
    """Never and always are found wherever no value and no lack of one says otherwise, and only there."""
    asked = data.draw(ONE_ATTRIBUTE[attribute])
    found = list(answers(asked, [Contact(NOW, {attribute.name: value}) for value in GRID[attribute]]))
    assert Reasoner().is_impossible(asked) == (True not in found)
    assert Reasoner().is_certain(asked) == all(value is True for value in found)


def order_counts() -> st.SearchStrategy[Term]:
    windows = st.one_of(st.just(Window("ever")), st.sampled_from(SPANS).map(lambda s: Window("in_last", s)))
    filters = st.one_of(st.none(), compared(AMOUNT, NUMBERS[1:4]))
    return st.tuples(filters, windows).map(lambda p: Count(Events("order", *p)))


EVER = Events("order", None, Window("ever"))
OVER_EVENTS: list[Term] = [
    DaysSince(EVER),
    Aggregate("sum", EVER, AMOUNT, "number"),
    Aggregate("distinct", EVER, AMOUNT, "number"),
    Nth("last", EVER, AMOUNT, "number"),
]
AT_TERMS = [Nth("last", EVER, AT, "instant"), Nth("first", EVER, AT, "instant")]
ANYTHING = joined(
    st.one_of(
        order_counts().flatmap(lambda count: compared(count, [*NUMBERS[:4], Decimal(30), Decimal(31)])),
        order_counts().map(lambda count: Compare(">", count, Constant(Decimal(0), "number"))),
        order_counts().map(lambda count: Compare("=", count, Constant(Decimal(0), "number"))),
        st.sampled_from(OVER_EVENTS).flatmap(
            lambda item: compared(item, [*NUMBERS[1:4], *map(Decimal, (27, 29, 30, 58))])
        ),
        st.tuples(st.sampled_from([SEEN, *AT_TERMS]), st.sampled_from(SPANS)).map(lambda p: InLast(*p)),
        compared(SEEN, INSTANTS),
        compared(PartOf("month", BORN), [Decimal(2), Decimal(3), Decimal(12)]),
        compared(BORN, DAYS),
        st.tuples(OPERATORS, st.just(AGE), order_counts()).map(lambda p: Compare(*p)),
        st.tuples(OPERATORS, order_counts(), st.just(AGE)).map(lambda p: Compare(*p)),
        st.sampled_from([InSeason((6, 1), (8, 31)), InSeason((12, 1), (3, 31)), InSeason((3, 31), (4, 2))]),
        compared(AGE, NUMBERS),
    )
)
AGES = [
    timedelta(days=n) - timedelta(seconds=s)
    for n, s in ((1, 1), (28, 0), (30, 1), (31, 0), (59, 0), (400, 0))
]
ORDERS = [{"at": NOW - age, "amount": amount} for age in AGES for amount in (None, Decimal(1), Decimal(2))]


@SOUND
@given(ANYTHING, st.randoms(use_true_random=False))
def test_what_is_called_impossible_never_happens(asked: Term, chance: object) -> None:
    """Over several attributes and events the answer may be left open, and is never wrong."""
    impossible, certain = Reasoner().is_impossible(asked), Reasoner().is_certain(asked)
    if not impossible and not certain:
        return
    histories = [[], *([o] for o in ORDERS), *map(list, combinations_with_replacement(ORDERS, 2))]
    for orders, age, seen, born in product(
        histories, (None, Decimal(0), Decimal(1), Decimal("1.5")), GRID[SEEN][::5], (None, DAYS[0], DAYS[3])
    ):
        attributes = {"age": age, "seen": seen, "born": born}
        contact = Contact(NOW, attributes, sorted(orders, key=lambda order: order["at"]))
        found = truth(asked, contact)
        assert not (impossible and found is True), contact
        assert not (certain and found is not True), contact


CLICKS = 'message hello\n    email "x"\nmessage offer\n    email "x"\n'


@pytest.mark.parametrize(
    ("predicate", "is_impossible"),
    [
        ("has click of hello and no click", True),
        ("has click of hello and no click of hello", True),
        ("last click.at of hello in last 30 days and no click of hello in last 60 days", True),
        ("has click of hello and no click of offer", False),
        ("has click and no click of hello", False),
        ("last click.at of hello in last 30 days and no click of offer in last 60 days", False),
        ("days since click of hello < 3 and no click of offer in last 30 days", False),
    ],
)
def test_the_events_of_a_message_are_among_all_and_not_among_those_of_another(
    predicate: str, is_impossible: bool
) -> None:
    assert Reasoner().is_impossible(typed(predicate, CLICKS)) is is_impossible
