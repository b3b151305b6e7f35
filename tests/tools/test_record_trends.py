"""The campaign that records seeds: what it runs, and that it can be stopped and continued."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.trends.recorded import read
from core.run.worker import Job
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY
from tests.example_traces import TRACE
from tools.record_trends import FIRST_SEED, Recording, jobs

CATALOG = Catalog.load(REPOSITORY)
FIRST, METRICS = CATALOG.select(["keras_io_tf/first_loop", "keras_io_tf/metrics"])
TRANSLATED = CATALOG.select(["keras_io_tf_zh"])


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """A campaign that has recorded nothing yet."""
    return Recording(CATALOG, tmp_path)


def planned(recording: Recording, seeds: int) -> list[Job]:
    """The jobs of two sections on TensorFlow."""
    return jobs(recording, [FIRST, METRICS], "tensorflow", seeds)


def finish(recording: Recording, job: Job, section: str, data_sha256: str = "d1") -> None:
    """What the pool does when a section of a job is through."""
    seed = job.options.seed
    trace = evolve(TRACE, scenario=section, seed=seed, randomness="native", data_sha256=data_sha256)
    recording.add(job, trace)


def test_a_guides_sections_run_in_order_in_one_process_for_each_seed(recording: Recording) -> None:
    found = planned(recording, 2)
    assert [(FIRST.id, METRICS.id)] * 2 == [job.scenarios for job in found]
    assert [FIRST_SEED, FIRST_SEED + 1] == [job.options.seed for job in found]
    assert {"native"} == {job.options.randomness for job in found}


def test_what_is_recorded_is_not_run_again(recording: Recording) -> None:
    first, _ = planned(recording, 2)
    finish(recording, first, FIRST.id)
    assert [(METRICS.id,), (FIRST.id, METRICS.id)] == [
        job.scenarios for job in planned(recording, 2)
    ]
    finish(recording, first, METRICS.id)
    (left,) = planned(recording, 2)
    assert FIRST_SEED + 1 == left.options.seed
    assert len(jobs(recording, [FIRST], "jax", 2)) == 2


def test_each_run_is_kept_by_itself_and_written_once(recording: Recording) -> None:
    for job in reversed(planned(recording, 3)):
        finish(recording, job, FIRST.id)
        finish(recording, job, FIRST.id)
    found = read(recording.golden, FIRST)
    assert found is not None
    assert [FIRST_SEED, FIRST_SEED + 1, FIRST_SEED + 2] == [run.seed for run in found.runs]


def test_runs_on_another_data_set_are_not_mixed(recording: Recording) -> None:
    first, second = planned(recording, 2)
    finish(recording, first, FIRST.id)
    finish(recording, second, FIRST.id, data_sha256="d2")
    found = read(recording.golden, FIRST)
    assert found is not None
    assert ("d2", [FIRST_SEED + 1]) == (found.data_sha256, [run.seed for run in found.runs])


def test_a_translation_is_not_run(recording: Recording) -> None:
    assert [] == jobs(recording, TRANSLATED, "tensorflow", 2)


def test_on_mnist_the_losses_of_published_steps_are_recorded_beside(tmp_path: Path) -> None:
    recording = Recording(CATALOG, tmp_path, "some/mnist.npz")
    first, _ = planned(recording, 2)
    assert "some/mnist.npz" == first.data
    finish(recording, first, FIRST.id)
    assert [(METRICS.id,), (FIRST.id, METRICS.id)] == [
        job.scenarios for job in planned(recording, 2)
    ]
    assert read(tmp_path, FIRST) is None
    found = read(tmp_path, FIRST, mnist=True)
    assert found is not None
    assert TRACE.losses["loss"][0] == found.runs[0].published["loss"]["0:0"]
