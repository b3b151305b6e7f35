"""What a check found, each fact once: with the backends and translations it holds for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from core.check.compare.claims import KNOWN
from core.check.judging import CheckReport
from core.trace.finding import Finding, FindingCode, Severity

_LINES = re.compile(r"\bline \d+(-\d+)?")
_ORDER = (Severity.NOTE, Severity.WARNING, Severity.ERROR)
CONDITIONS = frozenset(
    {FindingCode.BACKEND_MISSING, FindingCode.GOLDEN_TREND_ONLY, FindingCode.NOT_JUDGED}
)
"""Notes about how the whole check was made: the report says them in its summary, not one by one."""


@frozen
class Found:
    """A finding and the run it is of; of no single run where `backend` is empty."""

    scenario: str
    backend: str
    finding: Finding

    @property
    def reason(self) -> str:
        """Why the finding is known and expected, empty where it is neither."""
        return self.finding.evidence.partition(KNOWN)[2]

    def masked(self, text: str) -> str:
        """A text of the finding without its scenario, guide and backend."""
        for name, mask in (
            (self.scenario, "SECTION"),
            (self.scenario.partition("/")[0], "GUIDE"),
            (self.backend, "BACKEND"),
        ):
            if name:
                text = re.sub(rf"(?<![\w~]){re.escape(name)}(?![\w~])", mask, text)
        return text

    @property
    def about(self) -> tuple[str, ...]:
        """What findings of one fact have in common on every backend."""
        finding = self.finding
        what = (self.reason,) if self.reason else (finding.where, finding.message)
        return (self.scenario, finding.code, finding.severity, *map(self.masked, what))

    @property
    def anywhere(self) -> tuple[str, ...]:
        """What it says, whatever it is called: a translation's figures stand on other lines."""
        finding = self.finding
        texts = (finding.where, finding.message, finding.evidence)
        said = (_LINES.sub("line N", self.masked(text)) for text in texts)
        return (finding.code, finding.severity, self.backend, *said)


@frozen
class Fact:
    """Findings that say the same of one section, on one backend or several.

    Attributes:
        found: the findings, of one scenario.
        also: the same in translations, which share the scenario's run: each one's first finding.
    """

    found: tuple[Found, ...]
    also: tuple[Found, ...] = ()

    @property
    def first(self) -> Finding:
        """The finding that stands for all."""
        return self.found[0].finding

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.first.severity

    @property
    def backends(self) -> tuple[str, ...]:
        """Where it holds; empty for what is of no single backend."""
        return tuple(dict.fromkeys(one.backend for one in self.found if one.backend))

    @property
    def where(self) -> str:
        """The place, on every backend, and in how many more places of the section."""
        place, names = self.first.where, ", ".join(self.backends)
        if not names:
            return place
        on = f"@{self.backends[0]}"
        place = place.replace(on, f"@{names}", 1) if on in place else f"{place}, on {names}"
        more = len({one.finding.where for one in self.found if one.backend == self.backends[0]}) - 1
        return f"{place}; and {more} more like it" if more else place

    @property
    def message(self) -> str:
        """What is wrong, in one sentence; of what is known, why it is."""
        first, several = self.found[0], len(self.backends) > 1
        said = first.reason or self.first.message
        return re.sub(rf"\b{first.backend}\b", "each", said) if several else said

    @property
    def evidence(self) -> tuple[str, ...]:
        """The evidence: once where it is the same everywhere, else with whom it is of."""
        by_text: dict[str, list[str]] = {}
        for one in self.found:
            text = one.finding.evidence.partition(KNOWN)[0].rstrip("; ")
            by_text.setdefault(text, []).append(one.backend)
        return tuple(
            text if set(names) == set(self.backends) else f"{', '.join(names)}: {text}"
            for text, names in by_text.items()
        )


def _scenario(report: CheckReport, finding: Finding) -> str:
    """The scenario that a finding of no single run is about, if it is about one."""
    before = finding.where.partition("@")[0]
    return before if any(result.scenario == before for result in report.results) else ""


def _found(report: CheckReport) -> Iterator[Found]:
    for result in report.results:
        for finding in result.findings:
            yield Found(result.scenario, result.backend, finding)
    for finding in report.findings:
        yield Found(_scenario(report, finding), "", finding)


def originals(report: CheckReport) -> dict[str, str]:
    """The scenario whose runs a scenario shares, for each that ran under another's name."""
    here = {result.scenario for result in report.results}
    found: dict[str, str] = {}
    for result in report.results:
        section = result.scenario.partition("/")[2]
        original = f"{result.shares.partition('@')[0]}/{section}"
        if result.shares and original in here:
            found[result.scenario] = original
    return found


def facts_of(report: CheckReport) -> tuple[Fact, ...]:
    """Every fact of a report but the conditions it was made under, errors last."""
    groups: dict[tuple[str, ...], list[Found]] = {}
    for one in _found(report):
        if one.finding.code not in CONDITIONS:
            groups.setdefault(one.about, []).append(one)
    known = originals(report)
    facts: list[Fact] = []
    translated: list[Fact] = []
    for found in groups.values():
        (translated if found[0].scenario in known else facts).append(Fact(tuple(found)))
    for fact in translated:
        original = _same(fact, facts, known[fact.found[0].scenario])
        if original is None:
            facts.append(fact)
        else:
            place = facts.index(original)
            facts[place] = evolve(original, also=(*original.also, fact.found[0]))
    return tuple(sorted(facts, key=lambda fact: _ORDER.index(fact.severity)))


def _same(fact: Fact, facts: Iterable[Fact], original: str) -> Fact | None:
    """The original's fact that a translation's is, if there is one it has not been told of yet."""
    said, scenario = [one.anywhere for one in fact.found], fact.found[0].scenario
    for other in facts:
        told = any(one.scenario == scenario for one in other.also)
        same = other.found[0].scenario == original and not told
        if same and said == [one.anywhere for one in other.found]:
            return other
    return None
