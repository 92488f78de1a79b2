"""A report as one page of HTML that needs nothing else: no script, no file, no network."""

import base64
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files

from parcours.checking import checked
from parcours.clock.zones import to_local
from parcours.graph.build import build
from parcours.graph.drawing import to_svg
from parcours.reporting import plots, words
from parcours.reporting.html import Markup, table, tag
from parcours.reporting.passages import Walked
from parcours.reporting.rates import Figures
from parcours.reporting.report import Report

Journeys = Mapping[int, checked.Journey]
_COLUMNS = ("", *words.COUNT_TITLES, *words.RATE_TITLES)
_BELOW = "  "


def as_page(report: Report, journeys: Journeys) -> str:
    """The whole page; `journeys` are the versions that the state keeps, by number, to be drawn."""
    style = files("parcours.reporting").joinpath("page.css").read_text(encoding="utf-8")
    title = f"{report.project}: {words.days(report)}"
    body = tag("main", *_body(report, journeys))
    styles = [style, *dict.fromkeys(re.findall(r"<style>(.*?)</style>", body, re.DOTALL))]
    head = (
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{_policy(styles)}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        tag("title", title),
        tag("style", Markup(style)),
    )
    return f'<!doctype html>\n<html lang="en">{tag("head", *head)}{tag("body", body)}</html>\n'


def _policy(styles: Sequence[str]) -> str:
    """Nothing is fetched, nothing runs, and no style counts but those that the page was made with."""
    known = [f"'sha256-{base64.b64encode(sha256(one.encode()).digest()).decode()}'" for one in styles]
    return f"default-src 'none'; style-src {' '.join(known)}; base-uri 'none'; form-action 'none'"


def _body(report: Report, journeys: Journeys) -> list[Markup]:
    parts = [_header(report), _tiles(report), _way(report), _messages(report)]
    parts += [part for part in (_groups(report), _goals(report)) if part]
    parts += [_journey(report, name, journeys) for name in _told(report)]
    return [*parts, _definitions(report)]


def _told(report: Report) -> list[str]:
    """The journeys of which there is something to tell."""
    busy = {part.name for part in report.of("journey")} | {one.journey for one in report.walked}
    return [name for name in report.journeys if name in busy]


def _header(report: Report) -> Markup:
    span = report.span
    as_of = f"{to_local(span.zone, span.at):%Y-%m-%d %H:%M}"
    told = f"Messages granted in these days, and what came of them by {as_of} ({span.zone})."
    links = [tag("a", name, href=f"#journey-{n}") for n, name in enumerate(_told(report))]
    heading = tag("h1", f"{report.project}: {words.days(report)}")
    return tag("header", heading, tag("p", told, class_="faint"), tag("nav", *links, aria_label="Journeys"))


def _tiles(report: Report) -> Markup:
    (everything,) = report.of("all")
    found, rates = everything.figures, everything.figures.rates()
    tiles = [("Delivered", words.whole(found.delivered), f"of {found.granted:,} granted")]
    tiles += [
        (name, words.percent(rates[key]), words.between(rates[key]) if rates[key] else "not known")
        for name, key in (("Open rate", "open_rate"), ("Click rate", "click_rate"))
    ]
    tiles.append(("Reactivity", words.percent(rates["reactivity"]), "clicked of opened"))
    tiles.append(
        ("Opt-outs", words.percent(rates["unsubscribe_rate"]), f"{words.whole(found.unsubscribed)} messages")
    )
    if found.cost is not None:
        tiles.append(("Cost", f"{found.cost:,.2f}", f"{report.currency}, of what was sent"))
    return tag(
        "dl",
        *(
            tag("div", tag("dt", name), tag("dd", value, tag("span", note, class_="faint")), class_="tile")
            for name, value, note in tiles
        ),
        class_="tiles",
    )


