"""Slips of words: those of other languages, and those in another place than here."""

from parcours.language.slips.slip import Slip

_IF = "the forms are `if CONDITION`, `else if CONDITION` and `else`, each with its steps below it"
_END = "a block ends where its indentation does"
_WINDOW = "a window is `in last 90 days`, `since entry` or `ever`"
_SEND = "a send is `send MESSAGE by CHANNEL`: `send welcome by email`"
_CHANNELS = "`email else sms` takes the first that is possible, `email and sms` sends by each"
_SEGMENT = "membership is `in segment NAME`, without it `not in segment NAME`"
_NULL = "whether something is known is asked by `is known` and `is unknown`"
_TEXT = "texts are only compared as a whole: with `=`, `!=` or `in (…)`; for more make a column in a view"
_COMPARE = "compare with `=`, `!=`, `<`, `<=`, `>` or `>=`"
_ENTER = "who enters is said by `on EVENT`, `every DAY at TIME for CONDITION`, a date, or `by hand`"
_FILTER = "the condition on an event stands in square brackets behind its name: `order[amount > 50]`"
_BELOW = "the clauses of `enter` stand below it, each on a line of its own, four spaces deeper"
_AGGREGATE = (
    "the forms are `count of order`, `sum of order.amount`, `average of …`, `smallest of …`, `largest of …`"
)
_JOIN = "`and` and `or` stand between two conditions"
_UP_TO = "a wait for something that may never come has an end: `up to 7 days`"
_EXAMPLE = "an event of an example is `at 2026-03-02 10:00 order with amount = 20`"
_CAP = "a cap is `at most 3 messages per 7 days`"

