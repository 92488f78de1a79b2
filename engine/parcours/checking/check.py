"""The whole check of a project: every finding at once, and the checked project when there is no error.

It goes file by file: what is found out about a file depends on its declarations and on what it reads of the others
in the vocabulary, on nothing else. So the workspace can keep what is found, file by file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from parcours.checking import checked
from parcours.checking.adapters import check_adapters
from parcours.checking.analytics import Declaration as Analytic
from parcours.checking.asking import questions
from parcours.checking.branches import check_branches
from parcours.checking.channels import check_channels
from parcours.checking.countries import check_country
from parcours.checking.entries import DEFAULT_REFRESH
from parcours.checking.examples import check_example
from parcours.checking.findings import Findings
from parcours.checking.idle_rules import check_idle
from parcours.checking.impossible import check_possible, check_stages
from parcours.checking.journeys import check_journey
from parcours.checking.learned_from import check_circle
from parcours.checking.messages import check_messages
from parcours.checking.missing import told_once
from parcours.checking.observed import Question
from parcours.checking.predicates import Predicates
from parcours.checking.pressure import check_pressure
from parcours.checking.recorded import (
    does_record,
    recorded_fields,
    recorded_of_itself,
    with_recorded,
)
from parcours.checking.shadows import Bare, check_shadow
from parcours.checking.told_apart import told_apart
from parcours.checking.unread import NOTHING_UNREAD, Unread, unread
from parcours.checking.usage import history_events
from parcours.checking.vocabulary import Named, Vocabulary, vocabulary_of
from parcours.datamart.catalog import Catalog
from parcours.diagnostics import Diagnostic
from parcours.model.analytics import Clusters, Score
from parcours.model.example import Example
from parcours.model.journey import Journey
from parcours.model.policy import Channel
from parcours.model.project import Declaration, Project
from parcours.model.vocabulary import Lifecycle, Message, Season, Segment


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`project` is None when there is an error. `diagnostics` are the findings, sorted by place; `questions` are what the
    data is to be asked; `groups` are all segments and lifecycles, whoever uses them."""

    project: checked.CheckedProject | None
    diagnostics: tuple[Diagnostic, ...]
    questions: tuple[Question, ...] = ()
    groups: tuple[checked.Group, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What the check of one file gives; what is not right is missing, and among the diagnostics."""

    journeys: tuple[checked.Journey, ...]
    messages: tuple[checked.Message, ...]
    channels: tuple[checked.Channel, ...]
    learned: tuple[checked.Declared, ...]
    diagnostics: tuple[Diagnostic, ...]
    questions: tuple[Question, ...]
    groups: tuple[checked.Group, ...]


@dataclass(frozen=True, slots=True)
class CheckedPressure:
    """What the check of all pressure declarations gives: they stand in several files and are one set of rules."""

    rules: checked.Policy
    diagnostics: tuple[Diagnostic, ...]
    questions: tuple[Question, ...]


class FileExaminer:
    """The parts of the check that look at one thing at a time. Whoever remembers what they found puts its own here."""

    def does_record(self, journey: Journey) -> bool:
        return does_record(journey)

    def check_file(
        self,
        declared: Sequence[Declaration],
        vocabulary: Vocabulary,
        sources: Mapping[str, str],
        lost: Unread,
    ) -> CheckedFile:
        return check_file(declared, vocabulary, sources, lost)

    def check_rules(
        self, vocabulary: Vocabulary, sources: Mapping[str, str], lost: Unread
    ) -> CheckedPressure:
        return check_rules(vocabulary, sources, lost)


ANEW = FileExaminer()


def check(
    project: Project, catalog: Catalog, found: Sequence[Diagnostic] = (), examiner: FileExaminer = ANEW
) -> CheckResult:
    """Checks every declaration against the others and against the datamart's names and types.

    `found` is what reading the project said: what only follows from it is not said again."""
    named = vocabulary_of(project.settings, project.declarations, catalog)
    vocabulary = with_recorded(named, examiner.does_record)
    lost = unread(project.declarations, project.sources, found)
    by_file: dict[str, list[Declaration]] = {}
    for declaration in project.declarations:
        by_file.setdefault(declaration.place.file, []).append(declaration)
    files = [
        examiner.check_file(declared, vocabulary, project.sources, lost) for declared in by_file.values()
    ]
    pressure = examiner.check_rules(vocabulary, project.sources, lost)
    settings = check_country(project.settings)
    if lost == NOTHING_UNREAD:
        settings = (*settings, *check_adapters(project.settings, vocabulary.channels))
    said = _sorted([*settings, *pressure.diagnostics, *(d for file in files for d in file.diagnostics)])
    asked = tuple(dict.fromkeys((*pressure.questions, *(q for file in files for q in file.questions))))
    if lost == NOTHING_UNREAD and not any(d.severity == "error" for d in said):
        said = _sorted([*said, *recorded_of_itself(vocabulary)])
    if lost != NOTHING_UNREAD or any(d.severity == "error" for d in said):
        return CheckResult(None, said, asked)
    country = project.settings.holiday_country
    channels = sorted((channel for file in files for channel in file.channels), key=lambda c: c.name)
    made = checked.CheckedProject(
        name=project.settings.name,
        time_zone=vocabulary.time_zone,
        events=(),
        journeys=tuple(
            sorted((journey for file in files for journey in file.journeys), key=lambda j: j.name)
        ),
        messages=tuple(
            sorted((message for file in files for message in file.messages), key=lambda m: m.name)
        ),
        policy=replace(pressure.rules, channels=tuple(channels)),
        recorded=recorded_fields(vocabulary),
        holiday_country=None if country is None else country.text,
        answering=tuple(sorted(catalog.event_has_send)),
        learned=tuple(
            sorted((made for file in files for made in file.learned), key=lambda d: (d.kind, d.name))
        ),
    )
    groups = sorted((group for file in files for group in file.groups), key=lambda g: g.name)
    made = replace(made, told_apart=told_apart(made, groups))
    events = {*catalog.events, *vocabulary.recorded, *history_events(made)}
    whole = replace(made, events=tuple(sorted(events)))
    return CheckResult(whole, said, asked, tuple(groups))


def check_file(
    declared: Sequence[Declaration], vocabulary: Vocabulary, sources: Mapping[str, str], lost: Unread
) -> CheckedFile:
    """The check of one file's declarations, pressure left out. `lost` is what of the project could not be read."""
    findings = Findings(sources, lost)
    predicates = Predicates(vocabulary, findings)
    firsts = [d for d in declared if _is_first(d, vocabulary, findings)]
    journeys = tuple(
        journey
        for declaration in firsts
        if isinstance(declaration, Journey) and (journey := check_journey(declaration, predicates))
    )
    messages = check_messages([d for d in firsts if isinstance(d, Message)], predicates)
    channels = check_channels([d for d in firsts if isinstance(d, Channel)], predicates)
    learned = _learned([d for d in firsts if isinstance(d, Analytic)], predicates)
    groups = tuple(group for d in firsts if (group := _check_group(d, predicates)))
    for declaration in firsts:
        if isinstance(declaration, Bare):
            check_shadow(declaration, predicates)
    for declaration in declared:
        if isinstance(declaration, Example):
            check_example(declaration, predicates)
    _check_meaning(firsts, predicates)
    asked = questions(predicates, {declaration.place.file for declaration in declared})
    return CheckedFile(journeys, messages, channels, learned, findings.diagnostics, asked, groups)


def check_rules(vocabulary: Vocabulary, sources: Mapping[str, str], lost: Unread) -> CheckedPressure:
    findings = Findings(sources, lost)
    predicates = Predicates(vocabulary, findings)
    rules = check_pressure(predicates)
    check_idle(rules, findings)
    check_possible(predicates)
    asked = questions(predicates, sources)
    return CheckedPressure(rules, findings.diagnostics, asked)


def _check_meaning(declared: Sequence[Declaration], predicates: Predicates) -> None:
    """What is well said and means nothing: conditions that nobody can meet, branches that nobody can take."""
    for file in {declaration.place.file for declaration in declared}:
        check_possible(predicates, file)
    for declaration in declared:
        match declaration:
            case Lifecycle():
                check_stages(declaration, predicates)
            case Journey():
                check_branches(declaration, predicates)


def _sorted(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each once: two files that use a segment with a mistake both come upon it."""
    return tuple(sorted(told_once(set(found)), key=lambda d: (d.place, d.code, d.message, d.mark, d.help)))


def _is_first(declaration: Declaration, vocabulary: Vocabulary, findings: Findings) -> bool:
    """Whether it is the one that counts of those with its name."""
    if not isinstance(declaration, Named):
        return True
    first, name = vocabulary.first(declaration), declaration.name
    if first.place == declaration.place:
        return True
    findings.add(
        "duplicate-name",
        f"the {declaration.kind} `{name}` is declared twice",
        name.place,
        mark=f"first in {first.name.place}",
    )
    return False


def _learned(declarations: Sequence[Analytic], predicates: Predicates) -> tuple[checked.Declared, ...]:
    found = [predicates.analytics.declared(declaration) for declaration in declarations]
    for declaration in declarations:
        if isinstance(declaration, Clusters | Score):
            check_circle(declaration, predicates)
    return tuple(made for made in found if made is not None)


def _check_group(declaration: Declaration, predicates: Predicates) -> checked.Group | None:
    """A segment, lifecycle or season: those that nothing uses are looked at too."""
    refresh = DEFAULT_REFRESH
    if isinstance(declaration, Segment | Lifecycle) and declaration.refresh is not None:
        refresh = predicates.literals.span(declaration.refresh)
    match declaration:
        case Segment():
            name, term = declaration.name, predicates.groups.segment(declaration.name)
            return None if term is None else checked.Group(name.text, ((name.text, term),), refresh, True)
        case Lifecycle():
            stages = predicates.groups.stages(declaration, declaration.name)
            return None if stages is None else checked.Group(declaration.name.text, stages, refresh, False)
        case Season():
            predicates.groups.season(declaration.name.text, declaration.name.place)
    return None
