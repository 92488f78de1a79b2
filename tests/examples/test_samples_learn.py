"""The design's own samples over the data of the example shop: what they declare is learned, and the journeys that read it
simulate with it. The commands run once, which takes some seconds, and is what a user would do."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from shop_project import SHOP, generator, said

BESIDE = ((above / "shared" / "design" / "samples" / "shop") for above in Path(__file__).parents)
SAMPLES = next((folder for folder in BESIDE if folder.is_dir()), Path("nowhere"))
CONTACTS = 1000

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the design's samples are not beside this checkout"
)

# what the samples call by another name, or the shop does not have
VIEWS = {
    "people": """SELECT *, date_diff('year', birth_date, DATE '2026-01-01') AS age, true AS marketing,
        NULL::VARCHAR AS frequency, NULL::VARCHAR AS last_gift FROM contacts""",
    "bought": "SELECT *, sku AS product FROM order_lines",
    "answers": "SELECT contact_id, reviewed_at AS answered_at, stars AS note FROM reviews",
    # who leaves has seen the page on which that is done, and some say there that they want less
    "pages": "SELECT contact_id, opted_out_at - INTERVAL 2 MINUTE AS seen_at FROM opt_outs",
    "changes": """SELECT contact_id, opted_out_at AS changed_at, 'news' AS topic, false AS wanted,
        CASE WHEN contact_id % 2 = 0 THEN 'none' ELSE 'monthly' END AS frequency FROM opt_outs""",
    "arrivals": """SELECT contact_id, visited_at AS arrived_at, CASE WHEN visit_id % 3 = 0 THEN 'airport' ELSE 'station' END
        AS place FROM visits WHERE source = 'app'""",
    "gifts": "SELECT contact_id, visited_at + INTERVAL 1 HOUR AS picked_at, 'scarf' AS gift FROM visits WHERE source = 'app' AND pages > 4",
}
EVENTS = {
    "preference_changed": ("changes", "changed_at"),
    "opt_out_page": ("pages", "seen_at"),
    "survey_answered": ("answers", "answered_at"),
    "check_in": ("arrivals", "arrived_at"),
    "gift_picked": ("gifts", "picked_at"),
}
BODIES = {
    "first_offer": ("email", "push", "sms"),
    "personal_call": ("phone",),
    "last_chance": ("email",),
    "win_back_story": ("email",),
    "win_back_letter": ("letter",),
    "cart_free_delivery": ("email",),
    "cart_ten_percent": ("email",),
    "birthday": ("email", "sms"),
    "weekly_news": ("email",),
    "fewer_messages": ("email",),
    "survey": ("email",),
    "call_back": ("phone",),
    "refer_a_friend": ("email",),
    "sale_opens": ("email",),
    "sale_ends": ("email",),
    "pick_a_gift": ("task",),
}
TASK = "channel task\n    address email\n    consent email_opt_in\n    cost 0 EUR\n\n"


def project(folder: Path) -> Path:
    """The samples, mapped on the shop's tables, with its data."""
    for path in SAMPLES.glob("*.journey"):
        shutil.copy(path, folder / path.name)
    for name, query in VIEWS.items():
        (folder / f"{name}.sql").write_text(query, encoding="utf-8")
    (folder / "more.journey").write_text(
        TASK
        + "\n".join(
            f'message {name}\n    topic promotion\n    subject "…"\n'
            + "".join(f'    {channel} "…"\n' for channel in channels)
            for name, channels in BODIES.items()
        ),
        encoding="utf-8",
    )
    settings = (SHOP / "parcours.yaml").read_text(encoding="utf-8").partition("\n# what comes back")[0]
    for before, after in (
        ("library: [welcome, cart, win_back, newsletter, birthday]", "holidays: FR"),
        (
            "  contacts: {table: contacts",
            f"  views: {{{', '.join(f'{name}: {name}.sql' for name in VIEWS)}}}\n  contacts: {{table: people",
        ),
        ("line: {table: order_lines", "line: {table: bought"),
        (
            "\n  products: {",
            "".join(
                f"\n    {name}: {{table: {of}, contact: contact_id, at: {at}}}"
                for name, (of, at) in EVENTS.items()
            )
            + "\n  products: {",
        ),
    ):
        assert before in settings
        settings = settings.replace(before, after)
    (folder / "parcours.yaml").write_text(settings, encoding="utf-8")
    generator().generate(CONTACTS, 1, folder / "data")
    return folder


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("samples"))


def test_what_the_samples_expect_in_their_examples_comes_true(samples: Path) -> None:
    code, out, _ = said("test", str(samples))  # what is warned of is of the policy
    assert code == 0, out
    assert "the reminder waits for the morning" in out


@pytest.fixture(scope="module")
def simulated(samples: Path) -> dict[str, Any]:
    """Two days, learned on the way."""
    folder = samples
    span = ("--from", "2026-01-05", "--to", "2026-01-06", "--every", "1 day")
    code, out, err = said("simulate", str(folder), *span, "--learn", "--format", "json")
    assert code == 0, err
    return dict(json.loads(out))


def test_all_that_the_samples_declare_is_learned_as_often_as_they_say(simulated: dict[str, Any]) -> None:
    learned = {one["name"]: one for one in simulated["learned"]}
    weekly = ("typology", "churn", "appetency", "cross_sell", "next_purchase", "response", "best_hour")
    assert {name: one["learned"] for name, one in learned.items()} == {
        **dict.fromkeys(("value", "engagement"), 3),  # every day, and at the end
        **dict.fromkeys(weekly, 1),
    }


def test_all_journeys_run_and_go_by_it(simulated: dict[str, Any]) -> None:
    journeys = {one["name"]: one for one in simulated["journeys"]}
    assert len(journeys) == 10
    # of an anniversary, a hand, a page and an airport nobody may come in two days
    few = {"birthday", "referral", "opt_down", "surprise"}
    assert {name for name, one in journeys.items() if one["entries"]} | few == set(journeys)
    # nothing that they read was unknown all the time
    assert [one for one in simulated["unknown"] if one["until"] is None] == []
