"""grammar/language.md: every block on the page is what the page says of it.

A block is marked by the words after ```` ```journey ````: nothing (it is right, and its examples come true), `bad: CODE` (it gives
that one diagnostic), `untrue` (nothing is wrong with it, and its example does not come true), and `conditions` before any of
these (each line is a condition by itself)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from parcours.checking.check import check
from parcours.datamart.catalog import Catalog, Column, Table, kind_of
from parcours.diagnostics import Place
from parcours.diagnostics.codes import CODES
from parcours.flow.check import check_flow
from parcours.language.parser import parse
from parcours.model.example import Example
from parcours.model.node import Name
from parcours.model.project import Declaration, Project
from parcours.model.settings import ContactsMapping, DatamartMapping, EventMapping, Settings
from parcours.simulator.examples import run_example
from parcours.workspace.load import Loaded

PAGE = (Path(__file__).resolve().parents[2] / "grammar" / "language.md").read_text(encoding="utf-8")
RULES = (
    *(f"E{n}" for n in range(1, 5)),
    *(f"T{n}" for n in range(1, 20)),
    *(f"P{n}" for n in range(1, 11)),
    *(f"A{n}" for n in (1, 2, 3, *range(10, 16))),
)

# ---- the shop that the page speaks of

CONTACTS = {
    "contact_id": "BIGINT",
    **dict.fromkeys(("email", "phone", "push_token", "country", "first_name", "time_zone"), "VARCHAR"),
    **dict.fromkeys(("email_opt_in", "sms_opt_in", "push_opt_in"), "BOOLEAN"),
    "Postal Code": "VARCHAR",
    "age": "DOUBLE",
    "birth_date": "DATE",
    "contract_end": "DATE",
    "household": "VARCHAR",
}
EVENTS = {
    "order": {"order_id": "VARCHAR", "amount": "DECIMAL(18,2)", "cart_id": "VARCHAR", "country": "VARCHAR"},
    "line": {"sku": "VARCHAR", "order_id": "VARCHAR", "quantity": "INTEGER"},
    "cart_updated": {"cart_id": "VARCHAR", "total": "DECIMAL(18,2)"},
    "visit": {"pages": "INTEGER"},
    "signup": {"source": "VARCHAR"},
    "click": {"link": "VARCHAR", "send_id": "VARCHAR"},
    "opt_out": {"channel": "VARCHAR"},
    "preference_changed": {
        "frequency": "VARCHAR",
        "until": "DATE",
        "topic": "VARCHAR",
        "wanted": "BOOLEAN",
        "season": "VARCHAR",
    },
}
PRODUCTS = {"sku": "VARCHAR", "name": "VARCHAR", "price": "DECIMAL(18,2)", "stock": "INTEGER"}
VOCABULARY = """\
message hello
    topic news
    email "Hello"
    sms "Hello"
    push "Hello"

message reminder
    topic promotion
    email "Remember"
    sms "Remember"
    push "Remember"

message offer
    topic promotion
    email "Ten percent"

message mail_only
    email "By mail only"

channel email
    address email
    consent email_opt_in

channel sms
    address phone
    consent sms_opt_in

channel push
    address push_token
    consent push_opt_in

segment vip
    count of order in last 12 months >= 5

lifecycle customer
    prospect: no order ever
    active: has order in last 90 days
    fading: has order in last 180 days
    lost: otherwise

season summer
    from 06-01 to 08-31

journey welcome
    enter on signup
    send hello by email

journey referral
    enter on click
    send hello by email

score appetency
    predict has order within 30 days
    from age
    zones
        high top 10%
        low otherwise

score churn
    predict no order within 60 days
    from age

rules cross_sell
    sku of line together in order_id
