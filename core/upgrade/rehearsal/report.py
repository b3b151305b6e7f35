"""The report of a rehearsal: environments, verdicts, and the decision in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from attrs import field, frozen

from core.upgrade.rehearsal.verdict import Kind, Verdict


@frozen
class EnvironmentRow:
    """One environment of a rehearsal.

    Attributes:
        spec: the SPEC it was asked with.
        status: `ready`; `unresolvable` or `failed`, with the message of the resolver or installer.
        backend: the framework that ran.
        python: the interpreter's version.
        resolved: versions by distribution.
        notes: what stands in the report's head: `CPU only`, another interpreter, a yanked release.
        message: why it is not ready.
        made: whether this call made it.
        make_seconds: how long making it took, now or then.
        run_seconds: how long its runs took, now or then; several run at once.
        runs: how many runs there are, and how many of them were known already.
        known: of those, how many needed no run now.
    """

    spec: str
    status: str
    backend: str = ""
    python: str = ""
    resolved: Mapping[str, str] = field(factory=dict)
    notes: tuple[str, ...] = ()
    message: str = ""
    made: bool = False
    make_seconds: float = 0.0
    run_seconds: float = 0.0
    runs: int = 0
    known: int = 0

    @property
    def ready(self) -> bool:
        """Whether scenarios could run there."""
        return self.status == "ready"


@frozen
class ResultRow:
    """One scenario or document in one candidate.

    Attributes:
        subject: the scenario's id, or the document's path.
        baseline: the baseline's SPEC.
        candidate: the candidate's SPEC.
        verdict: the verdict with its evidence.
    """

    subject: str
    baseline: str
    candidate: str
    verdict: Verdict


@frozen
class Report:
    """A rehearsal.

    Attributes:
        environments: the baseline first, then the candidates in the order asked for.
        results: by candidate, then subject.
        left_out: subjects that are not judged, with the reason.
        controls: environments compared with themselves, run once more: the baseline always.
        notes: what holds for all of it: how long runs are.
        seconds: wall-clock seconds of the whole.
    """

    environments: tuple[EnvironmentRow, ...]
    results: tuple[ResultRow, ...]
    left_out: Mapping[str, str] = field(factory=dict)
    controls: tuple[ResultRow, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def control_words(self) -> str:
        """What the controls showed, in one sentence; empty where none was run."""
        if not self.controls:
            return ""
        same = sum(row.verdict.kind is Kind.IDENTICAL for row in self.controls)
        count = len({row.candidate for row in self.controls})
        whose = "every environment" if count > 1 else "the baseline"
        return f"control: {whose} against itself, {same} of {len(self.controls)} identical"

    @property
    def fails(self) -> bool:
        """Whether anything is from `diverged` on, or an environment is not ready."""
        unready = any(not row.ready for row in self.environments)
        return unready or any(row.verdict.kind.fails for row in self.results)

    @property
    def impossible(self) -> bool:
        """Whether nothing was compared: no baseline, no candidate, or nothing that runs in them."""
        return not self.results

    @property
    def decision(self) -> str:
        """The outcome in one sentence."""
        unready = [row for row in self.environments if not row.ready]
        tail = "".join(f"; {row.spec}: {row.status}" for row in unready)
        if not self.results:
            return f"nothing was compared{tail}"
        good = sum(row.verdict.kind.rounding_or_better for row in self.results)
        parts = [f"{good} of {len(self.results)} rounding or better"]
        counts = Counter(row.verdict.kind for row in self.results)
        for kind in Kind:
            if counts[kind] and not kind.rounding_or_better:
                parts.append(f"{counts[kind]} {kind}{_since(self.results, kind)}")
        if good == len(self.results):
            same = counts[Kind.IDENTICAL]
            parts.append("all identical" if same == good else f"{same} identical")
        return ", ".join(parts) + tail


def _since(results: Sequence[ResultRow], kind: Kind) -> str:
    """The first candidate in which a kind appears, where several are compared."""
    candidates = list(dict.fromkeys(row.candidate for row in results))
    if len(candidates) < 2:
        return ""
    first = next(row.candidate for row in results if row.verdict.kind is kind)
    return f" since {first}" if kind.fails else ""


def worst(results: Sequence[ResultRow]) -> Kind | None:
    """The worst verdict, None where there is none."""
    kinds = [row.verdict.kind for row in results]
    return max(kinds, key=lambda kind: kind.rank, default=None)
