"""A section's loop and its `fit`, both run: equal where they must be, and where not, why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from core.dialects.fit import FitDialect, FitInOrder, notes
from core.dialects.options import Printing
from core.dialects.running.comparing import Agreement, batch_sizes, compare_fit, means
from core.dialects.running.program_run import Ran, run_program
from core.diff.courses import Course, Courses
from core.run.data import load_data
from core.run.runner.options import RunOptions
from core.run.worker import Job, run_jobs
from core.spec import Scenario
from core.trace import Trace

REPORTED = "mean loss so far"


@frozen
class FitRun:
    """What running both showed.

    Attributes:
        scenario: the section.
        plain: `fit` as printed, against the loop.
        in_order: `fit` over the very orders that the loop saw; None where plain `fit` agrees, or
            where it trains other steps anyway.
        steps_per_epoch: training steps in an epoch of the loop.
        courses: both runs, the loop's losses as the means that `fit` reports.
    """

    scenario: Scenario
    plain: Agreement
    in_order: Agreement | None
    steps_per_epoch: int
    courses: Courses | None = None

    @property
    def explained(self) -> bool:
        """Whether every difference has a cause that was shown."""
        if self.plain.identical or self.scenario.loop.exhausted:
            return True
        return self.in_order is not None and self.in_order.identical

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        plain, again = self.plain, self.in_order
        if plain.identical:
            return (
                f"fit and the loop train alike: {plain.steps} steps, the accuracies and the final "
                "weights are bit-identical"
            )
        if self.scenario.loop.exhausted:
            return "fit and the loop differ: fit trains where the loop does not"
        if again is not None and again.identical:
            first = (
                f"the first {plain.same_steps} steps are bit-identical; "
                if plain.same_steps
                else ""
            )
            return (
                f"fit and the loop train alike, in another order of samples: {first}over the "
                f"loop's own orders all {again.steps} steps, the accuracies and the final weights "
                "are bit-identical"
            )
        return "fit and the loop differ, and nothing known explains it"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the training differs, in one sentence each; then what only looks different."""
        known = notes(self.scenario)
        real = [] if self.plain.identical else [n.sentence for n in known if not n.equal]
        return (*real, *(n.sentence for n in known if n.equal))


def run_fit(scenario: Scenario, data: Path, seed: int, job: Job) -> FitRun:
    """Runs a supervised section's loop, its `fit`, and where these differ `fit` in order.

    Args:
        scenario: a section that `fit` can train.
        data: an npz in Keras's MNIST layout.
        seed: the one seed.
        job: the loop's run, native, on TensorFlow.

    Raises:
        ParityError: the loop's run failed.
        ExecutionError: a program failed.
    """
    options = Printing(seed=seed)
    (outcome,) = run_jobs([job], workers=1)
    if outcome.failure is not None:
        raise outcome.failure.error
    trace = outcome.traces[scenario.id]
    sizes = batch_sizes(scenario, load_data(str(data)))
    ran = _ran(scenario, FitDialect(), options, data)
    plain = compare_fit(ran, trace, sizes)
    in_order = None
    if not plain.identical and not scenario.loop.exhausted:
        in_order = compare_fit(_ran(scenario, FitInOrder(), options, data), trace, sizes)
    both = Courses(of_loop(trace, sizes, scenario.id), of_fit(ran, f"{scenario.id}@fit"))
    return FitRun(scenario, plain, in_order, trace.steps_per_epoch, both)


def of_loop(trace: Trace, sizes: Sequence[int], name: str) -> Course:
    """The loop's course, its losses averaged over each epoch so far, as `fit` reports them."""
    (losses,) = trace.losses.values()
    reported = tuple(means(losses, sizes)) if sizes else tuple(losses)
    metrics = {metric: tuple(values) for metric, values in trace.metrics.items()}
    return Course(name, {REPORTED: reported}, metrics, trace.steps_per_epoch, so_far=True)


def of_fit(ran: Ran, name: str) -> Course:
    """The course of `fit`."""
    epochs = [batch.epoch for batch in ran.means]
    metrics = {metric: tuple(values) for metric, values in ran.metrics.items()}
    losses = {REPORTED: tuple(batch.loss for batch in ran.means)}
    return Course(name, losses, metrics, epochs.count(0), so_far=True)


def loop_job(
    scenario: Scenario, data: Path, seed: int, repository: Path, folders: tuple[Path, ...]
) -> Job:
    """The loop's run that `fit` is compared with."""
    return Job(
        name=scenario.id,
        backend="tensorflow",
        scenarios=(scenario.id,),
        options=RunOptions(seed=seed),
        data=str(data),
        repository=str(repository),
        folders=tuple(str(folder) for folder in folders),
    )


def _ran(scenario: Scenario, dialect: FitDialect, options: Printing, data: Path) -> Ran:
    return run_program(dialect.program(scenario, options), dialect.backend, data)