"""


def _table(name: str, columns: dict[str, str], at: str | None = None) -> Table:
    return Table(name, {n: Column(n, kind_of(t), t) for n, t in columns.items()}, "contact_id", at)


def _named(text: str) -> Name:
    return Name(text=text, place=Place("parcours.yaml"))


CATALOG = Catalog(
    _table("contacts", CONTACTS),
    "BIGINT",
    {
        name: _table(
            name, {"contact_id": "BIGINT", "at": "TIMESTAMP", "loaded_at": "TIMESTAMP", **fields}, "at"
        )
        for name, fields in EVENTS.items()
    },
    event_has_send=frozenset({"click"}),
    products=Table("products", {n: Column(n, kind_of(t), t) for n, t in PRODUCTS.items()}, "sku"),
)
SETTINGS = Settings(
    place=Place("parcours.yaml"),
    name="page",
    time_zone=_named("Europe/Paris"),
    holiday_country=_named("FR"),
    datamart=DatamartMapping(
        place=Place("parcours.yaml"),
        contacts=ContactsMapping(
            place=Place("parcours.yaml"),
            table=_named("contacts"),
            key=_named("contact_id"),
            time_zone=_named("time_zone"),
        ),
        events=tuple(
            EventMapping(
                place=Place("parcours.yaml"),
                name=_named(name),
                table=_named(name),
                contact=_named("contact_id"),
                at=_named("at"),
                loaded=_named("loaded_at"),
                id=_named("order_id") if name == "order" else None,
                send=_named("send_id") if name == "click" else None,
            )
            for name in EVENTS
        ),
    ),
)

# ---- the blocks of the page

UNTRUE = "untrue"
FLOW = {
    "endless-loop",
    "impossible-goal",
    "wait-past-goal",
    "pressure-exceeded",
    "pressure-possible",
    "unused-message",
}

_STARTS = r"journey|message|channel|pressure|segment|lifecycle|season|rfm|clusters|score|rules|example"
_DECLARED = re.compile(rf"^(?:{_STARTS})(?:[ \n]|$)", re.MULTILINE)
_HEADER = re.compile(r"(?:purpose|priority|owner|enter|goal|leave|needs|budget| |#)")


@dataclass(frozen=True)
class Block:
    """A text to be checked. `code` is the one that it must give; "" for none, `UNTRUE` for an example that fails."""

    line: int
    text: str
    code: str


def _in_a_journey(lines: str) -> str:
    """Lines from inside a journey, with what they leave out around them."""
    header = "" if re.search(r"^enter ", lines, re.MULTILINE) else "enter on order\n"
    ending = "exit\n" if all(_HEADER.match(line) for line in lines.splitlines() if line) else ""
    body = "".join(f"    {line}\n" for line in f"{header}{lines}{ending}".splitlines())
    return f"journey page\n{body}"


def _condition(line: str) -> str:
    return _in_a_journey(f"if {line}\n    exit\n")


def _blocks() -> Iterator[Block]:
    for found in re.finditer(r"^```journey *(.*)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE):
        line = PAGE[: found.start()].count("\n") + 1
        words = re.fullmatch(r"(conditions)? *(?:bad: ([\w-]+)|(untrue))?", found[1])
        assert words is not None, f"line {line}: what is `{found[1]}`?"
        code = UNTRUE if words[3] else words[2] or ""
        if words[1]:
            for number, condition in enumerate(found[2].splitlines(), 1):
                yield Block(line + number, _condition(condition), code)
        else:
            whole = _DECLARED.search(found[2]) is not None
            text = found[2].replace("\\x00", "\0")  # the page itself is plain text
            yield Block(line, text if whole else _in_a_journey(text), code)


BLOCKS = tuple(_blocks())
GOOD = [block for block in BLOCKS if not block.code]
FALSE = [block for block in BLOCKS if block.code == UNTRUE]
BAD = [block for block in BLOCKS if block.code not in ("", UNTRUE)]


def each(blocks: Sequence[Block]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("block", blocks, ids=[f"line {block.line}" for block in blocks])


def _names(declarations: Sequence[Declaration]) -> set[tuple[str, str]]:
    return {(d.kind, str(getattr(d, "name", ""))) for d in declarations}


def checked(block: Block) -> tuple[Loaded, list[str]]:
    """The block in the shop, and the codes of all that is found. What the block declares itself replaces the
    shop's own."""
    declarations, found = parse(block.text, "page.journey")
    shop, nothing = parse(VOCABULARY, "shop.journey")
    assert nothing == ()
    own = _names(declarations)
    around = tuple(d for d in shop if not _names([d]) & own)
    sources = {"page.journey": block.text, "shop.journey": VOCABULARY}
    project = Project(
        place=Place("."), settings=SETTINGS, declarations=(*declarations, *around), sources=sources
    )
    result = check(project, CATALOG, found)
    whole = () if result.project is None else check_flow(result.project)
    of_the_block = [
        d
        for d in whole
        # a block that shows a message need not send it
        if d.place.file == "page.journey" and d.code in (block.code, *FLOW - {"unused-message"})
    ]
    diagnostics = (*found, *result.diagnostics, *of_the_block)
    loaded = Loaded(project, None, CATALOG, result.project, diagnostics)
    return loaded, [d.code for d in diagnostics]


