"""Which defects are tried where: every mutant on every backend, or a sample of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from core.check.sensitivity.verdict import REFUSED_BY_RULES, Fate, Verdict
from core.spec import Scenario
from core.spec.mutation import Mutant, Mutants, mutants


@frozen
class Case:
    """One mutant on one backend.

    Attributes:
        scenario: the sound section.
        backend: where the mutant runs.
        mutant: the section with the defect.
    """

    scenario: Scenario
    backend: str
    mutant: Mutant

    @property
    def key(self) -> tuple[str, str, str]:
        """Section, backend, and the mutant's name."""
        return self.scenario.id, self.backend, self.mutant.name

    @property
    def draw(self) -> str:
        """A fixed lot: the same on every machine, without an order that means anything."""
        return hashlib.sha256("\n".join(self.key).encode()).hexdigest()

    def verdict(self, fate: Fate, level: str = "", reason: str = "") -> Verdict:
        """What came of it."""
        one = self.mutant
        return Verdict(
            self.scenario.id,
            self.backend,
            one.operator,
            one.site,
            one.words,
            fate,
            level,
            reason,
        )


@frozen
class Cases:
    """What a campaign tries, and what needs no trial.

    Attributes:
        tried: mutants to run.
        settled: verdicts of those that no run can show, and of those that are refused.
    """

    tried: tuple[Case, ...]
    settled: tuple[Verdict, ...]


def cases(scenarios: Iterable[Scenario], backends: Sequence[str], most: int | None) -> Cases:
    """Every mutant of some sections on some backends.

    Args:
        scenarios: sections, each experiment once.
        backends: where mutants run; a section is left out where it makes no sense.
        most: at most as many of a section on a backend, drawn by fixed lots; None for all.
    """
    tried: list[Case] = []
    settled: list[Verdict] = []
    for scenario in scenarios:
        found = mutants(scenario)
        for backend in backends:
            if backend in scenario.backends:
                mine = [Case(scenario, backend, one) for one in found.valid]
                open_ones = [case for case in mine if not case.mutant.equivalent]
                tried += sorted(open_ones, key=lambda case: case.draw)[:most]
                settled += [
                    case.verdict(Fate.EQUIVALENT, reason=case.mutant.equivalent)
                    for case in mine
                    if case.mutant.equivalent
                ]
                settled += _refused(scenario, backend, found)
    return Cases(tuple(tried), tuple(settled))


def _refused(scenario: Scenario, backend: str, found: Mutants) -> Iterator[Verdict]:
    for name in found.refused:
        operator, _, site = name.partition("@")
        fate, reason = Fate.REFUSED, REFUSED_BY_RULES
        yield Verdict(scenario.id, backend, operator, site, "", fate, reason=reason)


def sampled(tried: Sequence[Case], most: int) -> frozenset[tuple[str, str, str]]:
    """The keys of at most as many cases of each section on each backend, drawn by fixed lots."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in tried:
        groups.setdefault(case.key[:2], []).append(case)
    return frozenset(
        case.key
        for group in groups.values()
        for case in sorted(group, key=lambda case: case.draw)[:most]
    )
