"""`parcours rules`, as people use it."""

import json

import pytest
from corner_project import SETTINGS, assert_told

LINES = """
CREATE TABLE lines AS
SELECT (n % 3 + 1)::INTEGER AS customer_id, 'o' || n AS order_id, product,
    CAST('2026-02-01 10:00' AS TIMESTAMP) + to_days(n::INTEGER // 3) AS bought_at
FROM range(60) AS r(n), (VALUES ('tea'), ('cup'), ('salt')) AS p(product)
WHERE CASE product WHEN 'tea' THEN n < 20 WHEN 'cup' THEN n < 16 ELSE n >= 18 END
"""
DECLARED = "rules pairs\n    product of line together in order_id\n    confidence from 80%\n"
AT = ("--at", "2026-03-02 12:00")


@pytest.fixture
def shop(corner):
    corner.fill(LINES)
    line = "    line: {table: lines, contact: customer_id, at: bought_at}\n"
    corner.write("parcours.yaml", SETTINGS + line)
    corner.write("rules.journey", DECLARED)
    return corner


def learn(parcours) -> None:
    assert parcours("learn", "corner", "--as-of", "2026-03-02 12:00").code == 0


def test_the_best_rules_come_first(shop, parcours) -> None:
    learn(parcours)
    before = shop.files()
    answer = parcours("rules", "corner", "pairs", *AT)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.split("\n") == [
        "pairs, as of 2026-03-02 12:00: 2 rules, 2 core products, each in at least 5 of 60 baskets",
        "",
        "   who buys  buys  together  support  confidence  lift  leverage  conviction",
        "1  cup *     tea   16 of 16   26.67%      100.0%  3.00    0.1778      always",
        "2  tea *     cup   16 of 20   26.67%       80.0%  3.00    0.1778        3.67",
        "   * a core product: its buyers begin with it more often than with others",
        "",
    ]
    assert shop.files() == before


def test_only_the_first_and_for_programs(shop, parcours) -> None:
    learn(parcours)
    found = json.loads(parcours("rules", "corner", *AT, "--top", "1", "--format", "json").out)
    assert found["name"] == "pairs" and found["report"]["rules"] == 2
    (rule,) = found["found"]
    assert (rule["antecedent"], rule["consequent"], rule["conviction"]) == (["cup"], "tea", None)


def test_core_products_with_what_goes_with_them(shop, parcours) -> None:
    learn(parcours)
    answer = parcours("rules", "corner", "pairs", "--cores", *AT)
    assert answer.out.split("\n")[2:] == [
        "core product  what goes with it",
        "cup           tea",
        "tea           cup",
        "",
    ]


def test_a_name_alone_is_looked_for_in_this_folder(shop, parcours, monkeypatch) -> None:
    learn(parcours)
    monkeypatch.chdir(shop.folder)
    assert parcours("rules", "pairs", *AT).out.startswith("pairs, as of")


def test_what_cannot_be_shown(shop, parcours) -> None:
    answer = parcours("rules", "corner", "pairs", *AT)
    message = "the rules `pairs` were not learned by then, as they are declared now"
    assert_told(answer, "bad-option", message, "NAME\n  help: run `parcours learn` first")
    answer = parcours("rules", "corner", "pears", *AT)
    assert_told(answer, "unknown-name", "`pears` is no declaration of rules", "NAME\n  did you mean `pairs`?")
    shop.write("more.journey", DECLARED.replace("pairs", "others"))
    answer = parcours("rules", "corner", *AT)
    assert_told(
        answer,
        "bad-option",
        "the project declares several rules",
        "NAME\n  help: name one of them: others, pairs",
    )
    shop.write("more.journey", "")
    shop.write("rules.journey", "")
    answer = parcours("rules", "corner", *AT)
    assert_told(
        answer,
        "bad-option",
        "the project declares no rules",
        "NAME\n  help: write `rules NAME` into a journey file",
    )


def test_rules_of_before_an_edit_are_not_shown(shop, parcours) -> None:
    learn(parcours)
    shop.write("rules.journey", DECLARED.replace("80%", "70%"))
    assert "were not learned by then, as they are declared now" in parcours("rules", "corner", *AT).err
