"""A whole project: every finding at once, sorted; the design's own samples."""

from pathlib import Path

import pytest
from journey_check import POLICY, catalog, checked, findings, journey, told

BESIDE = ((above / "shared" / "design" / "samples" / "shop") for above in Path(__file__).parents)
SAMPLES = next((folder for folder in BESIDE if folder.is_dir()), Path("absent"))
SAMPLE_SHOP = catalog(
    {
        **dict.fromkeys(
            ("email", "phone", "push_token", "postal_address", "country", "time_zone"), "VARCHAR"
        ),
        **dict.fromkeys(("email_opt_in", "sms_opt_in", "push_opt_in", "phone_opt_in"), "BOOLEAN"),
        **dict.fromkeys(("postal_opt_out", "marketing"), "BOOLEAN"),
        **dict.fromkeys(("frequency", "last_gift", "household", "nearest_store"), "VARCHAR"),
        "age": "INTEGER",
        "birth_date": "DATE",
    },
    {
        "order": {"amount": "DOUBLE", "cart_id": "VARCHAR"},
        "open": {},
        "click": {},
        "visit": {},
        "signup": {},
        "cart_updated": {"total": "DOUBLE", "cart_id": "VARCHAR"},
        "opt_out_page": {},
        "delivered": {},
        "preference_changed": {"frequency": "VARCHAR"},
        "survey_answered": {"note": "INTEGER"},
        "check_in": {"place": "VARCHAR"},
        "gift_picked": {"gift": "VARCHAR"},
        "line": {"product": "VARCHAR", "order_id": "VARCHAR"},
    },
)
MISSING_MESSAGES = {
    "email": (
        *("birthday", "weekly_news", "fewer_messages", "survey", "refer_a_friend", "sale_opens", "sale_ends"),
        *("cart_free_delivery", "cart_ten_percent", "first_offer", "last_chance", "win_back_story"),
    ),
    "phone": ("call_back", "personal_call"),
    "task": ("pick_a_gift",),
    "letter": ("win_back_letter",),
}


def message(name: str, channel: str) -> str:
    bodies = f'    {channel} "Hello"\n' + (
        '    push "Hello"\n    sms "Hello"\n' if channel == "email" else ""
    )
    return f"message {name}\n{bodies}\n"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the design's samples are not beside this checkout")
def test_the_samples_are_right_and_nothing_of_them_is_refused() -> None:
    files = {file.stem: file.read_text(encoding="utf-8") for file in sorted(SAMPLES.glob("*.journey"))}
    messages = [message(name, channel) for channel, names in MISSING_MESSAGES.items() for name in names]
    task = "channel task\n    address email\n    consent email_opt_in\n"
    assert findings(*files.values(), "\n".join([*messages, task]), datamart=SAMPLE_SHOP) == ()


def test_findings_are_sorted_by_place() -> None:
    last = "journey z\n    enter on ordr\n    leave when contry = 1\n    exit\n"
    found = findings(f"{last}segment s\n    ag > 1\n", "segment b\n    agee > 1\n")
    assert [(d.place.file, d.place.line) for d in found] == [
        ("a.journey", 2),
        ("a.journey", 3),
        ("a.journey", 6),
        ("b.journey", 2),
    ]


def test_the_order_of_files_and_declarations_means_nothing() -> None:
    one = "journey a\n    enter on order\n    send hello by email\n"
    other = "journey b\n    enter on joining s\n    wait 1 day\n"
    segment = "segment s\n    age > 1\n"
    forwards, backwards = checked(one, other, segment, POLICY), checked(POLICY + segment, other + one)
    assert forwards == backwards
    assert [j.name for j in forwards.journeys] == ["a", "b"]


def test_a_project_with_an_error_is_not_checked_and_one_without_is() -> None:
    assert told(findings(journey("    wait 0 days\n"))) != []
    made = checked(journey("    wait 1 day\n"))
    assert (made.name, made.time_zone) == ("shop", "Europe/Paris")
    assert [m.name for m in made.messages] == ["hello"]