WORDS: tuple[Slip, ...] = (
    # if and else
    Slip(r"^ *(?P<at>el(?:s|se)?if|else +when|elsewhen|otherwise +if|or +if)\b", "write `else if`", _IF),
    Slip(r"^ *(?P<at>end(?: *if| *for| *while)?|fi|done|esac) *$", "leave it out", _END),
    Slip(r"^ *(?P<at>else)\b", "write `otherwise`", "a wait has `then` and `otherwise`; `else` belongs to `if`", wants="_OTHERWISE"),
    Slip(r"^ *(?P<at>else)\b", "", "`else` stands below the steps of an `if`, at the same depth as the `if`", message="`else` has no `if` before it"),
    Slip(r"^ *(?P<at>otherwise)\b", "write `else`", "an `if` has `else`; `otherwise` belongs to `wait for … up to …`", wants="_ELSE"),
    Slip(r"^ *else (?!if\b)(?P<at>.+)", "write `else if {at}`", _IF, wants="_IF"),
    Slip(r"^ *(?:if|else if)\b.*?(?P<at>\bthen\b.*)", "write it on a line of its own", "what is to be done stands below the condition, four spaces deeper"),
    Slip(r"^ *(?P<at>when|whenever|case)\b", "write `if`", _IF, wants="_IF"),
    Slip(r"^ *(?P<at>while|for|loop|foreach)\b", "write `repeat up to 3 times`", "steps are repeated by `repeat up to N times until CONDITION`", wants="_REPEAT"),
    Slip(r"^ *repeat +(?P<at>\d+)", "write `up to {at}`", "steps are repeated by `repeat up to N times until CONDITION`"),
    # steps
    Slip(r"^ *(?P<at>sleep|pause|delay|wait for) +\d+", "write `wait`", "a time is waited by `wait 3 days`, an event by `wait for order up to 3 days`"),
    Slip(r"^ *(?P<at>stop|return|quit|finish|finished|leave|break|done)\b", "write `exit`", "a journey is left by `exit` or `exit OUTCOME`", wants="_EXIT"),
    Slip(r"^ *(?P<at>goto|jump to|jump)\b", "write `go to`", "the step to go to has a label: `again:` on a line above it", wants="_GO"),
    Slip(r"^ *(?P<at>let|update|assign)\b", "write `set`", "a value is set by `set ATTRIBUTE to VALUE`", wants="_SET"),
    Slip(r"^ *(?P<at>(?P<channel>email|sms|push|letter) +(?P<message>[a-z_]\w*))\s*$", "write `send {message} by {channel}`", _SEND, wants="_SEND"),
    Slip(r"^ *(?P<at>mail|notify|deliver|say)\b", "write `send`", _SEND, wants="_SEND"),
    Slip(r"^ *(?P<at>unless)\b", "write `if not`", "`unless` stands below a `send`, four spaces deeper; elsewhere it is `if not`", wants="_SEND"),
    Slip(r"^ *split +(?P<at>\d.*)", "write a name", "a split has a name, and its arms below it: `split tone`, then `50% gentle`, `50% bold`"),
    Slip(r"^ *test +\w+ +measured +(?P<at>\w+)", "write `by {at}`", "a test is `test NAME measured by GOAL`", wants="_BY"),
    Slip(r"^ *start +(?P<at>journey +)\w", "leave it out", "another journey is started by `start NAME`"),
    Slip(r"\b(?P<at>via|with|through|using|over|on|as|to)\b", "write `by`", _SEND, wants="_BY"),
    Slip(r"^ *send +(?:an? +|the +)?(?:email|sms|push|letter) +(?P<at>\w+)", "write the message first", _SEND, wants="_BY"),
    Slip(r"^ *send +\w+ +(?P<at>[a-z_]\w*)\s*$", "write `by {at}`", _SEND, wants="_BY"),
    Slip(r"^ *send +\w+(?P<at>)\s*$", "write `by` and a channel", _SEND, wants="_BY"),
    Slip(r"^ *send .* by .*?(?P<at>,|\bor\b|\bthen\b|\bor else\b|/|\+)", "write `else` or `and`", _CHANNELS),
    # waits
    Slip(r"^ *wait +(?P<at>till|to|'til)\b", "write `until`", "a moment is waited for by `wait until 09:00` or `wait until monday at 09:00`"),
    Slip(r"\b(?P<day>tomorrow|today|next +\w+)\b", "write `monday at 09:00`", "a day is a day of the week or a date, with a time: `monday at 09:00`, `2026-12-01 at 09:00`"),
    Slip(r"\b(?P<at>(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)days?))\s*$", "write `{day} at 09:00`", "a day has a time: `monday at 09:00`", wants="_AT"),
    Slip(r"\d{4}-\d\d-\d\d +(?P<at>\d\d?:\d\d)", "write `at {at}`", "a moment is a date and a time: `2026-12-01 at 09:00`", wants="_UP"),
    Slip(r"days?\b +(?P<at>\d{1,2}:\d\d)", "write `at {at}`", "a day has a time: `monday at 09:00`", wants="_AT"),
    Slip(r"^ *wait until +[a-z_]\w*(?P<at>)$", "write `up to 7 days`", "an event is waited for by `wait for order up to 7 days`, a condition by `wait until CONDITION up to 7 days`", wants="_UP"),
    Slip(r"^ *wait (?:for|until) .*?(?P<at>\b(?:for|within|max|at most|until|or)\b)", "write `up to`", _UP_TO, wants="_UP"),
    Slip(r"^ *wait (?:for|until) .*(?P<at>)$", "write `up to 7 days`", _UP_TO, wants="_UP"),
    Slip(r"^ *wait +(?P<at>up to \d+ \w+ for (?P<event>\w+))", "write `for {event} up to 3 days`", _UP_TO),
    Slip(r"^ *wait +(?P<at>(?P<unit>(?:minute|hour|day|week|month|year)s?) +(?P<count>\d+))", "write `{count} {unit}`", "a length of time is a number and a unit: `3 days`"),
    Slip(r"^ *wait +(?P<at>(?P<time>\d+ \w+) +(?:for|until) +(?P<event>[a-z_]\w*))", "write `for {event} up to {time}`", _UP_TO),
    Slip(r"^ *wait +\d+(?P<at>)\s*$", "write `days` or another unit", "a length of time has a unit: `3 days`", wants="UNIT"),
    # conditions
    Slip(r"\bdays +since +(?P<at>(?:the +)?(?:last|latest|first) +)(?=[a-z_`])", "leave it out", "`days since order` counts from the last one"),
    Slip(r"\bis +not +in +segment +\w+", "write `not in segment …`", _SEGMENT),
    Slip(r"\bin +segment +(?P<at>\"(?P<name>[^\"]*)\")", "write `{name}`", _SEGMENT),
    Slip(r"(?P<at>\bin +segments +(?P<name>\w+))", "write `in segment {name}`", _SEGMENT),
    Slip(r"\b(?P<at>(?!not |and |or |if )\w+ +in +segments? +(?P<name>\w+))", "write `in segment {name}`", _SEGMENT),
    Slip(r"\bin +(?P<at>[a-z_]\w*)\s*$", "write `segment {at}`", _SEGMENT, wants="_SEGMENT"),
    Slip(r"\bis +not +(?:null|none|nil|empty|unknown|missing)\b", "write `is known`", _NULL),
    Slip(r"\bis +not +(?:known|set|there)\b", "write `is unknown`", _NULL),
    Slip(r"\bis +not +(?P<name>\w+)", "write `not` before the condition", "`is not` is `not … is`: `not customer is lost`; of two values it is `!=`"),
    Slip(r"\b(?:exists|is +there)\b", "write `is known`", _NULL),
    Slip(r"\b(?P<at>(?!in +last\b)(?:in|over|during|within|for|since) +(?:the +)?(?:last|past|previous)) +\d", "write `in last`", _WINDOW),
    Slip(r"\b(?P<at>in +the|within|during)\b", "write `in last`", _WINDOW, wants="_IN_LAST"),
    Slip(r"\b(?P<at>last|past)(?= +\d)", "write `in last`", _WINDOW, wants="_IN_LAST"),
    Slip(r"\b(?P<at>has +(?:no|not|never)) +", "write `no`", "that there is no such event is said by `no order in last 90 days`"),
    Slip(r"\b(?P<at>(?P<what>count|sum|average|avg|min|max|smallest|largest)\s*\(\s*(?P<inside>[^()]*)\)?)", "write `{what} of {inside}`", _AGGREGATE),
    Slip(r"\b(?P<at>(?P<what>count|sum|average|smallest|largest|distinct) +(?!of\b)(?P<inside>[a-z_]\w*))", "write `{what} of {inside}`", _AGGREGATE),
    Slip(r"\b(?:is +)?(?:greater|more|bigger|higher|larger|later)(?: +than)?(?: or equal(?: to)?)?|\babove\b|\bexceeds\b", "write `>` or `>=`", _COMPARE),
    Slip(r"\b(?:is +)?(?:less|smaller|lower|fewer|earlier)(?: +than)?(?: or equal(?: to)?)?|\bbelow\b|\bunder\b", "write `<` or `<=`", _COMPARE),
    Slip(r"\b(?:is +)?equals?(?: +to)?\b|\beq\b", "write `=`", _COMPARE),
    Slip(r"\bis +(?P<at>at least|at most)|(?<=\w )(?:at least|at most)(?= \d)", "write `>=` or `<=`", _COMPARE, wants="OPERATOR"),
    Slip(r"\b(?:contains|includes|like|matches|starts? with|begins? with|ends? with)\b", "", _TEXT, message="texts cannot be searched"),
    Slip(r"\b(?:xor|nor)\b", "write `and`, `or` and `not`", "conditions are joined by `and` and `or`"),
    Slip(r"(?P<at>\b(?:and|or|not))\s*$", "go on behind it", "a condition that is too long for its line goes on in the next, which begins with `and` or `or`", wants="_HAS"),
    Slip(r"\b(?:if|until|unless|when|for|where) +(?P<at>and|or)\b", "leave it out", _JOIN),
    # what enters, and when
    Slip(r"^ *enter +(?P<at>each|daily|weekly|monthly|hourly|yearly)\b", "write `every` and a day", "a schedule is `every day at 09:00`, `every tuesday at 09:00`, `every month on 1 at 09:00`", wants="_EVERY"),
    Slip(r"^ *enter +(?P<at>when|if|after|upon|at)\b", "write `on`", _ENTER, wants="_ON"),
    Slip(r"^ *enter +(?P<at>[a-z_]\w*)", "write `on {at}`", _ENTER, wants="_ON"),
    Slip(r"^ *enter on +[\w.]+ +(?P<at>(?:where|if|with|when) +(?P<inside>.*[^\s:]))", "write `[{inside}]`", _FILTER),
    Slip(r"^ *enter .*?(?P<at>\b(?:once|again|per|within|hold out|at most)\b.*)", "write it on a line of its own", _BELOW),
    Slip(r"^ *enter every .*?(?P<at>\b(?:if|when|where)\b)", "write `for`", _ENTER, wants="_FOR"),
    Slip(r"^ *leave +(?P<at>if|on|after)\b", "write `when`", "a contact leaves early by `leave when CONDITION`", wants="_WHEN"),
    Slip(r"^ *goal +(?P<at>\w+)\s*$", "write `NAME: {at}`", "a goal has a name: `goal purchase: order`", wants="_COLON"),
    Slip(r"^ *goal +(?P<name>\w+) +(?P<at>)\w", "write `:` behind `{name}`", "a goal has a name: `goal purchase: order`", wants="_COLON"),
    Slip(r"^ *(?P<at>(?:description|title|label|note|doc):?) +(?=\")", "leave it out", "what a journey is for stands in quotes on the line below its name", wants="DOC"),
    # messages, channels, pressure, segments, examples
    Slip(r"^ *(?P<at>subject|email|sms|push|text|body) *:? *$", "write the text behind it", 'a text stands on the line of its channel: `email "…"`, or in a file: `email from "…"`'),
    Slip(r"^ *(?:subject|owner|description) +(?P<at>[^\"#]+[^\"#\s])", 'write `"{at}"`', 'a text stands in straight double quotes: "…"', wants="STRING"),
    Slip(r"^ *(?P<at>max(?:imum)?|no more than|up to|limit(?: to)?|not more than)\b", "write `at most`", _CAP, wants="_AT"),
    Slip(r"^ *at most \d+ \w+ +(?P<at>in(?: +any)?|every|each|a|within|over|/)\b", "write `per`", _CAP, wants="_PER"),
    Slip(r"^ *at least \d+ \w+ +(?P<at>for|per|from)\b", "write `between`", "a distance is `at least 2 days between messages and messages`", wants="_BETWEEN"),
    Slip(r"^ *pressure +(?P<at>\w+)", "leave it out", "a project has one set of pressure rules: they have no name"),
    Slip(r"^ *(?P<at>if|where|when)\b +(?=\w)", "leave it out", "a segment is a condition and nothing else: `has order in last 90 days`", wants="OPERATOR"),
    Slip(r"^ *(?P<at>\S.*)", "write `and {at}` or `or {at}`", "the conditions of a segment are joined by `and` or `or`", wants="_REFRESH", alone=True),
    Slip(r"^ *at +\d{4}-\d\d-\d\d +\d\d?:\d\d +\w+ +(?P<at>)\w+ *=", "write `with` before it", _EXAMPLE, wants="_WITH"),
    Slip(r"^ *given .*?\w(?P<at>:| is\b)", "write ` =`", "what is given is written as `country = \"FR\"`", wants="EQUALS"),
    Slip(r"^ *expect no +(?P<at>messages|sends?|emails?)\b", "write `message`", "what must not happen is `expect no message`, `expect no other message` or `expect no entry`"),
    Slip(r"^(?:segment|season|lifecycle|message|channel|journey|clusters|score|rfm|rules) +[a-z_]\w* +(?P<at>[^\s\"#].*)", "write it on a line of its own", "what a declaration says stands below its name, four spaces deeper"),
    Slip(r"^ *example +(?P<at>[^\"\s].*[^\s:])", 'write `"{at}"`', "an example has a title in quotes", wants="STRING"),
)  # fmt: skip
"""The first that fits counts: what is more exact stands above."""