def _way(report: Report) -> Markup:
    """From the grant to the click, and over time."""
    (everything,) = report.of("all")
    found = everything.figures
    stages = [("granted", found.granted), ("sent", found.sent), ("delivered", found.delivered)]
    stages += [
        (name, count)
        for name, count in (("opened", found.opened), ("clicked", found.clicked))
        if count is not None
    ]
    told = [(name, count, _of(count, found, name)) for name, count in stages]
    titles, each = words.stretch_titles(report), [one.figures for one in report.over_time]
    labels = [title[5:] if report.unit == "day" else title for title in titles]
    drawn = [
        plots.Line(name, title, [_value(one, key) for one in each])
        for name, title, key in (("first", "open rate", "open_rate"), ("second", "click rate", "click_rate"))
    ]
    known = [line for line in drawn if any(value is not None for value in line.values)]
    counts = [
        plots.Counts(name, title, [getattr(one, title) for one in each])
        for name, title in (("first", "opened"), ("second", "clicked"))
        if getattr(found, title) is not None
    ]
    delivered = plots.Counts("first", "delivered", [one.delivered for one in each])
    when = f"by {report.unit} of sending"
    pictures = [
        plots.funnel("From the grant to the click", told),
        plots.columns(f"Delivered, {when}", labels, [delivered]),
    ]
    pictures += [plots.columns(f"Opened and clicked, {when}", labels, counts)] if counts else []
    pictures += [plots.lines(f"Rates, {when}", labels, known)] if known else []
    return tag("section", tag("h2", "What became of the messages"), tag("div", *pictures, class_="pair"))


def _of(count: int, found: Figures, name: str) -> str:
    if name in ("granted", "sent") or not found.delivered:
        return ""
    whole = found.sent if name == "delivered" else found.delivered
    return f" · {words.share_of(count / whole)} of {'sent' if name == 'delivered' else 'delivered'}"


def _value(found: Figures, rate: str) -> float | None:
    known = found.rates()[rate]
    return None if known is None else known.value


def _row(label: str, found: Figures) -> list[str]:
    return [label, *words.counts(found), *words.rates(found)]


def _messages(report: Report) -> Markup:
    rows = [_row("all", part.figures) for part in report.of("all")]
    for journey in report.of("journey"):
        rows.append(_row(journey.name, journey.figures))
        rows += [_row(f"{_BELOW}{part.name}", part.figures) for part in report.of("message", journey.name)]
    parts = [tag("h2", "Journeys and their messages"), table(_COLUMNS, rows, under=_BELOW)]
    for by, title in (("channel", "By channel"), ("purpose", "By campaign purpose")):
        found = [_row(part.name, part.figures) for part in report.of(by)]
        parts += [tag("h3", title), table(_COLUMNS, found)] if found else []
    return tag("section", *parts)


def _groups(report: Report) -> Markup | None:
    groups = [*report.of("segment"), *report.of("stage")]
    if not groups:
        return None
    pictures = []
    for name, title, key in (
        ("first", "Open rate, with its interval of 95%", "open_rate"),
        ("second", "Click rate, with its interval of 95%", "click_rate"),
    ):
        known = [(part.name, part.figures.rates()[key]) for part in groups]
        rows = [
            plots.Estimate(label, rate, f"{words.percent(rate)} ({words.between(rate)})")
            for label, rate in known
            if rate is not None
        ]
        pictures += [plots.estimates(title, rows, name)] if rows else []
    return tag(
        "section",
        tag("h2", "Segments and stages"),
        tag(
            "p",
            "Contacts as they are at the end of these days; one may be in several segments.",
            class_="faint",
        ),
        tag("div", *pictures, class_="pair"),
        table(_COLUMNS, [_row(part.name, part.figures) for part in groups]),
    )


_HOLD_OUT = """Contacts who first came to the entry in these days, by whether they did what the goal says within its time,
    also after their run was over. The intervals hold however often you look."""


