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
    engine: DuckDBEngine, project: checked.CheckedProject, contact_type: str, state: Path, of: object
) -> None:
    """Makes the history that checked things read, `of` them, visible on the engine's connection: what was sent, recorded
    and set by the last tick. Without a state there is none yet. `Problem` when the state cannot be read."""
    # a journey may speak of none of it
    spoken = {part.event for part in parts(of) if isinstance(part, Events) and part.event in HISTORY_EVENTS}
    project = replace(project, events=tuple(sorted({*project.events, *spoken})))
    read = _read(project, of)
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


def _read(project: checked.CheckedProject, of: object) -> set[str]:
    """The views that hold what journeys have written, of those that something reads."""
    ours = {*HISTORY_EVENTS, *(name for name, _ in project.recorded)}
    set_by_journeys = {
        part.attribute.name for part in parts(project) if isinstance(part, checked.SetAttribute)
    }
    found = set()
    for part in parts(of):
        match part:
            case Events(event=event) | checked.Source(event=event) | checked.Rules(event=event):
                found |= {event_view(event)} if event in ours else set()
            case Attribute(name=name) if name in set_by_journeys:
                found.add("contact")
            case _:
                pass
    return found
