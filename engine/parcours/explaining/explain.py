"""From a project and a state to the story of one contact."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from parcours.checking import checked
from parcours.diagnostics import problem
from parcours.diagnostics.nearest import nearest, no_such
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.learned import attach_learned
from parcours.executor.store import Store
from parcours.explaining.absence import Absences
from parcours.explaining.context import Context
from parcours.explaining.delivered import delivered
from parcours.explaining.records import Records, Resting
from parcours.explaining.refusals import Refusals
from parcours.explaining.replay import Order, Replay
from parcours.explaining.story import Line, Run, Stay, Story
from parcours.explaining.world import ContactWorld
from parcours.graph.stored import from_text
from parcours.graph.versions import content_hash
from parcours.workspace.analytics import analytics_place
from parcours.workspace.load import Loaded

_AFTER_ALL_RUNS = 2**31


@dataclass(frozen=True, slots=True)
class Question:
    """Of whom, of which journey (None: all), and from when to when (naive UTC, None: without an end) something is to be told."""

    contact: str
    journey: str | None = None
    first: datetime | None = None
    last: datetime | None = None


def explain_loaded(loaded: Loaded, state: Path, question: Question) -> Story:
    """The story of a contact of a loaded project. The state is read, and nothing is written to it; its rows are not looked
    at as a whole, as a tick does. `Problem` for a state that cannot be read, and for a contact or journey that is none."""
    assert loaded.checked is not None and loaded.connection is not None
    assert loaded.catalog is not None and loaded.project is not None
    if not state.exists():
        message = f"the state `{state}` is not there: nothing has happened that could be explained"
        raise problem(
            "bad-option", message, "--state", help="run `parcours tick`, or name the file of a state"
        )
    engine = DuckDBEngine(loaded.connection)
    engine.attach_state(state, read_only=True, trusting=True)
    contact_type = loaded.catalog.contact_type
    attach_learned(engine, analytics_place(loaded.project), loaded.checked.name, contact_type)
    store = Store(engine, loaded.checked.name, contact_type, str(state), trusting=True)
    return explain(engine, loaded.checked, store, contact_type, question, str(state))


def explain(
    engine: DuckDBEngine,
    project: checked.CheckedProject,
    store: Store,
    contact_type: str,
    question: Question,
    where: str,
) -> Story:
    """The story of a contact, over a state that is attached. `where` names the state in messages."""
    journeys = _journeys(store, where)
    records = Records(engine, _key(engine, question.contact, contact_type))
    world = ContactWorld(
        engine, project, [j for j in journeys.values() if j is not None], records.contact, contact_type
    )
    if world.attributes is None and not records.is_known:
        raise _unknown(engine, question.contact)
    last_tick = store.last_tick()
    as_of = datetime.min if last_tick is None else last_tick[1]
    context = Context(project, records, world, journeys, _newest(store, project), as_of)
    known = {journey for _, journey, _ in store.versions()} | {journey.name for journey in project.journeys}
    if question.journey is not None and question.journey not in known:
        message = f"`{question.journey}` is no journey"
        raise no_such(
            "unknown-journey", message, "--journey", question.journey, sorted(known), "the journeys"
        )
    return _Telling(engine, context, store, question, None if last_tick is None else as_of).story()


class _Telling:
    def __init__(
        self,
        engine: DuckDBEngine,
        context: Context,
        store: Store,
        question: Question,
        as_of: datetime | None,
    ) -> None:
        self._engine = engine
        self._context = context
        self._store = store
        self._question = question
        self._as_of = as_of

    def story(self) -> Story:
        context, question = self._context, self._question
        lines = self._lines()
        stays = tuple(stay for stay in self._stays() if self._is_meant(stay.run.journey))
        absence = None
        inside = {resting.journey for resting in context.records.resting}
        newest = {journey.name: journey for journey in context.project.journeys}
        if question.journey in newest and question.journey not in inside and self._as_of is not None:
            applied, paused = self._store.applied(), self._store.paused()
            absence = Absences(context, applied, paused).absence(newest[question.journey])
        elsewhere = tuple(name for name in sorted(newest) if name not in inside and question.journey is None)
        return Story(
            str(context.contact),
            context.zone,
            self._as_of,
            question.first,
            question.last,
            tuple(stay for stay in stays if self._is_in_span(stay)),
            tuple(line for line in lines if self._is_asked(line)),
            absence,
            elsewhere,
        )

    def _lines(self) -> list[Line]:
        told = Replay(self._context, delivered(self._engine, self._context)).lines()
        refusals = Refusals(self._context)
        # within an instant: what runs did in their order, then who was refused
        told += [((line.at, _AFTER_ALL_RUNS, 0), line) for line in refusals.lines()]
        told += self._pauses()
        told.sort(key=lambda item: item[0])
        return [line for _, line in told]

    def _pauses(self) -> list[tuple[Order, Line]]:
        """T19: of the journeys in which the contact was in the meantime."""
        found = []
        for pause in self._context.records.pauses:
            for stay in self._stays():
                if stay.run.journey != pause.journey or stay.entered_at > (pause.resumed_at or datetime.max):
                    continue
                if stay.left_at is not None and stay.left_at < pause.paused_at:
                    continue
                text = f"`{pause.journey}` is paused: nobody moves in it"
                found.append(((pause.paused_at, -1, 0), Line(pause.paused_at, "paused", stay.run, text)))
                if pause.resumed_at is not None:
                    text = f"`{pause.journey}` is resumed: what is overdue is {pause.overdue}"
                    line = Line(pause.resumed_at, "resumed", stay.run, text)
                    found.append(((pause.resumed_at, -1, 0), line))
        return found

    def _stays(self) -> list[Stay]:
        context, records = self._context, self._context.records
        resting = {one.run: one for one in records.resting}
        ends = {
            (end.journey, end.key, end.entry_at): end for end in records.ended if end.entry_at is not None
        }
        found: dict[Any, Stay] = {}
        for move in records.moves:
            if move.run in found:
                continue
            here: Resting | None = resting.get(move.run)
            end = ends.get(move.run)
            version = here.version if here is not None else _last_version(records, move.run, move.version)
            found[move.run] = Stay(
                Run(move.journey, version, move.key, move.entry_at),
                move.at,
                None if here is not None or end is None else end.outcome,
                None if here is not None or end is None else end.left_at,
                "" if here is None else here.step,
                None if here is None else here.due_at,
                context.status(move.journey, version),
            )
        return sorted(found.values(), key=lambda stay: (stay.entered_at, stay.run.journey, stay.run.key))

    def _is_meant(self, journey: str) -> bool:
        return self._question.journey in (None, journey)

    def _is_asked(self, line: Line) -> bool:
        first, last = self._question.first, self._question.last
        is_in = (first is None or first <= line.at) and (last is None or line.at < last)
        return is_in and self._is_meant(line.run.journey)

    def _is_in_span(self, stay: Stay) -> bool:
        first, last = self._question.first, self._question.last
        ends_before = first is not None and stay.left_at is not None and stay.left_at < first
        return not ends_before and (last is None or stay.entered_at < last)


def _journeys(store: Store, where: str) -> dict[int, checked.Journey | None]:
    """Every version that the state knows; None for one that it does not keep as data."""
    found: dict[int, checked.Journey | None] = {}
    for version, journey, _ in store.versions():
        text = store.text(version)
        found[version] = None if text is None else from_text(text, f"{journey} {version}", where)
    return found


def _newest(store: Store, project: checked.CheckedProject) -> dict[str, int]:
    """The version of each journey of the files; 0 for one that no tick knows yet."""
    hashes = {journey.name: content_hash(journey) for journey in project.journeys}
    known = {(journey, digest): version for version, journey, digest in store.versions()}
    return {name: known.get((name, digest), 0) for name, digest in hashes.items()}


def _last_version(records: Records, run: Any, first: int) -> int:
    moved = [t.new_version for t in records.transfers if t.run == run and t.new_version is not None]
    return moved[-1] if moved else first


def _key(engine: DuckDBEngine, text: str, contact_type: str) -> Any:
    """The key as the state keeps it: a number where keys are numbers."""
    if contact_type != "BIGINT":
        return text
    ((key,),) = engine.run_text("SELECT TRY_CAST(? AS BIGINT)", [text])
    if key is None:
        raise problem("unknown-contact", f"`{text}` is no contact: the keys are whole numbers", "CONTACT")
    return key


def _unknown(engine: DuckDBEngine, text: str) -> Exception:
    """With the key that looks most like it, of those that begin or end as it does."""
    near = engine.run_text(
        """SELECT DISTINCT _contact::VARCHAR FROM contact
        WHERE jaro_winkler_similarity(lower(_contact::VARCHAR), lower(?)) > 0.8 ORDER BY 1 LIMIT 500""",
        [text],
    )
    guess = nearest(text, [key for (key,) in near])
    return problem(
        "unknown-contact",
        f"`{text}` is no contact of the datamart, and the state has never met it",
        "CONTACT",
        mark=f"did you mean `{guess}`?" if guess else "",
        help="give the key as it stands in the table of contacts",
    )
