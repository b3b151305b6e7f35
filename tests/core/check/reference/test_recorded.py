"""The recorded references are what NumPy computes, with any thread count and choice of kernels."""

from __future__ import annotations

import os

import pytest

from core.check.reference.computing import Wanted
from core.check.reference.known import recorded
from core.check.reference.reference import Located
from core.run.backends.arithmetic import Arithmetic
from core.run.data import load_data
from core.run.worker import Job, StationJob, run_jobs
from core.spec.catalog import Catalog
from core.trace.difference import relative_difference
from core.trace.station import StationTrace
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY, [])
TRAINED = tuple(s for s in CATALOG.scenarios if not s.step_draws and s.stream == s.id)
SEED = 12
SAME = 1e-9  # relative; double precision keeps seven digits more than is compared anywhere


@pytest.fixture(scope="module")
def references() -> dict[str, Located]:
    return recorded(CATALOG, TRAINED, SEED, load_data("digits").sha256)


def _again(references: dict[str, Located], arithmetic: Arithmetic) -> list[StationTrace]:
    by_id = {scenario.id: scenario for scenario in TRAINED}
    jobs: list[Job] = []
    for guide in dict.fromkeys(scenario.guide.id for scenario in TRAINED):
        mine = [name for name in by_id if name.startswith(f"{guide}/")]
        starts: list[StationJob] = [s for n in mine for s in references[n].starts(by_id[n])]
        wanted = Wanted(
            tuple(by_id[name] for name in mine), SEED, "digits", REPOSITORY, (), REPOSITORY
        )
        job = wanted.job(guide, wanted.scenarios)
        jobs.append(
            Job(
                job.name,
                job.backend,
                job.scenarios,
                job.options,
                job.data,
                job.repository,
                arithmetic=arithmetic,
                stations=tuple(starts),
            )
        )
    outcomes = run_jobs(jobs, workers=1)
    assert [None] * len(jobs) == [outcome.failure for outcome in outcomes]
    return [trace for outcome in outcomes for trace in outcome.stations]


@pytest.mark.parametrize(
    ("threads", "kernels"),
    [(1, ""), (2, "Nehalem"), (2, "Haswell")],
    ids=["as recorded", "two threads, SSE4.2", "two threads, AVX2"],
)
def test_the_numbers_are_computed_again(
    references: dict[str, Located],
    monkeypatch: pytest.MonkeyPatch,
    threads: int,
    kernels: str,
) -> None:
    if kernels:
        monkeypatch.setitem(os.environ, "OPENBLAS_CORETYPE", kernels)
    assert {scenario.id for scenario in TRAINED} == set(references)
    for trace in _again(references, Arithmetic(threads=threads)):
        wanted = references[trace.scenario].numbers(trace.station, "tensorflow")
        where = f"{trace.scenario}, {trace.station}"
        assert wanted.counters == trace.counters, where
        assert wanted.metrics == trace.metrics, where
        for name, values in wanted.losses.items():
            apart = max(map(relative_difference, values, trace.losses[name]), default=0.0)
            assert len(values) == len(trace.losses[name])
            assert apart < SAME, f"{where}, {name}: {apart}"
        for name, variable in wanted.variables.items():
            found = trace.variables[name]
            assert abs(found.norm - variable.norm) <= SAME * variable.norm, f"{where}, {name}"
            along = abs(found.projection - variable.projection)
            assert along <= SAME * variable.norm, f"{where}, {name}"
