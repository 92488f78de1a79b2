"""Checked journeys from everywhere, by way of the real parser and checker."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from journey_check import checked, journey, project
from test_check_project import MISSING_MESSAGES, SAMPLE_SHOP, SAMPLES, message
from wild_predicates import Dice, Wild
from world import CATALOG, full_text, project_of

from parcours.checking.check import check
from parcours.checking.checked import Journey
from parcours.workspace.load import load

ROOT = Path(__file__).parents[2]

EVERY_STEP = journey(
    """\
    first:
    wait 1 day
    wait until 10:00 on weekdays
    wait until 2 days before entry.at + 9 days
    send hello by email and sms
        unless count of order in last 30 days > 2
        keep for 1 day
        if not sent
            wait until between 18:00 and 20:00
            go to first
    if country in ("FR", "DE") and not season.summer
        split tone
            40.50% warm
                wait 2 hours
            59.5% cold
    else if in segment grown and birth_date > 1990-01-31
        test voice measured by second
            50% loud
                wait until 2026-12-24 at 10:00
            50% low
    else
        exit others
    wait for cart[total > 20] since entry up to 3 days
        then
            record task with note = event.cart_id
        otherwise
            set language to "fr"
    wait until sum of order.amount in last 7 days > 100 up to 1 week
        then
            start thanks
    repeat up to 3 times until age > 30
        wait 1 month
    exit done
""",
    """\
    "Greets everybody"
    purpose loyalty
    priority 60
    needs cart fresh within 3 hours, else wait up to 1 hour
    budget 500 EUR per month
    enter on order[amount > 20.00]
        if last order.amount > 3 and signed_up in last 2 days
        again after 7 days
        hold out 5%
        at most 100 per day
        per event.order_id
    goal second: order within 30 days
    leave when email_opt_in is no as opted_out
""",
)


def library(folder: Path) -> Mapping[str, Journey]:
    """The example shop with the whole library; the shop is made in the folder, with few contacts."""
    shop = folder / "shop"
    shutil.copytree(
        ROOT / "examples" / "shop", shop, ignore=shutil.ignore_patterns("data", "state", "*.duckdb")
    )
    shutil.copytree(ROOT / "journeys", folder / "journeys")
    subprocess.run(
        [sys.executable, str(shop / "generate.py"), "--contacts", "300"], check=True, capture_output=True
    )
    for file in sorted((ROOT / "journeys").glob("*/*.journey")):
        shutil.copy(file, shop / file.name)
    settings = shop / "parcours.yaml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if not line.startswith("library:")), encoding="utf-8")
    loaded = load(shop, {})
    assert loaded.connection is not None and loaded.checked is not None
    loaded.connection.close()
    return {one.name: one for one in loaded.checked.journeys}


def samples() -> Mapping[str, Journey]:
    """The design's samples; none where they are not beside this checkout."""
    if not SAMPLES.is_dir():
        return {}
    texts = [file.read_text(encoding="utf-8") for file in sorted(SAMPLES.glob("*.journey"))]
    messages = [message(name, channel) for channel, names in MISSING_MESSAGES.items() for name in names]
    task = "channel task\n    address email\n    consent email_opt_in\n"
    made, found = project(*texts, "\n".join([*messages, task]))
    result = check(made, SAMPLE_SHOP, found)
    assert result.project is not None
    return {one.name: one for one in result.project.journeys}


def every_step() -> Journey:
    """A journey with every kind of step and clause."""
    more = """
segment grown
    age >= 18

season summer
    from 06-01 to 08-31

journey thanks
    enter by hand
    exit
"""
    found = {one.name: one for one in checked(EVERY_STEP + more).journeys}
    return found["j"]


def wild(seed: str, count: int = 30) -> list[Journey]:
    """Journeys with conditions by chance, of those in which the checker finds nothing wrong."""
    found: list[Journey] = []
    number = 0
    while len(found) < count:
        number += 1
        dice = Dice(f"{seed}/{number}")
        outside, run = Wild(f"{seed}/{number}/o"), Wild(f"{seed}/{number}/r", run=True)
        text = f"""\
journey j
    enter every {dice.one(("day", "tuesday", "month"))} at 09:00 for {outside.predicate(2)}
    if {run.predicate(dice.between(0, 3))}
        wait 1 day
    send hello by email
        unless {run.predicate(1)}
"""
        made, problems = project_of(full_text(text), "Europe/Paris")
        result = check(made, CATALOG, problems)
        if result.project is not None and not any(d.severity == "error" for d in result.diagnostics):
            found += result.project.journeys
    return found
