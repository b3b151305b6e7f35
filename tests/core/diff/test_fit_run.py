"""A loop and its fit, both run: what is concluded from what they did."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from core.dialects.program import Program
from core.dialects.running.comparing import Agreement, batch_sizes, means
from core.dialects.running.program_run import Ran
from core.dialects.running.recorded import Batch
from core.diff import fit_run
from core.diff.fit_run import FitRun, loop_job, run_fit
from core.run.data import load_data
from core.run.worker import Job, Outcome
from core.trace import Trace
from tests.conftest import REPOSITORY
from tests.core.diff.sections import CATALOG
from tests.example_traces import TRACE

(METRICS,) = CATALOG.select(["keras_io_tf/metrics"])
(EXHAUSTED,) = CATALOG.select(["r_style/compiled"])


def ran_with(
    monkeypatch: pytest.MonkeyPatch, data: Path, *, plain_from: int | None, in_order: bool
) -> FitRun:
    """A run whose fit reports other means from a step on, and in order other ones or not."""
    sizes = batch_sizes(METRICS, load_data(str(data)))
    losses = tuple(100.0 / (1 + step) for step in range(2 * len(sizes)))
    metrics = {"train_acc": (0.5, 0.75), "val_acc": (0.5, 0.75)}
    trace = attrs.evolve(
        TRACE,
        scenario=METRICS.id,
        losses={"loss": losses},
        metrics=metrics,
        steps_per_epoch=len(sizes),
    )
    calls: list[str] = []

    def fake_jobs(jobs: list[Job], workers: int) -> list[Outcome]:
        assert 1 == workers
        return [Outcome(jobs[0], {METRICS.id: trace})]

    def fake_program(program: Program, backend: str, path: Path) -> Ran:
        assert ("tensorflow", data) == (backend, path)
        calls.append(program.source)
        repeated = ".repeat(" in program.source
        differs = (None if in_order else 0) if repeated else plain_from
        return _reported(trace, sizes, differs)

    monkeypatch.setattr(fit_run, "run_jobs", fake_jobs)
    monkeypatch.setattr(fit_run, "run_program", fake_program)
    job = loop_job(METRICS, data, 1, REPOSITORY, ())
    found = run_fit(METRICS, data, 1, job)
    assert (1 if plain_from is None else 2) == len(calls)
    return found


def _reported(trace: Trace, sizes: list[int], differs: int | None) -> Ran:
    values = means(trace.losses["loss"], sizes)
    batches = tuple(
        Batch(step // len(sizes), value if differs is None or step < differs else value + 1)
        for step, value in enumerate(values)
    )
    digest = trace.final_digest if differs is None else "other"
    return Ran({}, trace.metrics, (), finished=True, digest=digest, means=batches)


def test_fit_that_trains_alike_is_said_to(monkeypatch: pytest.MonkeyPatch, small_npz: Path) -> None:
    found = ran_with(monkeypatch, small_npz, plain_from=None, in_order=True)
    assert found.explained
    assert found.sentence.startswith("fit and the loop train alike: 202 steps")
    assert found.courses is not None
    assert "bit-identical losses over 202 steps" in found.courses.sentence


def test_another_order_is_shown_by_a_run_over_the_loop_s_own_orders(
    monkeypatch: pytest.MonkeyPatch, small_npz: Path
) -> None:
    found = ran_with(monkeypatch, small_npz, plain_from=101, in_order=True)
    assert found.explained
    assert "in another order of samples: the first 101 steps are bit-identical" in found.sentence
    assert found.reasons[0].startswith("The loop opens its dataset once an epoch")
    assert found.courses is not None
    assert found.courses.first is not None
    assert 101 == found.courses.first.step


def test_what_nothing_known_explains_is_said_so(
    monkeypatch: pytest.MonkeyPatch, small_npz: Path
) -> None:
    found = ran_with(monkeypatch, small_npz, plain_from=0, in_order=False)
    assert not found.explained
    assert "nothing known explains it" in found.sentence


def test_a_loop_over_an_iterator_that_is_used_up_trains_nothing() -> None:
    plain = Agreement(0, 0, ("10 steps, the loop takes 0",))
    found = FitRun(EXHAUSTED, plain, None, 0)
    assert found.explained
    assert "fit trains where the loop does not" in found.sentence
    assert any("used up" in reason for reason in found.reasons)
