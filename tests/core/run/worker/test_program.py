"""The worker program: what it answers to a job."""

from __future__ import annotations

import io
import json
from pathlib import Path

from core.run.runner import RunOptions
from core.run.worker.job import Job
from core.run.worker.program import Answers, run_job
from core.trace import Trace
from core.trace.decoding import trace_from
from tests.conftest import REPOSITORY

SCENARIO = "keras_io_tf/first_loop"


def _run(small: Path, mutant: str = "") -> list[dict[str, object]]:
    job = Job(
        name="job",
        backend="reference",
        scenarios=(SCENARIO,),
        options=RunOptions(seed=1, randomness="controlled", precision="float64", steps=3),
        data=str(small),
        repository=str(REPOSITORY),
        mutant=mutant,
    )
    stream = io.StringIO()
    run_job(Job.loads(job.dumps()), Answers(stream))
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _trace(events: list[dict[str, object]]) -> Trace:
    return next(trace_from(event["trace"]) for event in events if event["event"] == "trace")


def test_a_mutant_runs_under_the_name_of_the_sound_section(small_npz: Path) -> None:
    sound = _trace(_run(small_npz))
    events = _run(small_npz, "learning-rate-x0.5@optimizer")
    mutated = _trace(events)
    assert sound.scenario == mutated.scenario
    assert sound.losses["loss"][0] == mutated.losses["loss"][0]
    assert sound.losses["loss"][1] != mutated.losses["loss"][1]


def test_a_mutant_that_there_is_not_is_a_failure(small_npz: Path) -> None:
    failed = _run(small_npz, "learning-rate-x3@optimizer")[0]
    assert ("failed", SCENARIO) == (failed["event"], failed["scenario"])
