"""Why a candidate differs: everything that is known of it, in one value."""

from __future__ import annotations

from attrs import field, frozen

from core.diff.microscope.result import Located
from core.upgrade.why.api import ApiChange
from core.upgrade.why.breaking import Break
from core.upgrade.why.meanings.changes import Changed, Meaning
from core.upgrade.why.names import NameChange, WarningChange


@frozen
class SubjectWhy:
    """What is known of one scenario or document.

    Attributes:
        subject: its id or path.
        api: the public API that it uses, as far as it changed.
        warnings: those its runs raise in one environment only.
        located: the first op that differs; None where none was looked for.
        broken: how it breaks; None where it does not, or is no document.
        note: why something is missing.
    """

    subject: str
    api: tuple[ApiChange, ...] = ()
    warnings: WarningChange = field(factory=WarningChange)
    located: Located | None = None
    broken: Break | None = None
    note: str = ""


@frozen
class Why:
    """What is known of one candidate against the baseline.

    Attributes:
        candidate: its SPEC.
        meanings: calls that mean something else, and draws that are others.
        unexplained: numbers of the candidate that agree with no reference.
        names: layers, weights, optimizer variables, summaries.
        warnings: those that importing and building raise.
        subjects: what is known of each subject.
        note: why something is missing.
    """

    candidate: str
    meanings: tuple[Changed, ...] = ()
    unexplained: tuple[Meaning, ...] = ()
    names: tuple[NameChange, ...] = ()
    warnings: WarningChange = field(factory=WarningChange)
    subjects: tuple[SubjectWhy, ...] = ()
    note: str = ""

    @property
    def loud(self) -> int:
        """How many changes stop code with an error."""
        api = {change for subject in self.subjects for change in subject.api if change.loud}
        return len(api) + sum(subject.broken is not None for subject in self.subjects)

    @property
    def quiet(self) -> int:
        """How many calls mean something else without an error."""
        return sum(not change.stream for change in self.meanings)

    @property
    def decision(self) -> str:
        """The outcome in one line."""
        streams = sum(change.stream for change in self.meanings)
        return (
            f"{self.candidate}: {self.loud} loud, {self.quiet} quiet changes, "
            f"{streams} other random streams, {len(self.names)} other names"
        )
