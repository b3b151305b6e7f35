"""What validating one document found out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import field, frozen

from core.check.compare.judged import JudgedClaim
from core.documents.accepting.accepted import Accepted
from core.documents.reading import Document
from core.documents.validation.parity import Parity
from core.sandbox.guest.events import CellResult, CellStatus
from core.sandbox.host.record import Ending, GuardState
from core.trace.claims import ClaimVerdict
from core.trace.finding import Finding, Severity


@frozen
class Patch:
    """A mechanical repair: what it mends, the line, and the unified diff of the document."""

    what: str
    line: int
    diff: str


@frozen
class Against:
    """What a translation's code is beside its original's.

    Attributes:
        original: the original's path.
        comparable: whether both are written in one language, and short enough to compare.
        statements: statements of the translation.
        same: those that the original has too, in the same order.
        differences: places in which the code differs.
    """

    original: Path
    comparable: bool
    statements: int
    same: int
    differences: int

    @property
    def identical(self) -> bool:
        """Whether the code is the same throughout."""
        return self.comparable and not self.differences

    @property
    def sentence(self) -> str:
        """The comparison in one sentence."""
        if not self.comparable:
            return f"the code cannot be compared with that of {self.original}"
        if self.identical:
            count = f"{self.statements} statement{'s' * (self.statements != 1)}"
            return f"the code is that of {self.original}, statement by statement ({count})"
        places = f"{self.differences} place{'s' * (self.differences != 1)}"
        return (
            f"the code differs from that of {self.original} in {places}; "
            f"{self.same} of {self.statements} statements are the same"
        )


@frozen
class DocumentReport:
    """One document: what it is, how its cells went, what its figures are worth.

    Attributes:
        path: the document, as it was named.
        document: the document as read.
        guide: id of the known guide it is an edition of, empty for none.
        cells: one result for each cell; empty where nothing was executed.
        verdicts: one for each published figure.
        parity: the comparison with the declared scenarios, None where there is none.
        against: the comparison with the document's original, None where it has none.
        findings: everything that a person should know, worst first.
        accepted: findings that somebody has accepted; they do not fail.
        patches: repairs that were applied to a copy, in order.
        judged_by: `execution`, `scenarios` (declared ones stood in for R), or `reading` alone.
        ending: how the execution ended, None where there was none.
        guards: the guards of the execution.
        notes: what a reader should know about the run.
        seconds: from start to end.
    """

    path: Path
    document: Document
    guide: str = ""
    cells: tuple[CellResult, ...] = ()
    verdicts: tuple[JudgedClaim, ...] = ()
    parity: Parity | None = None
    against: Against | None = None
    findings: tuple[Finding, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    patches: tuple[Patch, ...] = ()
    judged_by: str = "reading"
    ending: Ending | None = None
    guards: tuple[GuardState, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = field(default=0.0)

    def count(self, *outcomes: ClaimVerdict) -> int:
        """Figures with these verdicts."""
        return sum(verdict.verdict in outcomes for verdict in self.verdicts)

    @property
    def holds(self) -> bool:
        """Whether something was judged, and nothing that matters was found."""
        return self.judged and not any(finding.fails for finding in self.findings)

    @property
    def judged(self) -> bool:
        """Whether a cell ran, figures or code were compared, or a rule found something.

        What is said of the file as a whole (that it holds no code, that it cannot be read) judges
        nothing in it.
        """
        ran = any(cell.status is not CellStatus.SKIPPED for cell in self.cells)
        compared = self.against is not None and self.against.comparable
        figures = self.count(ClaimVerdict.HOLDS, ClaimVerdict.DIFFERS, ClaimVerdict.NOT_REPRODUCED)
        said = (*self.findings, *(one.finding for one in self.accepted))
        found = [f for f in said if f.fails and f not in self.document.findings]
        return bool(ran or compared or figures or found)

    @property
    def decision(self) -> str:
        """The outcome in one sentence."""
        failing = sum(finding.fails for finding in self.findings)
        parts = [self._figures()] if self.verdicts else []
        broken = sum(cell.status in (CellStatus.ERROR, CellStatus.TIMEOUT) for cell in self.cells)
        ran = sum(cell.status is not CellStatus.SKIPPED for cell in self.cells)
        if ran:
            cells = f"{ran} cell{'s' * (ran != 1)}"
            parts.append(f"{broken} of {cells} failed" if broken else f"{cells} ran")
        if self.parity is not None and self.parity.compared_steps:
            same = "bit-identical" if self.parity.bit_identical else "different"
            parts.append(f"{self.parity.compared_steps} steps {same} to {self.parity.guide}")
        if self.patches:
            parts.append("1 patch" if len(self.patches) == 1 else f"{len(self.patches)} patches")
        if self.accepted:
            parts.append(f"{len(self.accepted)} accepted")
        if not self.judged:
            return f"nothing of {self.path.name} was judged"
        words = "holds" if self.holds else f"has {failing} finding{'s' * (failing != 1)}"
        return f"{self.path.name} {words}" + (f": {', '.join(parts)}" if parts else "")

    def _figures(self) -> str:
        held = self.count(ClaimVerdict.HOLDS)
        left = self.count(ClaimVerdict.NOT_REACHED)
        text = f"{held} of {len(self.verdicts)} figures hold"
        return f"{text}, {left} not reached" if left else text


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def sorted_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each finding once, worst first, else in order."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: _ORDER[finding.severity]))
