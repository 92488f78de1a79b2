"""By which segments contacts are told apart where messages are weighed by how they are answered (LANGUAGE.md A15)."""

from collections.abc import Sequence

from parcours.checking import checked
from parcours.checking.parts import parts
from parcours.checking.terms import Term


def told_apart(
    project: checked.CheckedProject, groups: Sequence[checked.Group]
) -> tuple[tuple[str, Term], ...]:
    """Segments as a run of `response` calls them, each with its condition; a contact belongs to the first that holds. They are
    the stages of the lifecycle, of several of the first of `groups`, which are in the order of their names; without one, the
    segments. None where no message is weighed by answers, by `best of` or by value."""
    if not _weighs(project):
        return ()
    lifecycles = [group for group in groups if not group.is_segment]
    chosen = lifecycles[:1] or groups
    return tuple((group.named(stage), term) for group in chosen for stage, term in group.stages)


def _weighs(project: checked.CheckedProject) -> bool:
    if "value" in project.policy.ranked_by:
        return True
    sends = (part for part in parts(project.journeys) if isinstance(part, checked.Send))
    return any(send.choice == "best_of" for send in sends)
