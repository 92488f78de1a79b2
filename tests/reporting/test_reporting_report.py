"""Every figure of a report, against what plain Python makes of the rows of a generated world."""

import os
import random  # noqa: TID251 - the test draws, not the engine
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import duckdb
import pytest
from post_office import PostOffice

from parcours.clock.zones import to_local
from parcours.reporting.rates import Figures
from parcours.reporting.report import Report

SEEDS = int(os.environ.get("PARCOURS_REPORT_WORLDS", "1"))
JOURNEYS = """\
journey first
    purpose prospecting
    enter on visit
        again
    goal seen: click within 2 days
    send hello by email and push
    wait 1 day
    send offer by push else email

journey second
    purpose newsletter
    enter on visit
        again
        per event.channel
    send hello by email
    wait 6 hours
    send hello by email
"""
GROUPS = """
segment grown
    age >= 40

lifecycle half
    odd: kind = "odd"
    even: otherwise
"""
PEOPLE = 30
BEGIN, FIRST, LAST, AS_OF = (
    datetime.fromisoformat(f"2026-03-{day} 00:00") for day in ("02", "03", "05", "06")
)
KINDS = {
    "opens": "open",
    "clicks": "click",
    "opt_outs": "opt_out",
    "bounces": "bounce",
    "complaints": "complaint",
}
Events = list[dict[str, Any]]


def generated(office: PostOffice, seed: int) -> Events:
    """Four days of visits, and what people do: with the right message, another's, none, too late, twice."""
    chance = random.Random(seed)

    def moment(day_from: int, day_to: int) -> datetime:
        return BEGIN + timedelta(minutes=5 * chance.randrange(day_from * 288, day_to * 288))

    for _ in range(60):
        at = f"{moment(0, 4):%Y-%m-%d %H:%M}"
        office.event("visits", chance.randint(1, PEOPLE), at, channel=chance.choice(["web", "shop"]))
    # some clicks are there while the journeys run, and reach the goal
    early = [(n, chance.randint(1, PEOPLE), moment(0, 4)) for n in range(20)]
    for n, person, at in early:
        office.event("clicks", person, f"{at:%Y-%m-%d %H:%M}", "hello", id_=f"early {n}")
    office.simulate(f"{BEGIN:%Y-%m-%d %H:%M}", "2026-03-07 00:00", hours=4)
    people = {send["reference"]: send["person"] for send in office.sends()}
    references = list(people)
    events: Events = [
        {
            "kind": "click",
            "id": f"early {n}",
            "person": person,
            "at": at,
            "known": at,
            "send": "hello",
            "channel": "",
        }
        for n, person, at in early
    ]
    for n in range(400):
        table = chance.choice(["opens"] * 5 + ["clicks"] * 4 + ["opt_outs", "bounces", "complaints"])
        send = chance.choice(["hello", "offer", "", "elsewhere", *chance.sample(references, 12)])
        at = moment(0, 5)
        known = at + timedelta(minutes=chance.choice([0, 0, 0, 30, 2000]))
        event = {
            "kind": KINDS[table],
            "id": f"e{n}",
            "person": chance.randint(1, PEOPLE),
            "at": at,
            "known": known,
            "send": send,
            "channel": chance.choice(["", "email", "push", "pigeon"]),
        }
        if send in references and chance.random() < 0.8:
            event["person"] = people[send]
        events.append(event)
        office.event(
            table,
            event["person"],
            f"{at:%Y-%m-%d %H:%M}",
            send,
            channel=event["channel"],
            loaded=f"{known:%Y-%m-%d %H:%M}",
            id_=event["id"],
        )
    return events


def answered(sends: Events, events: Events) -> dict[int, set[str]]:
    """By message: the kinds of what belongs to it."""
    found: dict[int, set[str]] = defaultdict(set)
    for event in events:
        if event["known"] >= AS_OF:
            continue
        before = [s for s in sends if s["person"] == event["person"] and s["at"] <= event["at"]]
        if event["send"]:
            meant = [s for s in before if event["send"] in (s["message"], s["reference"])]
        elif event["kind"] in ("opt_out", "bounce", "complaint"):
            meant = [
                s
                for s in before
                if event["channel"] not in ("email", "push") or s["channel"] == event["channel"]
            ]
        else:
            meant = []
        if meant:
            newest = max(s["at"] for s in meant)
            found[min(s["place"] for s in meant if s["at"] == newest)].add(event["kind"])
    return found


