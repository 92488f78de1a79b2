"""The design's own samples are accepted as they stand."""

from pathlib import Path
from typing import Any

import pytest

from parcours.language.parser import parse

SAMPLES = Path(__file__).parents[2].parent / "shared" / "design" / "samples" / "shop"
NAMES = ("analytics", "cart", "messages", "others", "policy", "vocabulary", "welcome", "win_back")

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the design's samples are not beside this checkout"
)


def read(name: str) -> dict[str, Any]:
    declarations, diagnostics = parse((SAMPLES / f"{name}.journey").read_text(encoding="utf-8"), name)
    assert diagnostics == ()
    return {str(getattr(d, "name", None) or getattr(d, "title", d.kind)): d for d in declarations}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_nothing_wrong_with_it(name: str) -> None:
    assert read(name)


def test_no_sample_is_forgotten() -> None:
    assert sorted(file.stem for file in SAMPLES.glob("*.journey")) == sorted(NAMES)


def test_the_cart_journey_is_understood() -> None:
    cart = read("cart")["cart_abandonment"]
    assert (str(cart.purpose), cart.priority, cart.enter.trigger.event.filter.operator) == (
        "loyalty",
        80,
        ">",
    )
    assert [step.kind for step in cart.steps] == ["wait", "send", "wait_event"]
    (test,) = cart.steps[2].otherwise
    assert [(str(arm.name), [s.kind for s in arm.steps]) for arm in test.arms] == [
        ("free_delivery", ["send"]),
        ("ten_percent", ["send"]),
        ("holdout", ["exit"]),
    ]


def test_the_welcome_journey_is_understood() -> None:
    welcome = read("welcome")["welcome"]
    assert [step.kind for step in welcome.steps] == ["send", "wait_event", "wait", "if", "exit"]
    wait = welcome.steps[1]
    assert [step.kind for step in wait.then] == ["wait_until", "send"]
    assert wait.otherwise[0].channels.choice == "first_of"
    assert [branch.predicate.kind for branch in welcome.steps[3].branches] == ["is_name", "and"]


def test_the_win_back_journey_is_understood() -> None:
    win_back = read("win_back")["win_back"]
    repeat, branches, wait, _ = win_back.steps
    assert (repeat.times, [step.kind for step in repeat.steps]) == (3, ["send", "wait"])
    assert branches.branches[0].steps[0].if_not_sent[0].channels.names[0].text == "letter"
    assert str(wait.moment.value.right) == "60 days"


def test_the_policy_is_understood() -> None:
    policy = read("policy")
    assert list(policy) == ["email", "sms", "push", "phone", "letter", "pressure"]
    assert [rule.kind for rule in policy["pressure"].rules] == [
        *("exempt", "cap", "cap", "cap", "cap", "cap", "spacing", "spacing", "never", "never"),
        *("honour_preferences", "lost_contact", "arbitrate", "keep_held"),
    ]
    assert str(policy["pressure"].rules[2].selector) == "message"


def test_the_vocabulary_is_understood() -> None:
    vocabulary = read("vocabulary")
    assert [str(stage.name) for stage in vocabulary["customer"].stages] == [
        *("prospect", "new", "active", "fading", "lost"),
    ]
    assert vocabulary["customer"].stages[1].predicate.kind == "recent"
    assert vocabulary["summer_buyers"].predicate.items[0].left.event.filter.value.kind == "part"


def test_the_other_journeys_are_understood() -> None:
    others = read("others")
    assert [d.kind for d in others.values()].count("journey") == 7
    assert others["newsletter"].enter.trigger.predicate.kind == "and"
    assert others["surprise"].steps[1].then[1].bindings[0].value.parts == ("event", "gift")
    assert [e.kind for e in others["a buyer leaves the cart journey"].expects] == ["exit", "no_message"]


def test_the_analytic_core_is_understood() -> None:
    analytics = read("analytics")
    assert [d.kind for d in analytics.values()] == [
        "rfm",
        "rfm",
        "clusters",
        "score",
        "score",
        "rules",
        "rules",
    ]
    assert [zone.kind for zone in analytics["appetency"].zones] == ["where", "top", "break_even", "otherwise"]
