"""What reading and checking found out, file by file, so that only what changed is looked at again.

A file is read again when its text is another, and checked again when something that its check read is another
(reads.py). What is found is the same as without a memory, in every state of the project."""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parcours.checking import checked
from parcours.checking.check import CheckedFile, CheckedPressure, FileExaminer
from parcours.checking.unread import Unread
from parcours.checking.vocabulary import Vocabulary
from parcours.diagnostics import Diagnostic, Place
from parcours.flow.check import JourneyExaminer
from parcours.flow.ties import Ties
from parcours.language.normalise import without_line_noise
from parcours.language.project import Reading, read_declarations
from parcours.model.journey import Journey
from parcours.model.project import Declaration
from parcours.workspace.fingerprint import digest
from parcours.workspace.reads import PRESSURES, Key, Signatures, watched

_Signed = dict[Key, str | None]


@dataclass(slots=True)
class Looked:
    """What was found out about one journey as a whole. `sends` are the messages of its ties, in order; `key` tells of
    the policy and the topics that this was found out with."""

    ties: Ties
    sends: tuple[str, ...]
    key: tuple[str, ...] = ()
    found: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class FileMemory:
    """Of one file: `text` is what was read, `signed` what its check read. `marks` tell the words of each of its
    declarations from all others, by its place. `recording`: which of its journeys record events."""

    text: str
    reading: Reading
    marks: dict[Place, str]
    recording: frozenset[str]
    checked: CheckedFile | None = None
    signed: _Signed = field(default_factory=dict)
    looked: dict[str, Looked] = field(default_factory=dict)


@dataclass(slots=True)
class PressureMemory:
    """Of all pressure declarations. `mark` is another after each new check."""

    checked: CheckedPressure
    signed: _Signed
    mark: str


@dataclass
class Memory:
    """Of one project: `files` by the names that places carry. `new` are those of which something has been found out
    since they were last kept. `world` stands for settings and catalog, on which all of it depends;
    `signatures` are those of the last round."""

    world: str
    files: dict[str, FileMemory] = field(default_factory=dict)
    pressure: PressureMemory | None = None
    new: set[str] = field(default_factory=set)
    signatures: Signatures | None = None

    def read(self, text: str, name: str) -> Reading:
        """What `read_declarations` gives."""
        known = self.files.get(name)
        if known is None or known.text != text:
            reading = read_declarations(text, name)
            journeys = (d for d in reading[0] if isinstance(d, Journey))
            recording = frozenset(j.name.text for j in journeys if FileExaminer().does_record(j))
            known = self.files[name] = FileMemory(text, reading, _marks(text, reading[0]), recording)
            self.new.add(name)
        return known.reading

    def forget_all_but(self, names: Mapping[str, object]) -> None:
        for gone in self.files.keys() - names.keys():
            del self.files[gone]
            self.new.discard(gone)


def _marks(text: str, declared: Sequence[Declaration]) -> dict[Place, str]:
    """A declaration goes up to where the next one begins."""
    lines = without_line_noise(text).split("\n")
    begins = sorted({declaration.place.line for declaration in declared})
    ends = dict(pairwise([*begins, len(lines) + 1]))
    places = [declaration.place for declaration in declared]
    return {place: digest("\n".join(lines[place.line - 1 : ends[place.line] - 1])) for place in places}


class RememberedFiles(FileExaminer):
    """One round: the project as it is now."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._signatures: Signatures | None = None

    def does_record(self, journey: Journey) -> bool:
        return journey.name.text in self._memory.files[journey.place.file].recording

    def check_file(
        self,
        declared: Sequence[Declaration],
        vocabulary: Vocabulary,
        sources: Mapping[str, str],
        lost: Unread,
    ) -> CheckedFile:
        name = declared[0].place.file
        known, signatures = self._memory.files[name], self._signed(vocabulary, lost)
        if known.checked is None or not known.signed.items() <= signatures.known.items():
            reads: set[Key] = set()
            known.checked = super().check_file(declared, *_inserted(vocabulary, sources, lost, reads))
            known.signed = signatures.of(reads)
            known.looked.clear()
            self._memory.new.add(name)
        return known.checked

    def check_rules(
        self, vocabulary: Vocabulary, sources: Mapping[str, str], lost: Unread
    ) -> CheckedPressure:
        known, signatures = self._memory.pressure, self._signed(vocabulary, lost)
        if known is None or not known.signed.items() <= signatures.known.items():
            reads: set[Key] = {PRESSURES}
            found = super().check_rules(*_inserted(vocabulary, sources, lost, reads))
            mark = digest(pickle.dumps(found.rules).hex())
            known = self._memory.pressure = PressureMemory(found, signatures.of(reads), mark)
        return known.checked

    def _signed(self, vocabulary: Vocabulary, lost: Unread) -> Signatures:
        """The signatures of everything that any check has read."""
        if self._signatures is None:
            memory = self._memory
            self._signatures = Signatures(vocabulary, lost, self._mark)
            if memory.signatures is not None:
                self._signatures.carry_over(memory.signatures)
            else:
                for file in memory.files.values():
                    self._signatures.of(file.signed)
                self._signatures.of(memory.pressure.signed if memory.pressure else ())
            memory.signatures = self._signatures
        return self._signatures

    def _mark(self, place: Place) -> str:
        return self._memory.files[place.file].marks[place]


def _inserted(
    vocabulary: Vocabulary, sources: Mapping[str, str], lost: Unread, reads: set[Key]
) -> tuple[Vocabulary, Mapping[str, str], Unread]:
    vocabulary, lost = watched(vocabulary, lost, reads)
    return vocabulary, sources, lost


class RememberedJourneys(JourneyExaminer):
    """The same round, once every file in it has been checked."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def ties(self, journey: checked.Journey) -> Ties:
        return self._looked(journey).ties

    def alone(
        self, journey: checked.Journey, policy: checked.Policy, topics: Mapping[str, str]
    ) -> tuple[Diagnostic, ...]:
        assert self._memory.pressure is not None
        looked = self._looked(journey)
        key = (self._memory.pressure.mark, *(topics.get(message, "") for message in looked.sends))
        if looked.key != key:
            looked.key, looked.found = key, super().alone(journey, policy, topics)
            self._memory.new.add(journey.place.file)
        return looked.found

    def _looked(self, journey: checked.Journey) -> Looked:
        """What is known of a journey is forgotten when its file is checked again."""
        of_file = self._memory.files[journey.place.file].looked
        if journey.name not in of_file:
            ties = super().ties(journey)
            of_file[journey.name] = Looked(ties, tuple(sorted(ties.sends)))
        return of_file[journey.name]
