"""Judging the outcomes of a check: goldens, published claims, orphans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from core.check.compare.agreement import Agreement, agreements
from core.check.compare.claims import judge_claims
from core.check.compare.judged import JudgedClaim, findings_of
from core.check.golden.store import Store
from core.check.judging.against_golden import Judged, against_golden
from core.check.judging.figures import figures_of
from core.check.judging.orphans import orphans
from core.check.judging.plan import CheckPlan, job_name
from core.check.judging.result import CheckReport, Result, Status
from core.check.judging.trends import Trends
from core.check.trends.recorded import SeedRun
from core.run.machine import processor_of
from core.run.runner.options import RANDOMNESS
from core.run.worker import Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.defect import Defect, by_line
from core.spec.reading import reading
from core.trace.claims import ClaimKind
from core.trace.finding import Finding, FindingCode, Severity
from core.trace.published import PublishedGuide

PUBLISHED_ON = "tensorflow"  # every guide's figures come from TensorFlow


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


def _judge_one(
    scenario: Scenario,
    backend: str,
    outcomes: Mapping[str, Outcome],
    store: Store,
    published: PublishedGuide | None,
    defects: Sequence[Defect],
    by_seeds: Sequence[Finding] | None,
    on_mnist: Sequence[SeedRun],
) -> tuple[Result, Judged | None]:
    """The result of one section on one backend, and its controlled run beside its golden."""
    judged: dict[str, Judged] = {}
    broken: list[Finding] = []
    seconds = 0.0
    speedup = None
    shares = ""
    for randomness in RANDOMNESS:
        outcome = outcomes[job_name(scenario.guide.id, backend, randomness)]
        trace = outcome.traces.get(scenario.id)
        if trace is None:
            broken.append(_failed_run(outcome, scenario))
            continue
        seconds += 0.0 if outcome.shares else trace.seconds
        shares = outcome.shares
        speedup = outcome.speedups.get(scenario.id, speedup)
        seeds = by_seeds if randomness == "native" else None
        judged[randomness] = against_golden(trace, store, seeds)
    findings = [finding for part in judged.values() for finding in part.findings] + broken
    if broken:
        error = Result(scenario.id, backend, Status.ERROR, tuple(findings), seconds, shares=shares)
        return error, judged.get("controlled")
    verdicts: list[JudgedClaim] = []
    if published is not None:
        native = judged["native"].trace
        verdicts = judge_claims(
            published.of_section(scenario.section),
            native,
            full_length=scenario.loop.cap is None,
            same_images=native.data_name == "mnist",
            speedup=speedup,
            known_defects=_known(scenario, backend, defects, published),
            on_mnist=on_mnist,
        )
        findings.extend(findings_of(verdicts))
    failed = any(finding.fails for finding in findings)
    result = Result(
        scenario=scenario.id,
        backend=backend,
        status=Status.FAILED if failed else Status.PASSED,
        findings=tuple(findings),
        seconds=seconds,
        figures=figures_of(judged, verdicts, speedup),
        shares=shares,
    )
    return result, judged["controlled"]


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
    wanted = [
        (scenario, backend)
        for scenario, backend in plan.wanted
        if not only_finished
        or (
            all(
                scenario.id in by_name[job_name(scenario.guide.id, backend, randomness)].traces
                for randomness in RANDOMNESS
            )
            and _ran_as(plan, scenario, backend) not in trends.undecided
        )
    ]
    pairs = [
        _judge_one(
            scenario,
            backend,
            by_name,
            Store(catalog.entry(scenario).golden),
            published.get(scenario.guide.id),
            catalog.entry(scenario).defects,
            _by_seeds(plan, scenario, backend, trends),
            trends.on_mnist.get(_ran_as(plan, scenario, backend), ()),
        )
        for scenario, backend in wanted
    ]
    results = [result for result, _ in pairs]
    results += [
        Result(scenario.id, backend, Status.SKIPPED, (finding,), 0.0)
        for scenario, backend, finding in plan.skipped
    ]
    controlled = [(s, judged) for (s, _), (_, judged) in zip(wanted, pairs, strict=True) if judged]
    between = tuple(_agreements(controlled))
    stray = [measured.finding() for measured in between if not measured.holds]
    stray += trends.not_judged()
    if not only_finished:
        stray += [*problems, *orphans(catalog, scenarios)]
    goldens = [judged.golden.trace for _, judged in controlled if judged.golden]
    recorded_on = sorted({cpu for trace in goldens if (cpu := processor_of(trace.environment))})
    return CheckReport(
        results=tuple(results),
        findings=tuple(stray),
        seconds=seconds,
        agreement=between,
        trends=trends,
        recorded_on=tuple(recorded_on),
        emulating=next((job.arithmetic.processor for job in plan.jobs), ""),
    )


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


def _agreements(controlled: Sequence[tuple[Scenario, Judged]]) -> Iterator[Agreement]:
    """How far the backends lie apart on each scenario that ran on several."""
    by_scenario: dict[Scenario, dict[str, Judged]] = {}
    for scenario, judged in controlled:
        by_scenario.setdefault(scenario, {})[judged.trace.backend] = judged
    for scenario, found in by_scenario.items():
        traces = {backend: judged.trace for backend, judged in found.items()}
        horizons = {backend: judged.horizon for backend, judged in found.items()}
        yield from agreements(scenario, traces, {b: h for b, h in horizons.items() if h})