def _examples(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    for block in blocks:
        for title in re.findall(r'^example "(.*)"$', block.text, re.MULTILINE):
            yield block, title


# ---- what the page promises


@each(GOOD)
def test_a_good_block_has_nothing_wrong_with_it(block: Block) -> None:
    loaded, codes = checked(block)
    assert codes == []
    assert loaded.checked is not None


@each(BAD)
def test_a_bad_block_gives_the_code_that_is_named(block: Block) -> None:
    """One mistake, one diagnostic."""
    assert checked(block)[1] == [block.code]


@pytest.mark.parametrize(("block", "title"), [pytest.param(b, t, id=t) for b, t in _examples(GOOD)])
def test_an_example_on_the_page_comes_true(block: Block, title: str) -> None:
    """The rules that the page states are those of the real tick."""
    assert _differences(block, title) == []


@pytest.mark.parametrize(("block", "title"), [pytest.param(b, t, id=t) for b, t in _examples(FALSE)])
def test_an_example_that_the_page_calls_untrue_is_right_and_does_not_come_true(
    block: Block, title: str
) -> None:
    assert checked(block)[1] == []
    assert _differences(block, title) != []


def _differences(block: Block, title: str) -> list[tuple[str, str]]:
    loaded, _ = checked(block)
    assert loaded.project is not None
    (example,) = (d for d in loaded.project.declarations if isinstance(d, Example) and d.title == title)
    return [(d.expected, d.instead) for d in run_example(loaded, example).differences]


def test_every_rule_has_a_section_of_its_own_in_order() -> None:
    assert re.findall(r"^## ([ETPA]\d+) · ", PAGE, re.MULTILINE) == list(RULES)


def _section(rule: str) -> str:
    begin = PAGE.index(f"## {rule} · ")
    end = re.compile(r"^(?:## [ETPA]\d+ · |# (?:Rules about|What) )", re.MULTILINE).search(PAGE, begin + 1)
    assert end is not None
    return PAGE[begin : end.start()]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_good_and_a_bad_example(rule: str) -> None:
    kinds = re.findall(r"^```journey *(.*)$", _section(rule), re.MULTILINE)
    assert any("bad: " in kind or kind == UNTRUE for kind in kinds), "no bad example"
    assert any("bad: " not in kind and kind != UNTRUE for kind in kinds), "no good example"


def test_the_code_above_a_bad_block_is_that_of_the_block() -> None:
    """A reader sees the remark, not the words behind the fence."""
    fences = re.findall(r"^(.*)\n\n```journey .*bad: ([\w-]+)$", PAGE, re.MULTILINE)
    assert len(fences) == len(re.findall(r"^```journey .*bad: ", PAGE, re.MULTILINE))
    assert [remark for remark, code in fences if not remark.startswith(f"**bad** `{code}`")] == []
    assert {code for _, code in fences} <= CODES.keys()


def test_links_within_the_page_lead_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) - anchors == set()
