"""Judging the outcomes of a check: goldens, published claims, orphans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs
from attrs import frozen

from core.check.compare.claims import judge_claims
from core.check.compare.judged import JudgedClaim, findings_of
from core.check.compare.printed import printed_otherwise
from core.check.golden.golden import Golden, Key
from core.check.golden.store import Store
from core.check.golden.unreadable import unreadable
from core.check.horizon import pooled
from core.check.judging.against_golden import against_golden, golden_of
from core.check.judging.figures import figures_of
from core.check.judging.numbers import Numbers, judge_numbers
from core.check.judging.orphans import orphans
from core.check.judging.plan import KINDS, PUBLISHED_ON, STATIONS, CheckPlan, job_name
from core.check.judging.result import CheckReport, Result, Status
from core.check.judging.trends import Trends
from core.check.reference.reference import Located
from core.check.trends.recorded import SeedRun
from core.errors import GoldenError
from core.run.runner.options import RunOptions, execution_of
from core.run.worker import Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog, GuideEntry
from core.spec.defect import Defect, by_line
from core.spec.reading import reading
from core.trace.claims import ClaimKind
from core.trace.finding import Finding, FindingCode, Severity
from core.trace.published import PublishedGuide


def _failed_run(outcome: Outcome, scenario: Scenario) -> Finding:
    failure = outcome.failure
    if failure is None or failure.scenario != scenario.id:
        cause = failure.scenario if failure else outcome.job.name
        return Finding(
            code=FindingCode.CASCADE_ERROR,
            severity=Severity.ERROR,
            where=f"{scenario.id}@{outcome.job.backend} ({outcome.job.options.randomness})",
            message=f"did not run, because {cause} failed before it",
            evidence="scenarios of one guide run in one process, in order",
            remedy=f"mend {cause} first",
        )
    return Finding(
        code=FindingCode.RUN_FAILED,
        where=f"{scenario.id}@{outcome.job.backend} ({outcome.job.options.randomness})",
        message=failure.error.what,
        evidence=failure.error.where,
        remedy=failure.error.remedy,
    )


def _known(
    scenario: Scenario, backend: str, defects: Sequence[Defect], published: PublishedGuide
) -> dict[int, str]:
    """Why a figure on a line is known not to be reproduced on this backend, by line."""
    known = by_line(defects)
    if reading(scenario, backend) != reading(scenario, PUBLISHED_ON):
        reason = f"{backend} applies the sigmoid twice where {PUBLISHED_ON} finds the logits"
        for claim in published.of_section(scenario.section):
            if claim.kind is ClaimKind.LOSS:
                known[claim.line] = reason
    return known


@frozen
class _Section:
    """A section on a backend: what was done of it, and what it is judged by.

    Attributes:
        scenario: the section.
        backend: the backend.
        outcomes: those of the jobs that were to run it, by kind of run.
        entry: its guide.
        published: what the guide publishes.
    """

    scenario: Scenario
    backend: str
    outcomes: Mapping[str, Outcome]
    entry: GuideEntry
    published: PublishedGuide | None

    @property
    def golden(self) -> tuple[Golden | None, Finding | None]:
        """The recorded run of this backend, or what is wrong with it."""
        options = RunOptions(randomness="controlled")
        scenario = self.scenario
        key = Key(
            scenario.guide.id,
            scenario.section,
            self.backend,
            options.randomness,
            execution_of(scenario, options),
            options.precision,
        )
        return golden_of(key, Store(self.entry.golden))

    def numbers(self, located: Located | None) -> Numbers | None:
        """Its runs from stations, judged; None where there were to be none, or one failed."""
        outcome = self.outcomes.get(STATIONS)
        if outcome is None or located is None:
            return None
        runs = [run for run in outcome.stations if run.scenario == self.scenario.id]
        if len(runs) < len(located.stations):
            return None
        starts = [start for start in outcome.job.stations if start.scenario == self.scenario.id]
        golden, wrong = self.golden
        try:
            horizon = pooled.read(self.entry.golden, self.scenario)
        except GoldenError as error:
            return Numbers([unreadable(error)])
        found = judge_numbers(self.scenario, self.backend, runs, starts, located, horizon, golden)
        found.findings += [wrong] if wrong else []
        return found

    @property
    def seconds(self) -> float:
        """Seconds that its native run took; 0 where it shares another's."""
        native = self.outcomes.get("native")
        trace = native.traces.get(self.scenario.id) if native else None
        return trace.seconds if trace and native and not native.shares else 0.0

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The runs of it that are not there."""
        missing = []
        for kind, outcome in self.outcomes.items():
            left = outcome.failure is not None and not _finished(outcome, self.scenario.id)
            if left or (kind != STATIONS and self.scenario.id not in outcome.traces):
                missing.append(_failed_run(outcome, self.scenario))
        return tuple(missing)


def _finished(outcome: Outcome, scenario: str) -> bool:
    """Whether a job made every run of a scenario."""
    wanted = sum(start.scenario == scenario for start in outcome.job.stations)
    if outcome.job.stations:
        return wanted == sum(run.scenario == scenario for run in outcome.stations)
    return scenario in outcome.traces


def _status(section: _Section, *, broken: bool, failed: bool) -> Status:
    """How it fared. Where nothing was to run of it, nothing passed."""
    if broken:
        return Status.ERROR
    if failed:
        return Status.FAILED
    return Status.PASSED if section.outcomes else Status.SKIPPED


def _judge_one(
    section: _Section,
    located: Located | None,
    unknown: Finding | None,
    by_seeds: Sequence[Finding] | None,
    on_mnist: Sequence[SeedRun],
) -> Result:
    """The result of one section on one backend.

    Args:
        section: what was done of it.
        located: what its runs from stations are compared with.
        unknown: why there is nothing to compare them with.
        by_seeds: what the recorded seeds say of its native run; None where there are none.
        on_mnist: recorded runs of it on MNIST.
    """
    scenario, backend = section.scenario, section.backend
    findings = [unknown] if unknown else []
    numbers = section.numbers(located)
    findings += numbers.findings if numbers else []
    native = section.outcomes.get("native")
    trace = native.traces.get(scenario.id) if native else None
    verdicts: list[JudgedClaim] = []
    speedup = native.speedups.get(scenario.id) if native else None
    if trace is not None:
        judged = against_golden(trace, Store(section.entry.golden), by_seeds)
        findings += [*judged.findings, *printed_otherwise(scenario, trace)]
        if section.published is not None:
            verdicts = judge_claims(
                section.published.of_section(scenario.section),
                trace,
                full_length=scenario.loop.cap is None,
                same_images=trace.data_name == "mnist",
                speedup=speedup,
                known_defects=_known(scenario, backend, section.entry.defects, section.published),
                on_mnist=on_mnist,
            )
            findings.extend(findings_of(verdicts))
    broken = section.failures
    findings += broken
    failed = any(finding.fails for finding in findings)
    return Result(
        scenario=scenario.id,
        backend=backend,
        status=_status(section, broken=bool(broken), failed=failed),
        findings=tuple(dict.fromkeys(findings)),
        seconds=section.seconds,
        figures=figures_of(numbers, trace, verdicts, speedup),
        shares=next((outcome.shares for outcome in section.outcomes.values()), ""),
        cached=bool(section.outcomes) and all(o.kept for o in section.outcomes.values()),
    )


def judge(
    plan: CheckPlan,
    outcomes: Sequence[Outcome],
    catalog: Catalog,
    published: Mapping[str, PublishedGuide],
    trends: Trends,
    *,
    scenarios: Sequence[Scenario],
    problems: Sequence[Finding],
    seconds: float,
    only_finished: bool = False,
) -> CheckReport:
    """The report of a check.

    Args:
        plan: what was planned.
        outcomes: what the jobs did.
        catalog: the guides.
        published: published claims by guide id.
        trends: what the recorded seeds say of the native runs.
        scenarios: the scenarios that were asked for.
        problems: findings from reading claim files.
        seconds: wall-clock seconds of the whole check.
        only_finished: leave out what an interrupted check had not finished.
    """
    by_name = {outcome.job.name: outcome for outcome in outcomes}
    sections = [
        _Section(
            scenario,
            backend,
            _outcomes(scenario, backend, by_name),
            catalog.entry(scenario),
            published.get(scenario.guide.id),
        )
        for scenario, backend in plan.wanted
    ]
    if only_finished:
        sections = [
            section
            for section in sections
            if section.outcomes
            and all(_finished(o, section.scenario.id) for o in section.outcomes.values())
            and _ran_as(plan, section.scenario, section.backend) not in trends.undecided
        ]
    results = [
        _judge_one(
            section,
            plan.references.get(section.scenario.id),
            plan.unknown.get(section.scenario.id),
            _by_seeds(plan, section.scenario, section.backend, trends),
            trends.on_mnist.get(_ran_as(plan, section.scenario, section.backend), ()),
        )
        for section in sections
    ]
    results += [
        Result(scenario.id, backend, Status.SKIPPED, (finding,), 0.0)
        for scenario, backend, finding in plan.skipped
    ]
    stray = list(trends.not_judged())
    if not only_finished:
        stray += [*problems, *orphans(catalog, scenarios)]
    return CheckReport(
        tuple(results),
        tuple(stray),
        seconds,
        trends,
        _measured_on(catalog, dict.fromkeys(section.scenario for section in sections)),
        next((job.arithmetic.processor for job in plan.jobs), ""),
    )


def _outcomes(
    scenario: Scenario, backend: str, by_name: Mapping[str, Outcome]
) -> dict[str, Outcome]:
    """The outcomes of the jobs that were to run a section on a backend, by kind of run."""
    named = {kind: by_name.get(job_name(scenario.guide.id, backend, kind)) for kind in KINDS}
    return {kind: o for kind, o in named.items() if o and scenario.id in o.job.scenarios}


def _measured_on(catalog: Catalog, scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """The processors on which horizons of these sections were measured."""
    found: set[str] = set()
    for scenario in scenarios:
        try:
            horizon = pooled.read(catalog.entry(scenario).golden, scenario)
        except GoldenError:
            continue  # a finding of the section says so
        found |= {sample.processor for sample in horizon.samples} if horizon else set()
    return tuple(sorted(found))


def _ran_as(plan: CheckPlan, scenario: Scenario, backend: str) -> tuple[str, str]:
    """The section that ran, and its backend: another guide's, where two are one experiment."""
    for job, source in plan.shared:
        if job.backend == backend and scenario.id in job.scenarios:
            return source.scenarios[job.scenarios.index(scenario.id)], backend
    return scenario.id, backend


def _by_seeds(
    plan: CheckPlan, scenario: Scenario, backend: str, trends: Trends
) -> tuple[Finding, ...] | None:
    """What the recorded seeds say of a section's native run, under the section's own name."""
    key = _ran_as(plan, scenario, backend)
    if key not in trends.findings:
        return None
    return tuple(
        attrs.evolve(finding, where=finding.where.replace(key[0], scenario.id, 1))
        for finding in trends.findings[key]
    )
