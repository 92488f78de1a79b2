"""What journeys have done, for those who learn from it: copied out of the state, so that no tick has to wait for them."""

from dataclasses import replace
from pathlib import Path

from parcours.checking import checked
from parcours.checking.event_tables import HISTORY_EVENTS
from parcours.checking.parts import parts
from parcours.checking.terms import Attribute, Events
from parcours.compiler.acts import drop_view, kept_view
from parcours.datamart.catalog import event_view
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.tick import Executor


def take_history(
    engine: DuckDBEngine, project: checked.CheckedProject, contact_type: str, state: Path
) -> None:
    """Makes the history that the declarations of a project learn from visible on the engine's connection: what was sent,
    recorded and set by the last tick. Without a state there is none yet. `Problem` when the state cannot be read."""
    if project.answering:
        # how messages are answered is learned too, and nobody declares that
        project = replace(project, events=tuple(sorted({*project.events, "sent"})))
    read = _read(project)
    if not read:
        return
    there = state if state.exists() else None
    engine.attach_state(there)
    try:
        Executor(engine, project, contact_type, "memory" if there is None else str(there))
        views = engine.run_text("SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal")
        for (view,) in views:
            for tree in kept_view(view) if view in read else (drop_view(view),):
                engine.run_tree(tree)
    finally:
        engine.abandon_state()


def _read(project: checked.CheckedProject) -> set[str]:
    """The views that hold what journeys have written, of those that learning reads."""
    ours = {*HISTORY_EVENTS, *(name for name, _ in project.recorded)}
    set_by_journeys = {
        part.attribute.name for part in parts(project) if isinstance(part, checked.SetAttribute)
    }
    found = {event_view("sent")} if project.answering else set()
    for part in parts((project.learned, project.groups)):
        if isinstance(part, Events) and part.event in ours:
            found.add(event_view(part.event))
        if isinstance(part, Attribute) and part.name in set_by_journeys:
            found.add("contact")
    found |= {
        event_view(source.event)
        for part in project.learned
        if isinstance(part, checked.Rfm)
        for source in part.sources
        if source.event in ours
    }
    found |= {
        event_view(part.event)
        for part in project.learned
        if isinstance(part, checked.Rules) and part.event in ours
    }
    return found
