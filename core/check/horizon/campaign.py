"""The runs that a horizon is measured from, and the horizons they give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import attrs

from core.check.golden.horizon import Horizon
from core.check.horizon.measure import Honest, measure
from core.check.horizon.variation import BASE, VARIATIONS, Variation, on_processor
from core.run.worker import Job, Outcome
from core.spec import Scenario
from core.spec.reading import same_meaning
from core.trace import Trace

Runs = Mapping[tuple[str, str], Trace]
"""Traces of one scenario by (backend, variation name)."""


def is_base(job: Job) -> bool:
    """Whether a job runs what a horizon is measured around: controlled, and as pinned."""
    return job.options.randomness == "controlled" and variation_of(job) == BASE


def variations(job: Job, processors: Iterable[str] = ()) -> list[Job]:
    """The same job once for each honest variation, emulated processors among them."""
    return [
        attrs.evolve(
            job,
            name=f"{job.name}, {variation.name}",
            options=variation.options(job.options),
            arithmetic=variation.arithmetic(job.backend),
        )
        for variation in (*VARIATIONS, *map(on_processor, processors))
    ]


def variation_of(job: Job) -> Variation:
    """The variation that a job runs."""
    for variation in (*VARIATIONS, on_processor(job.arithmetic.processor)):
        # A job does not carry the variation's name: what it does tells which one it is.
        made = (variation.nudge, variation.arithmetic(job.backend))
        if (job.options.nudge, job.arithmetic) == made:
            return variation
    return BASE


def horizons(
    scenarios: Iterable[Scenario], outcomes: Sequence[Outcome]
) -> dict[tuple[str, str], Horizon]:
    """The horizons that finished jobs give, by (scenario id, backend).

    Args:
        scenarios: the scenarios that ran.
        outcomes: base runs, on several backends where there are several, and their variations.

    Returns:
        A horizon for each base run that has all its variations. The variations of every backend
        are samples for each, for each starts from its own base; so are two backends that compute
        the same.
    """
    found: dict[str, dict[tuple[str, str], Trace]] = {}
    for outcome in outcomes:
        if outcome.job.options.randomness == "controlled":
            name = variation_of(outcome.job).name
            for ran, trace in outcome.traces.items():
                found.setdefault(ran, {})[outcome.job.backend, name] = trace
    result = {}
    for scenario in scenarios:
        runs = found.get(scenario.id, {})
        for backend, name in runs:
            honest = _honest(scenario, backend, runs)
            if name == BASE.name and honest is not None:
                horizon = measure(runs[backend, name], honest, fresh=not scenario.trains_first)
                result[scenario.id, backend] = horizon
    return result


def _honest(scenario: Scenario, backend: str, runs: Runs) -> list[Honest] | None:
    """A base run's samples, its own first; None where a variation of it is missing."""
    bases = [other for other, name in runs if name == BASE.name]
    if any((backend, variation.name) not in runs for variation in VARIATIONS):
        return None
    names = dict.fromkeys([*(v.name for v in VARIATIONS), *sorted(name for _, name in runs)])
    samples = [
        Honest(f"{other}: {name}", runs[other, name], runs[other, BASE.name])
        # The backend's own samples first, as a reader of the file expects them.
        for other in sorted(bases, key=lambda other: other != backend)
        for name in names
        if name != BASE.name and (other, name) in runs
    ]
    pairs = [
        Honest(f"{a} and {b}", runs[a, BASE.name], runs[b, BASE.name])
        for a, b in combinations(bases, 2)
        if same_meaning(scenario, a, b)
    ]
    return samples + pairs
