"""Slips of signs: comments, operators, quotes, brackets, colons."""

from parcours.language.slips.slip import Slip

_COMMENT = "a comment begins with `#`"
_BLOCK = "the lines that belong to it stand below it, four spaces deeper; a block ends where they do"
_QUOTES = 'a text stands in straight double quotes: "…"'
_INNER = 'a quote inside of a text is written with a backslash before it: `\\"`'
_COMPARE = "compare with `=`, `!=`, `<`, `<=`, `>` or `>=`"
_JOIN = "conditions are joined by `and` and `or`"
_CALCULATE = "calculate with `+`, `-`, `*` and `/`"
_LIST = 'a list stands in round brackets, with commas: `in ("FR", "BE")`'
_FILTER = "the condition on an event stands in square brackets behind its name: `order[amount > 50]`"
_CLAUSES = "address|consent|cost|expires|goal|live|owner|priority|purpose|subject|topic"

SIGNS: tuple[Slip, ...] = (
    Slip(r"(?P<at>//|--|/\*).*", "write `#`", _COMMENT),
    Slip(r"^ *(?P<at>;).*", "write `#`", _COMMENT),
    Slip(r"^ *(?P<at>[-*•]|\d+[.)]) +(?=[a-z])", "leave it out", "a line has no bullet and no number before it"),
    Slip(r"={2,}", "write `=`", "equal is one `=`, not equal is `!=`"),
    Slip(r"!={2,}|<>|=!|≠", "write `!=`", "equal is `=`, not equal is `!=`"),
    Slip(r"=>|≥", "write `>=`", _COMPARE),
    Slip(r"=<|≤", "write `<=`", _COMPARE),
    Slip(r"&&?", "write `and`", _JOIN),
    Slip(r"\|\|?", "write `or`", _JOIN),
    Slip(r"!(?!=)", "write `not`", "`not` stands before a whole condition"),
    Slip(r"[×·]", "write `*`", _CALCULATE),
    Slip(r"÷", "write `/`", _CALCULATE),
    Slip(r"[−–—]", "write `-`", _CALCULATE),
    Slip(r"[“”„«»‘’]([^“”„«»‘’\"]*)[“”„«»‘’\"]?", 'write `"{1}"`', _QUOTES),
    Slip(r"'([^'\"]*)'?", 'write `"{1}"`', _QUOTES),
    Slip(r'"[^"]*"(?P<at>\w+)(?=")', "write `\\\"{at}\\\"`", _INNER),
    Slip(r"(?P<at>\b\w+\")\s*$", 'write `"{at}`', "a text has a quote at its beginning and at its end", wants="STRING"),
    Slip(r"\S +(?P<at>then)\s*:?$", "leave it out", _BLOCK),
    Slip(r"[{}]", "leave it out", _BLOCK),
    Slip(r"^ *segment +\w+ *(?P<at>[:=].*)", "write it on a line of its own", "the condition of a segment stands below its name, four spaces deeper"),
    Slip(r"^ *(?P<at>goal:)", "write `goal NAME:`", "a goal has a name: `goal purchase: order`"),
    Slip(rf"^ *(?:{_CLAUSES})(?P<at>:)", "leave it out", "only labels, stages and the names of goals have a colon behind them"),
    Slip(r"^ *set +\w+ *(?P<at>:|:?=)", "write `to`", "a value is set by `set ATTRIBUTE to VALUE`"),
    Slip(r"^ *(?P<at>(?P<stage>[a-z_]\w*) *=?)(?= )", "write `{stage}:`", "a stage is a name, a colon and a condition: `active: has order in last 90 days`", wants="LABEL", alone=True),
    Slip(r"^ *(?:if|else if|else|repeat|then|otherwise)\b.*?(?P<at>: *\S.*)", "write it on a line of its own", _BLOCK),
    Slip(r"%(?P<at>:)", "leave it out", "an arm is a share and a name: `50% gentle`"),
    Slip(r"(?P<at>:)\s*$", "leave it out", _BLOCK),
    Slip(r"^ *\w+(?: +\"[^\"]*\")?(?P<at>:)", "leave it out", "only labels, stages and the names of goals have a colon behind them"),
    Slip(r";", "leave it out", "a line ends without a sign"),
    Slip(r"\w (?P<at>:=)", "write `=`", _COMPARE),
    Slip(r"\w+ *(?P<at>\((?P<inside>[^()]*)\)?)", "write `[{inside}]`", _FILTER, wants="_LSQB"),
    Slip(r"\bin *(?P<at>[\[{](?P<inside>[^\[\]{}]*)[\]}]?)", "write `({inside})`", _LIST),
    Slip(r"\bin +(?P<at>\"[^\"]*\"|[A-Z]\w*)", "write `({at})`", _LIST, wants="_LPAR"),
    Slip(r"\([^()]*[\w\"] +(?P<at>\"[^\"]*\"|\w+)", "put a comma before it", _LIST, wants="_COMMA"),
    Slip(r"(?P<at>[)\]])(?= *$)", "leave it out", "a bracket that closes has one before it that opens"),
    Slip(r"(?:[=<>(,]|\bis|\bto) *(?P<at>\+)(?=\d)", "leave it out", "a number without a sign is above zero"),
    Slip(r"\.\.+", "write `and`", "`between` takes two values, and both of them belong to it: `between 1 and 5`"),
)  # fmt: skip
"""The first that fits counts: what is more exact stands above."""
