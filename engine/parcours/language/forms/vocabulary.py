"""Who a contact is, and what we say: messages, segments, lifecycles, seasons."""

from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.shapes import named, one
from parcours.model import vocabulary

FORMS: tuple[Form, ...] = (
    named(
        "message",
        vocabulary.Message,
        Block("", ("topic", "subject"), merged=True),
        Block("bodies", ("body_file", "body_text")),
        Block("", ("expires", "live"), merged=True),
    ),
    one("topic", "topic", vocabulary.Message, "topic"),
    one("subject", "subject", vocabulary.Message, "subjects", "texts"),
    Form(
        "body_file",
        vocabulary.Body,
        (Part("channel", before="", field="channel"), Part("from", "text", field="file")),
    ),
    Form(
        "body_text",
        vocabulary.Body,
        (Part("channel", before="", field="channel"), Part("text", "text", before="", field="text")),
    ),
    one("expires", "expires after", vocabulary.Message, "expires"),
    one("live", "live", vocabulary.Message, "live"),
    named(
        "segment",
        vocabulary.Segment,
        Block("", ("doc", "refresh", "condition"), merged=True),
    ),
    Form("condition", vocabulary.Segment, (Part("where", before="", field="predicate"),)),
    one("refresh", "refresh every", vocabulary.Segment, "refresh"),
    named(
        "lifecycle",
        vocabulary.Lifecycle,
        Block("", ("doc", "refresh"), merged=True),
        Block("stages", ("stage",)),
    ),
    Form(
        "stage",
        vocabulary.Stage,
        (Part("stage", before="", after=":", field="name"), Part("when", before="", field="predicate")),
    ),
    named("season", vocabulary.Season, Block("", ("season_days",), merged=True)),
    Form("season_days", vocabulary.Season, (Part("from", field="start"), Part("to", field="end"))),
)
