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
USED = ("analytics", "vocabulary", "policy", "messages", "welcome", "win_back")
CONTACTS = 1500

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the design's samples are not beside this checkout"
)

# what the samples call by another name, or the shop does not have
VIEWS = {
    "people": "SELECT *, date_diff('year', birth_date, DATE '2026-01-01') AS age FROM contacts",
    "bought": "SELECT *, sku AS product FROM order_lines",
    "changes": "SELECT contact_id, opted_out_at AS changed_at, 'news' AS topic, false AS wanted FROM opt_outs WHERE false",
}
BODIES = {
    "first_offer": ("email", "push", "sms"),
    "personal_call": ("phone",),
    "last_chance": ("email",),
    "win_back_story": ("email",),
    "win_back_letter": ("letter",),
}


def project(folder: Path) -> Path:
    """The samples, mapped on the shop's tables, with its data."""
    for name in USED:
        text = (SAMPLES / f"{name}.journey").read_text(encoding="utf-8")
        (folder / f"{name}.journey").write_text(text, encoding="utf-8")
    for name, query in VIEWS.items():
        (folder / f"{name}.sql").write_text(query, encoding="utf-8")
    (folder / "more.journey").write_text(
        "\n".join(
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
            "  views: {people: people.sql, bought: bought.sql, changes: changes.sql}\n"
            "  contacts: {table: people",
        ),
        ("line: {table: order_lines", "line: {table: bought"),
        (
            "\n  products: {",
            "\n    preference_changed: {table: changes, contact: contact_id, at: changed_at}\n  products: {",
        ),
    ):
        assert before in settings
        settings = settings.replace(before, after)
    (folder / "parcours.yaml").write_text(settings, encoding="utf-8")
    generator().generate(CONTACTS, 1, folder / "data")
    return folder


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Four days, learned on the way."""
    folder = project(tmp_path_factory.mktemp("samples"))
    span = ("--from", "2026-01-05", "--to", "2026-01-08", "--every", "1 day")
    code, out, err = said("simulate", str(folder), *span, "--learn", "--format", "json")
    assert code == 0, err
    shutil.rmtree(folder / "data")
    return dict(json.loads(out))


def test_all_that_the_samples_declare_is_learned_as_often_as_they_say(simulated: dict[str, Any]) -> None:
    learned = {one["name"]: one for one in simulated["learned"]}
    weekly = ("typology", "churn", "appetency", "cross_sell", "next_purchase")
    assert {name: one["learned"] for name, one in learned.items()} == {
        **dict.fromkeys(("value", "engagement"), 5),  # every day, and at the end
        **dict.fromkeys(weekly, 1),
    }


def test_the_journeys_that_read_it_go_by_it(simulated: dict[str, Any]) -> None:
    journeys = {one["name"]: one for one in simulated["journeys"]}
    assert set(journeys) == {"welcome", "win_back"}
    assert all(one["entries"] > 0 for one in journeys.values())
    # nothing that they read was unknown all the time
    assert [one for one in simulated["unknown"] if one["until"] is None] == []
