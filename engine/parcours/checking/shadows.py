"""Names that would hide others: a bare name in a condition can be an attribute, a lifecycle, clusters or an rfm."""

from parcours.checking.predicates import Predicates
from parcours.model.analytics import Clusters, Rfm
from parcours.model.vocabulary import Lifecycle

ROOTS = ("contact", "event", "entry", "season", "score", "zone", "product")
"""What a dotted name may begin with by itself."""

Bare = Lifecycle | Clusters | Rfm


def check_shadow(declaration: Bare, predicates: Predicates) -> None:
    """Adds a finding when the name of a declaration means something else already."""
    vocabulary, name = predicates.vocabulary, declaration.name
    kind = "rfm" if isinstance(declaration, Rfm) else declaration.kind
    if name.text in ROOTS:
        message = f"`{name}` means something by itself: {_the(declaration)} cannot be called so"
        predicates.findings.add("reserved-name", message, name.place)
        return
    if name.text in vocabulary.catalog.contacts.columns:
        message = f"the {kind} `{name}` has the name of an attribute of contacts"
        predicates.findings.add("duplicate-name", message, name.place, advice=f"give the {kind} another name")
        return
    kinds: tuple[Bare | None, ...] = (
        vocabulary.lifecycles.get(name.text),
        vocabulary.clusters.get(name.text),
        vocabulary.rfms.get(name.text),
    )
    for other in kinds:
        if other is not None and other.kind != declaration.kind and other.place < declaration.place:
            message = f"the {kind} `{name}` has the name of {_a(other)}"
            mark = f"first in {other.name.place}"
            predicates.findings.add("duplicate-name", message, name.place, mark=mark)
            return


def _the(declaration: Bare) -> str:
    return declaration.kind if isinstance(declaration, Clusters) else f"{_a(declaration)}"


def _a(declaration: Bare) -> str:
    match declaration:
        case Clusters():
            return "clusters"
        case Rfm():
            return "an rfm"
        case Lifecycle():
            return "a lifecycle"
