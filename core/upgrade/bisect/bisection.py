"""What a search for the release that changed a trace found."""

from __future__ import annotations

from attrs import frozen

from core.trace.difference import Difference
from core.upgrade.rehearsal.verdict import Kind, Verdict


@frozen
class Tried:
    """One release, and what it did to the trace of the good end."""

    release: str
    verdict: str
    evidence: str = ""


@frozen
class KindOfTrace:
    """Releases whose traces are of one kind.

    Attributes:
        releases: those that were tried, in order.
        verdict: against the good end.
        evidence: what was found there.
    """

    releases: tuple[str, ...]
    verdict: str
    evidence: str


@frozen
class Crossed:
    """A cross environment: the good end with some packages of the bad one.

    Attributes:
        changed: those packages, as at the bad end.
        verdict: against the good end, or why there is none.
    """

    changed: tuple[str, ...]
    verdict: str


@frozen
class Bisection:
    """What a search found.

    Attributes:
        subject: the scenario's id.
        good: the good end's SPEC.
        bad: the bad end's SPEC.
        verdict: of the bad end against the good one.
        package: the package whose releases were searched; empty where none could be named.
        first_changed: the first release that changes the trace; empty where there is no single one.
        last_same: the release before it.
        change: the verdict of `first_changed` against the good end.
        gap: releases between the two that cannot be combined with the other packages.
        also_changed: other packages that resolve differently in the two, `name old -> new`.
        offered: how many releases the index offers between the ends, both included.
        tried: every release that was tried.
        classes: the kinds of trace, where there are more than two.
        crossed: the cross environments, where several packages differ.
    """

    subject: str
    good: str
    bad: str
    verdict: Verdict
    package: str = ""
    first_changed: str = ""
    last_same: str = ""
    change: Verdict | None = None
    gap: tuple[str, ...] = ()
    also_changed: tuple[str, ...] = ()
    offered: int = 0
    tried: tuple[Tried, ...] = ()
    classes: tuple[KindOfTrace, ...] = ()
    crossed: tuple[Crossed, ...] = ()

    @property
    def first_difference(self) -> Difference | None:
        """Where losses first differ in the changed release."""
        return (self.change or self.verdict).first_difference

    @property
    def decision(self) -> str:
        """The outcome in one sentence."""
        name = self.subject
        if self.verdict.kind is Kind.IDENTICAL:
            return f"nothing changes between the ends: {name} is identical"
        if self.verdict.kind in (Kind.UNDECIDED, Kind.UNOBSERVED, Kind.TIMEOUT):
            return f"{name} is {self.verdict.kind} at the ends: {self.verdict.evidence}"
        tail = f"{len(self.tried)} of {self.offered} releases tried"
        if self.classes:
            count = len(self.classes)
            return (
                f"{count} kinds of trace of {name} lie between the ends of {self.package}; {tail}"
            )
        if not self.first_changed:
            return f"{name} is {self.verdict.kind} at the bad end; no single package could be named"
        kind = (self.change or self.verdict).kind
        between = f" ({', '.join(self.gap)} between them cannot be combined)" if self.gap else ""
        return (
            f"{self.package} {self.first_changed} is the first release in which {name} is {kind}, "
            f"{self.last_same} the last that is the same{between}; {tail}"
        )
