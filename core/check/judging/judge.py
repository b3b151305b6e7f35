"""Judging the outcomes of a check: goldens, published claims, orphans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from core.check.compare.agreement import Agreement, agreements
from core.check.compare.claims import Outcome as ClaimOutcome
from core.check.compare.claims import Verdict, findings_of, judge_claims
from core.check.compare.traces import compare, compare_trend
from core.check.golden.golden import Golden, Key, key_of
from core.check.golden.store import Store
from core.check.judging.plan import CheckPlan, job_name
from core.check.judging.result import CheckReport, Figures, Result, Status
from core.errors import GoldenError, ParityError
from core.run.runner.options import RANDOMNESS, RunOptions, execution_of
from core.run.worker import Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.defect import Defect, by_line
from core.spec.reading import reading
from core.trace import Trace
from core.trace.claims import ClaimKind, PublishedGuide
from core.trace.difference import relative_difference
from core.trace.finding import Finding, FindingCode, Severity

PUBLISHED_ON = "tensorflow"  # every guide's figures come from TensorFlow


def unreadable(error: ParityError) -> Finding:
    """The finding of a golden or claim file that cannot be read."""
    return Finding(
        code=FindingCode.GOLDEN_UNREADABLE,
        where=error.where,
        message=error.what,
        evidence=f"expected {error.expected}",
        remedy=error.remedy,
    )


def _missing(trace: Trace, path: Path) -> Finding:
    return Finding(
        code=FindingCode.GOLDEN_MISSING,
        where=f"{trace.scenario}@{trace.backend} ({trace.randomness})",
        message="there is no golden to compare this run with",
        evidence=f"no file {path}",
        remedy=f'run `parity record {trace.scenario} --reason "…"`, or `parity record --new`',
    )


def _without_horizon(trace: Trace, path: Path) -> Finding:
    return Finding(
        code=FindingCode.GOLDEN_UNREADABLE,
        where=f"{trace.scenario}@{trace.backend} ({trace.randomness})",
        message="the golden says nothing of how far honest runs may lie from it",
        evidence=f"no horizon in {path}",
        remedy=f'record it anew: `parity record {trace.scenario} --reason "…"` measures one',
    )


def _only_trend(trace: Trace, golden: Golden) -> Finding:
    recorded = golden.trace
    return Finding(
        code=FindingCode.GOLDEN_TREND_ONLY,
        where=f"{trace.scenario}@{trace.backend} ({trace.randomness})",
        message="judged by structure and trend only",
        evidence=f"this run: seed {trace.seed} on {trace.data_name}; "
        f"golden: seed {recorded.seed} on {recorded.data_name}",
        remedy=f"for numbers, use --seed {recorded.seed} --data {recorded.data_name}",
    )


@frozen
class _Judged:
    """One trace with its golden and findings."""

    trace: Trace
    golden: Golden | None
    findings: tuple[Finding, ...]


def _against_golden(trace: Trace, store: Store) -> _Judged:
    key = key_of(trace)
    try:
        golden = store.read(key)
    except GoldenError as error:
        return _Judged(trace, None, (unreadable(error),))
    if golden is None:
        return _Judged(trace, None, (_missing(trace, store.path(key)),))
    recorded = golden.trace
    same = (trace.seed, trace.data_sha256) == (recorded.seed, recorded.data_sha256)
    if same and trace.randomness == "controlled":
        if golden.horizon is None:
            return _Judged(trace, golden, (_without_horizon(trace, store.path(key)),))
        return _Judged(trace, golden, tuple(compare(trace, recorded, golden.horizon)))
    findings = compare_trend(trace, recorded)
    if not same:
        findings.append(_only_trend(trace, golden))
    return _Judged(trace, golden, tuple(findings))


def _figures(
    judged: Mapping[str, _Judged],
    verdicts: Sequence[Verdict],
    speedup: float | None,
) -> Figures:
    controlled = judged["controlled"].trace
    golden = judged["controlled"].golden
    native = judged["native"].trace
    horizon = golden.horizon if golden else None
    steps = horizon.numeric_steps if horizon else 0
    largest = None
    recorded = golden.trace.losses if golden else {}
    if steps and golden and golden.trace.seed == controlled.seed:
        apart = [
            relative
            for name, values in recorded.items()
            for relative in map(
                relative_difference, controlled.losses.get(name, ())[:steps], values[:steps]
            )
        ]
        largest = max(apart, default=None)
    published = [
        v.claim.value
        for v in verdicts
        if v.claim.kind is ClaimKind.ACCURACY and v.claim.name == "val_acc"
    ]
    decided = [v for v in verdicts if v.verdict is not ClaimOutcome.NOT_REPRODUCED]
    accuracy = native.metrics.get("val_acc", ())
    return Figures(
        layers=sum(len(model.layers) for model in controlled.models),
        params=sum(model.total_params for model in controlled.models),
        first={name: values[0] for name, values in controlled.losses.items() if values},
        last={name: values[-1] for name, values in controlled.losses.items() if values},
        golden_last={name: values[-1] for name, values in recorded.items() if values},
        accuracy=accuracy[-1] if accuracy else None,
        published_accuracy=published[-1] if published else None,
        largest_relative=largest,
        compared_steps=min(steps, controlled.steps) if golden else 0,
        speedup=speedup,
        claims=len(decided),
        claims_held=sum(v.verdict is ClaimOutcome.HOLDS for v in decided),
    )


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
) -> Result:
    judged: dict[str, _Judged] = {}
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
        judged[randomness] = _against_golden(trace, store)
    findings = [finding for part in judged.values() for finding in part.findings] + broken
    if broken:
        return Result(scenario.id, backend, Status.ERROR, tuple(findings), seconds, shares=shares)
    verdicts: list[Verdict] = []
    if published is not None:
        native = judged["native"].trace
        verdicts = judge_claims(
            published.of_section(scenario.section),
            native,
            full_length=scenario.loop.cap is None,
            same_images=native.data_name == "mnist",
            speedup=speedup,
            known_defects=_known(scenario, backend, defects, published),
        )
        findings.extend(findings_of(verdicts))
    failed = any(finding.fails for finding in findings)
    return Result(
        scenario=scenario.id,
        backend=backend,
        status=Status.FAILED if failed else Status.PASSED,
        findings=tuple(findings),
        seconds=seconds,
        figures=_figures(judged, verdicts, speedup),
        shares=shares,
    )


def expected_keys(scenario: Scenario) -> Iterator[Key]:
    """The keys of the goldens that a check of a scenario reads."""
    for backend in scenario.backends:
        for randomness in RANDOMNESS:
            options = RunOptions(randomness=randomness)
            yield Key(
                scenario.guide.id,
                scenario.section,
                backend,
                randomness,
                execution_of(scenario, options),
                options.precision,
            )


def orphans(catalog: Catalog, scenarios: Sequence[Scenario]) -> Iterator[Finding]:
    """Golden files that no scenario reads, in the folders of guides that are checked whole."""
    for root in dict.fromkeys(entry.golden for entry in catalog.guides):
        entries = [entry for entry in catalog.guides if entry.golden == root]
        partly = {e.guide.id for e in entries if any(s not in scenarios for s in e.scenarios)}
        if len(partly) == len(entries):
            continue
        wanted = {key for e in entries for s in e.scenarios for key in expected_keys(s)}
        for key in Store(root).all_keys():
            if key.guide not in partly and key not in wanted:
                yield Finding(
                    code=FindingCode.GOLDEN_ORPHAN,
                    where=str(Path(root.name) / key.file),
                    message="no scenario reads this golden",
                    evidence=f"there is no run {key.scenario}@{key.backend} "
                    f"({key.randomness}, {key.execution}, {key.precision})",
                )


def judge(
    plan: CheckPlan,
    outcomes: Sequence[Outcome],
    catalog: Catalog,
    published: Mapping[str, PublishedGuide],
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
        or all(
            scenario.id in by_name[job_name(scenario.guide.id, backend, randomness)].traces
            for randomness in RANDOMNESS
        )
    ]
    results = [
        _judge_one(
            scenario,
            backend,
            by_name,
            Store(catalog.entry(scenario).golden),
            published.get(scenario.guide.id),
            catalog.entry(scenario).defects,
        )
        for scenario, backend in wanted
    ]
    results += [
        Result(scenario.id, backend, Status.SKIPPED, (finding,), 0.0)
        for scenario, backend, finding in plan.skipped
    ]
    between = tuple(_agreements(wanted, by_name))
    stray = [measured.finding() for measured in between if not measured.holds]
    if not only_finished:
        stray += [*problems, *orphans(catalog, scenarios)]
    return CheckReport(tuple(results), tuple(stray), seconds, between)


def _agreements(
    wanted: Sequence[tuple[Scenario, str]], by_name: Mapping[str, Outcome]
) -> Iterator[Agreement]:
    """How far the backends lie apart on each scenario that ran on several."""
    traces: dict[Scenario, dict[str, Trace]] = {}
    for scenario, backend in wanted:
        outcome = by_name[job_name(scenario.guide.id, backend, "controlled")]
        if scenario.id in outcome.traces:
            traces.setdefault(scenario, {})[backend] = outcome.traces[scenario.id]
    for scenario, found in traces.items():
        yield from agreements(scenario, found)
