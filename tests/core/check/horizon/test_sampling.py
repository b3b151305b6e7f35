"""Which runs horizons are pooled from, and what each is compared with."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.horizon.sampling import SEEDS, VARIED, Trial, honest_runs, trials, widened
from core.check.horizon.variation import BASE, VARIATIONS, Variation, on_processor
from core.check.reference.reference import Located
from core.run.worker import Outcome
from core.spec import Scenario
from core.spec.experiment import numbers_digest
from tests.example_scenarios import CLASSIFIER, CONTINUED, DRAWING
from tests.example_stations import (
    ENVELOPE,
    REFERENCE_TRACE,
    horizon_of,
    located,
    station_trace,
)

ON_JAX_TOO = evolve(CLASSIFIER, backends=("tensorflow", "jax"))
SCENARIOS = (ON_JAX_TOO, CONTINUED, DRAWING)


def _references(*scenarios: Scenario) -> dict[int, dict[str, Located]]:
    return {seed: {s.id: located(s, Path(f"states/{seed}")) for s in scenarios} for seed in SEEDS}


def _trials(emulated: Variation | None = None) -> list[Trial]:
    found = trials(
        SCENARIOS,
        ("tensorflow", "jax"),
        _references(*SCENARIOS),
        data="digits",
        repository=Path("repository"),
        folders=(Path("mine"),),
        emulated=emulated,
    )
    return list(found)


def test_eight_seeds_as_pinned_and_two_in_every_variation_on_every_backend() -> None:
    made = _trials()
    assert 2 * (len(SEEDS) + len(VARIATIONS) * len(VARIED)) == len(made)
    assert len(made) == len({trial.job.name for trial in made})
    pinned = [t.job.options.seed for t in made if t.variation == BASE and t.job.backend == "jax"]
    assert list(SEEDS) == pinned
    assert 8 == len(set(SEEDS))
    for trial in made:
        assert "controlled" == trial.job.options.randomness
        assert trial.variation.arithmetic(trial.job.backend) == trial.job.arithmetic
        assert ("digits", "repository", ("mine",)) == (
            trial.job.data, trial.job.repository, trial.job.folders,
        )  # fmt: skip


def test_each_run_starts_from_the_states_of_its_own_seed_on_the_backends_it_has() -> None:
    for trial in _trials():
        job = trial.job
        here = [s for s in SCENARIOS if job.backend in s.backends]
        # A step that draws takes long: in its variations the first seed alone.
        draws = trial.variation == BASE or job.options.seed == SEEDS[0]
        assert job.scenarios == tuple(s.id for s in here if draws or not s.step_draws)
        assert 2 * len(job.scenarios) == len(job.stations)
        states = {start.state for start in job.stations} - {""}
        assert all(state.startswith(f"states/{job.options.seed}/") for state in states)


def test_emulated_there_is_one_run_of_each_backend_and_one_step_of_what_draws() -> None:
    made = _trials(on_processor("EPYC"))
    assert ["tensorflow: emulated EPYC", "jax: emulated EPYC"] == [trial.name for trial in made]
    assert {SEEDS[0]} == {trial.job.options.seed for trial in made}
    steps = {start.scenario: start.station.steps for start in made[0].job.stations}
    assert {ON_JAX_TOO.id: 64, CONTINUED.id: 64, DRAWING.id: 1} == steps


def _ran(trial: Trial, by: float = 1.0) -> Outcome:
    runs = []
    for start in trial.job.stations:
        trace = station_trace(start.scenario, start.station.name, trial.job.backend)
        losses = {name: tuple(by * v for v in vs) for name, vs in trace.losses.items()}
        runs.append(evolve(trace, losses=losses))
    return Outcome(trial.job, stations=runs)


def test_every_run_is_compared_with_the_reference_of_its_seed() -> None:
    made = _trials()
    references = _references(*SCENARIOS)
    moved = evolve(
        REFERENCE_TRACE,
        losses={n: tuple(2 * v for v in vs) for n, vs in REFERENCE_TRACE.losses.items()},
    )
    references[SEEDS[3]] = {
        s.id: Located(
            tuple(
                evolve(at, readings=dict.fromkeys(at.readings, moved)) for at in located(s).stations
            ),
            Path(),
        )
        for s in SCENARIOS
    }
    done = [(t, _ran(t, 2.0 if t.job.options.seed == SEEDS[3] else 1.0)) for t in made]
    found = honest_runs(SCENARIOS, done, references)
    assert {s.id for s in SCENARIOS} == found.keys()
    assert len(made) == len(found[ON_JAX_TOO.id])
    assert len(SEEDS) + len(VARIATIONS) == len(found[DRAWING.id])
    for runs in found.values():
        assert {0.0} == {
            max(v) for r in runs for e in r.stations.values() for v in e.losses.values()
        }
        assert {("start", "late")} == {tuple(run.stations) for run in runs}


def test_a_run_that_went_less_far_than_it_was_asked_to_is_no_honest_sample() -> None:
    trial = _trials()[0]
    outcome = _ran(trial)
    short = {name: values[:40] for name, values in outcome.stations[1].losses.items()}
    outcome.stations[1] = evolve(outcome.stations[1], losses=short)
    runs = honest_runs(SCENARIOS, [(trial, outcome)], _references(*SCENARIOS))[ON_JAX_TOO.id]
    assert float("inf") == max(runs[0].stations["late"].losses["loss"])


def test_an_emulated_run_is_a_sample_of_its_processor() -> None:
    trial = _trials(on_processor("EPYC"))[0]
    (run, *_) = honest_runs(SCENARIOS, [(trial, _ran(trial))], _references(*SCENARIOS))[DRAWING.id]
    assert "EPYC" == run.processor


def test_a_horizon_is_widened_by_what_ran() -> None:
    trial = _trials()[0]
    runs = honest_runs(SCENARIOS, [(trial, _ran(trial, 1.001))], _references(*SCENARIOS))
    before = horizon_of(ON_JAX_TOO)
    after = widened(
        ON_JAX_TOO, runs[ON_JAX_TOO.id], before, command="parity horizon", today="2026-02-04",
        data_sha256="d1",
    )  # fmt: skip
    assert (numbers_digest(ON_JAX_TOO), "2026-02-04", "d1") == (
        after.experiment, after.recorded, after.data_sha256,
    )  # fmt: skip
    assert 2 == len(after.samples)
    assert pytest.approx(1e-3, rel=0.1) == after.stations["late"].losses["loss"][0]
    assert ENVELOPE.norms == after.stations["late"].norms