def recomputed(sends: Iterable[dict[str, Any]], found: dict[int, set[str]]) -> Figures:
    mine = list(sends)
    kinds = [found[s["place"]] for s in mine]
    delivered = [k for k in kinds if "bounce" not in k]
    return Figures(
        granted=len(mine),
        contacts=len({s["person"] for s in mine}),
        waiting=0,
        sent=len(mine),
        bounced=len(mine) - len(delivered),
        delivered=len(delivered),
        opened=sum("open" in k for k in delivered),
        clicked=sum("click" in k for k in delivered),
        clicked_unopened=sum("click" in k and "open" not in k for k in delivered),
        unsubscribed=sum("opt_out" in k for k in delivered),
        complained=sum("complaint" in k for k in delivered),
        cost=sum((Decimal("0.01") * (s["channel"] == "email") for s in mine), Decimal()),
    )


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_figure_is_what_plain_python_makes_of_the_rows(
    post_office: Callable[..., PostOffice], seed: int
) -> None:
    office = post_office(JOURNEYS, GROUPS, PEOPLE)
    events = generated(office, seed)
    made = office.report(f"{FIRST}"[:16], f"{LAST}"[:16], f"{AS_OF}"[:16])
    sends = [{**s, "place": n} for n, s in enumerate(office.sends())]
    found = answered([s for s in sends if s["at"] < AS_OF], events)
    inside = [s for s in sends if FIRST <= s["at"] < LAST]
    assert len(inside) > 40 and sum(bool(found[s["place"]]) for s in inside) > 10
    purposes = {"first": "prospecting", "second": "newsletter"}
    belongs: dict[str, Callable[[dict[str, Any]], set[tuple[str, str]]]] = {
        "all": lambda s: {("", "")},
        "journey": lambda s: {(s["journey"], s["journey"])},
        "message": lambda s: {(s["journey"], s["message"])},
        "channel": lambda s: {("", s["channel"])},
        "purpose": lambda s: {("", purposes[s["journey"]])},
        "segment": lambda s: {("", "grown")} if s["person"] >= 20 else set(),
        "stage": lambda s: {("", f"half is {('even', 'odd')[s['person'] % 2]}")},
    }
    for by, names in belongs.items():
        told = {(part.journey, part.name): part.figures for part in made.of(by)}
        meant = sorted({name for s in inside for name in names(s)})
        assert sorted(told) == meant
        for name in meant:
            assert told[name] == recomputed([s for s in inside if name in names(s)], found), (by, name)
    for stretch in made.over_time:
        day = [s for s in inside if to_local("Europe/Paris", s["at"]).date() == stretch.day]
        expected = recomputed(day, found)
        assert stretch.figures == (expected if day else _without_cost(expected))
    assert_goals(office, made)


def _without_cost(figures: Figures) -> Figures:
    from dataclasses import replace

    return replace(figures, cost=None)


def assert_goals(office: PostOffice, made: Report) -> None:
    """Runs and goals, from the journal and its routes, one row at a time."""
    with duckdb.connect(str(office.state), read_only=True) as connection:
        rows = connection.execute(
            """SELECT v.journey, j.contact, j.key, j.entry_at, t.ticked_at, s.kind, n.name
            FROM journal j, version v, tick t, route r, node s, node n
            WHERE v.version = j.version AND t.tick = j.tick AND r.version = j.version AND r.route = j.route
                AND s.version = j.version AND s.node = r.source AND n.version = j.version AND n.node = r.target"""
        ).fetchall()
    runs = {row[:4] for row in rows if row[5] == "enter" and FIRST <= row[4] < LAST and row[0] == "first"}
    reached = {row[:4] for row in rows if row[6] == "goal seen" and row[4] < AS_OF} & runs
    told = {(one.by, one.name): (one.runs, one.reached) for one in made.goals}
    assert told["journey", "first"] == told["purpose", "prospecting"] == (len(runs), len(reached))
    assert len(reached) > 0 and ("journey", "second") not in told
    for remainder, stage in product((0, 1), ("even", "odd")):
        if ("even", "odd")[remainder] == stage:
            mine = {run for run in runs if run[1] % 2 == remainder}
            assert told["stage", f"half is {stage}"] == (len(mine), len(mine & reached))
    sent = {
        (s["journey"], s["person"], s["key"], s["entry_at"], s["channel"])
        for s in office.sends()
        if FIRST <= s["at"] < LAST
    }
    for channel in ("email", "push"):
        mine = {run for run in runs if (*run, channel) in sent}
        assert told["channel", channel] == (len(mine), len(mine & reached))


def test_the_same_span_gives_the_same_report(greeted: PostOffice) -> None:
    greeted.event("opens", 1, "2026-03-02 11:00", "hello")
    assert greeted.report() == greeted.report()


def test_messages_that_a_rule_stopped_are_told_with_the_rule(post_office: Callable[..., PostOffice]) -> None:
    office = post_office("journey greet\n    enter on visit\n        again\n    send hello by email\n")
    office.write(
        "policy.journey",
        (office.folder / "policy.journey").read_text()
        + "\npressure\n    at most 1 message per day\n    keep held messages for 0 days\n",
    )
    office.visits((1, "2026-03-02 09:30"), (1, "2026-03-02 11:30"), (2, "2026-03-02 11:30"))
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00")
    (one,) = office.report().not_sent
    assert (one.journey, one.message, one.reason, one.messages) == ("greet", "hello", "cap", 1)
    assert one.rule == "at most 1 message per day"
    assert office.report("2026-03-02 00:00", "2026-03-02 11:00").not_sent == ()
