"""Finding out why: asks both environments, reads both packages, looks at both runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs
from attrs import frozen

from core.diff.microscope.result import Located
from core.errors import ParityError
from core.spec import Scenario
from core.trace import Trace
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.report import ResultRow
from core.upgrade.rehearsal.verdict import Kind
from core.upgrade.why.api import ApiChange, api_changes
from core.upgrade.why.asking import Inside, inside
from core.upgrade.why.breaking import Break
from core.upgrade.why.first_op import Bed, first_op
from core.upgrade.why.meanings.changes import changes, meanings, unexplained
from core.upgrade.why.names import name_changes, surface_warnings, trace_warnings
from core.upgrade.why.source import Source, packages_of
from core.upgrade.why.usage import Usage
from core.upgrade.why.why import SubjectWhy, Why

Ready = tuple[Resolved, Environment]
SEEN = ({"do": "meanings"}, {"do": "surface"})
"""What every environment is asked."""

_LOCATED = {Kind.ROUNDING, Kind.SAME_TREND, Kind.DIVERGED}


@frozen
class Case:
    """One subject in one candidate, as the rehearsal left it.

    Attributes:
        row: the verdict.
        usage: what its code uses.
        scenario: None for a document.
        traces: the controlled runs of baseline and candidate, where they ran.
        take_apart: executes the document in the candidate; None for a scenario.
    """

    row: ResultRow
    usage: Usage
    scenario: Scenario | None
    traces: tuple[Trace | None, Trace | None]
    take_apart: Callable[[], Break | None] | None = None


@frozen
class Detective:
    """Explains candidates.

    Attributes:
        baseline: the baseline's environment.
        bed: where the microscope's sides run; None leaves localisation out.
        say: called with a line about what happens now.
    """

    baseline: Ready
    bed: Bed | None
    say: Callable[[str], None]

    def explain(self, candidate: Ready, cases: Sequence[Case]) -> Why:
        """Everything that is known of a candidate."""
        spec = candidate[0].request.spec
        self.say(f"why: {spec}")
        why = Why(spec)
        try:
            why = self._asked(why, inside(*self.baseline), inside(*candidate))
        except ParityError as error:
            why = attrs.evolve(why, note=f"its Keras did not answer: {error.what}")
        sources = _source(self.baseline), _source(candidate)
        subjects = [self._subject(case, candidate, sources) for case in cases]
        return attrs.evolve(why, subjects=tuple(subjects))

    def _asked(self, why: Why, base: Inside, mine: Inside) -> Why:
        before, one = base.ask_once(*SEEN)
        after, other = mine.ask_once(*SEEN)
        return attrs.evolve(
            why,
            meanings=tuple(changes(before, after)),
            unexplained=tuple(unexplained(meanings(after))),
            names=tuple(name_changes(one, other)),
            warnings=surface_warnings(one, other),
        )

    def _subject(
        self,
        case: Case,
        candidate: Ready,
        sources: tuple[Source, Source],
    ) -> SubjectWhy:
        api: list[ApiChange] = api_changes(*sources, case.usage)
        why = SubjectWhy(case.row.subject, tuple(api))
        base, mine = case.traces
        if base is not None and mine is not None:
            why = attrs.evolve(why, warnings=trace_warnings(base, mine))
        if case.row.verdict.kind is Kind.BROKEN and case.take_apart is not None:
            self.say(f"  taking {case.row.subject} apart")
            try:
                why = attrs.evolve(why, broken=case.take_apart())
            except ParityError as error:
                why = attrs.evolve(why, note=error.what)
        if case.scenario is not None and case.row.verdict.kind in _LOCATED:
            found = self._located(case.scenario, candidate)
            if isinstance(found, Located):
                return attrs.evolve(why, located=found)
            return attrs.evolve(why, note=found)
        return why

    def _located(self, scenario: Scenario, candidate: Ready) -> Located | str:
        if self.bed is None:
            return "localisation was not asked for"
        self.say(f"  locating the first op of {scenario.id}")
        try:
            found = first_op(scenario, (self.baseline, candidate), self.bed)
        except ParityError as error:
            return f"not located: {error.what}"
        assert found.located is not None
        return found.located


def _source(ready: Ready) -> Source:
    resolved, environment = ready
    package = "tf_keras" if resolved.legacy == "tf_keras" else "keras"
    return Source(packages_of(Path(environment.root)), package)