def _goals(report: Report) -> Markup | None:
    if not report.goals and not report.hold_outs:
        return None
    told = "Runs that began in these days, and whether they ended with the goal."
    parts = [tag("h2", "Goals"), tag("p", told, class_="faint")]
    of_journeys = [one for one in report.goals if one.by == "journey"]
    others = [one for one in report.goals if one.by != "journey"]
    head = ("runs that began", "reached", "rate", "interval of 95%")
    numbers = {
        id(one): [
            words.whole(one.runs),
            words.whole(one.reached),
            words.percent(one.rate),
            words.between(one.rate),
        ]
        for one in report.goals
    }
    parts.append(
        table(
            ("journey", "goal", *head),
            [[one.name, one.goal, *numbers[id(one)]] for one in of_journeys],
            left=2,
        )
    )
    if report.hold_outs:
        head_of_it = (*words.HELD_OUT_TITLES[:-1], f"{words.HELD_OUT_TITLES[-1]} ({report.currency})")
        rows = [[one.journey, one.goal, *words.held_out_row(one)] for one in report.hold_outs]
        parts += [
            tag("h3", "Against the hold-out"),
            tag("p", _HOLD_OUT, class_="faint"),
            table(("journey", "goal", *head_of_it), rows, left=2, wraps=True),
            tag("ul", *(tag("li", words.verdict(one)) for one in report.hold_outs)),
        ]
    if others:
        rows = [[one.name, one.by, *numbers[id(one)]] for one in others]
        parts += [tag("h3", "All goals together"), table(("of", "", *head), rows, left=2)]
    return tag("section", *parts)


def _journey(report: Report, name: str, journeys: Journeys) -> Markup:
    number = _told(report).index(name)
    versions = [one for one in report.walked if one.journey == name]
    parts = [tag("h2", name)]
    rows = [_row(part.name, part.figures) for part in report.of("message", name)]
    parts += [table(_COLUMNS, rows)] if rows else []
    for n, one in enumerate(versions):
        told = f"version {one.hash[:12]}, since {to_local(report.span.zone, one.applied_at):%Y-%m-%d %H:%M}: {one.entered:,} entered"
        picture = tag("div", _picture(one, journeys[one.version]), class_="picture", tabindex="0")
        if n == 0:
            parts += [tag("h3", "Who went where"), tag("p", told, class_="faint"), picture]
        else:
            parts.append(tag("details", tag("summary", told), picture))
    stopped = [
        [one.message, one.reason.replace("_", " "), one.rule, one.place, words.whole(one.messages)]
        for one in report.not_sent
        if one.journey == name
    ]
    if stopped:
        head = ("message", "reason", "rule", "place", "messages")
        parts += [tag("h3", "Not sent"), table(head, stopped, left=4)]
    return tag("section", *parts, id=f"journey-{number}")


def _picture(one: Walked, journey: checked.Journey) -> Markup:
    passed = {(way.source, way.label): way.runs for way in one.passages}
    return Markup(to_svg(build(journey), dict(one.arrived), passed))


_DEFINITIONS = (
    ("granted", "what the rules let a journey send"),
    ("sent", "granted, and handed over to the provider; without a relay all that was granted"),
    ("delivered", "sent, and not bounced"),
    ("bounce", "bounced ÷ sent"),
    ("open", "delivered messages that were opened at least once ÷ delivered"),
    ("click", "delivered messages of which a link was followed at least once ÷ delivered"),
    ("reactivity", "clicked ÷ opened; pictures that are not shown count no open, so it may be above 100%"),
    ("opt-out", "delivered messages after which the contact unsubscribed ÷ delivered"),
    ("complaint", "delivered messages that were reported as spam ÷ delivered"),
    (words.NOTHING, "not known, or divided by nothing"),
)


def _definitions(report: Report) -> Markup:
    said = [tag("dt", name) + tag("dd", text) for name, text in _DEFINITIONS]
    notes = [tag("li", note) for note in report.notes]
    return tag(
        "section",
        tag("h2", "What the figures are"),
        tag("dl", *map(Markup, said), class_="words"),
        tag("h3", "To be known"),
        tag("ul", *notes),
    )
