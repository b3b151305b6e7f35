"""Recorded seeds on disk: every run of a section by itself, in `golden/trends`.

A file holds, for each seed, the means of every loss over windows of steps and every metric of every
epoch, rounded to six significant digits. Nothing is pooled: what a later statistic wants of the
runs can still be computed. Runs on the embedded digits stand in `golden/trends/<guide>`, runs on
MNIST, on which the guides' figures were published, in `golden/trends/mnist/<guide>`; those hold the
losses of the published steps as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path

from attrs import field, frozen

from core.check.golden.measured_file import read_measured, read_of_experiment
from core.check.golden.store import dump_lines
from core.spec import Scenario, rules
from core.spec.experiment import experiment_digest
from core.spec.reading import same_meaning
from core.storage import write_atomically
from core.trace import Trace
from core.trace.claims import Claim, ClaimKind
from core.trace.decoding import strict_converter
from core.trace.encoding import plain

FORMAT = 1
WINDOW = 100  # training steps per window, as in a measured horizon
DIGITS = 6  # significant digits kept: a float32 holds seven, and seeds differ in the second


class Kind(Enum):
    """What of a run is judged."""

    LOSSES = "losses"
    METRICS = "metrics"
    CHANGES = "changes"


@frozen
class SeedRun:
    """What one native run showed of its trend.

    Attributes:
        seed: the seed of the run.
        backend: the backend it ran on.
        losses: for each loss the mean of every window of `WINDOW` steps over all epochs in order,
            in nats; the last window may be shorter.
        metrics: for each metric its value after every epoch.
        published: for each loss its value in every step of which the guide publishes one, by
            `place`; on MNIST only.
    """

    seed: int = field(validator=rules.natural)
    backend: str = field(validator=rules.text)
    losses: Mapping[str, tuple[float, ...]]
    metrics: Mapping[str, tuple[float, ...]]
    published: Mapping[str, Mapping[str, float]] = field(factory=dict)

    def series(self, kind: Kind) -> Mapping[str, tuple[float, ...]]:
        """What is judged, by the name of the loss or metric; what has no value is left out.

        From epoch to epoch a metric changes by much the same in lucky runs and in unlucky ones,
        which lie apart in every epoch: a metric that is not reset shows in its changes alone.
        """
        found = self.losses if kind is Kind.LOSSES else self.metrics
        if kind is Kind.CHANGES:
            found = {
                name: tuple(after - before for before, after in pairwise(values))
                for name, values in self.metrics.items()
            }
        return {name: values for name, values in found.items() if values}


@frozen
class Recorded:
    """The recorded seeds of one section.

    Attributes:
        format: format number of the file.
        command: the command that recorded them.
        recorded: date of the last run, `YYYY-MM-DD`.
        experiment: digest of the scenario they belong to (`core.spec.experiment`).
        data_sha256: the data set of all runs.
        environment: the machine and the versions of the last run.
        runs: every run, by backend and seed.
    """

    format: int
    command: str
    recorded: str
    experiment: str
    data_sha256: str
    environment: Mapping[str, str]
    runs: tuple[SeedRun, ...] = ()

    def of_meaning(self, scenario: Scenario, backend: str) -> tuple[SeedRun, ...]:
        """The runs whose backends mean by the section what this one means, one for each seed.

        How losses scatter over seeds belongs to the mathematics of the section: backends that mean
        the same draw weights and batches from the same distributions, so that their runs are
        exchangeable although they round differently. (TensorFlow shuffles through a buffer, JAX
        and torch permute; that is the same where the images stand in no order, as here.) Two runs
        of one seed are not independent, not even across backends, whose generators share it.
        """
        found = {run.seed: run for run in self.runs if same_meaning(scenario, run.backend, backend)}
        return tuple(found.values())

    def seeds(self, backend: str) -> frozenset[int]:
        """The seeds recorded on a backend."""
        return frozenset(run.seed for run in self.runs if run.backend == backend)


_CONVERTER = strict_converter(SeedRun, Recorded)


def _short(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(f"{value:.{DIGITS}g}") for value in values)


def window_means(values: Sequence[float]) -> tuple[float, ...]:
    """The mean of each window of `WINDOW` values; the last window may be shorter."""
    cut = [values[start : start + WINDOW] for start in range(0, len(values), WINDOW)]
    return tuple(sum(part) / len(part) for part in cut)


def place(claim: Claim) -> str:
    """Where a published loss stands in its run: its epoch and the step in it, both from 0."""
    return f"{claim.epoch}:{claim.step}"


def seed_run(trace: Trace, claims: Iterable[Claim] = ()) -> SeedRun:
    """What a trace shows of its trend, rounded as recorded runs are.

    Args:
        trace: the run.
        claims: what its guide publishes of the section, if the run's figures there are wanted.
    """
    published: dict[str, dict[str, float]] = {}
    for claim in claims:
        if claim.kind is ClaimKind.LOSS:
            values = trace.losses.get(claim.name or "", ())
            step = (claim.epoch or 0) * trace.steps_per_epoch + (claim.step or 0)
            if step < len(values):
                (value,) = _short([values[step]])
                published.setdefault(claim.name or "", {})[place(claim)] = value
    return SeedRun(
        trace.seed,
        trace.backend,
        {name: _short(window_means(values)) for name, values in trace.losses.items()},
        {name: _short(values) for name, values in trace.metrics.items()},
        published,
    )


def path_of(root: Path, scenario_id: str, *, mnist: bool = False) -> Path:
    """The file of a section below a golden folder."""
    return root / "trends" / ("mnist" if mnist else "") / f"{scenario_id}.json"


def read(root: Path, scenario: Scenario, *, mnist: bool = False) -> Recorded | None:
    """The recorded seeds of a section's experiment, None where none are recorded.

    A section that is another's experiment under another name (a translation's) has that one's.

    Args:
        root: the golden folder.
        scenario: the section.
        mnist: whether the runs on MNIST are wanted instead of those on the embedded digits.

    Raises:
        GoldenError: a file that cannot be read.
    """

    def named(name: str) -> Recorded | None:
        return read_measured(
            path_of(root, name, mnist=mnist),
            _CONVERTER,
            Recorded,
            version=FORMAT,
            expected="the seeds that `python -m tools.record_trends` recorded",
            remedy=f"restore it, or record it again: python -m tools.record_trends {scenario.id}",
        )

    found = read_of_experiment(scenario, experiment_digest(scenario), named)
    return found[0] if found else None


def write(root: Path, scenario: Scenario, recorded: Recorded, *, mnist: bool = False) -> Path:
    """Writes the seeds of a section: a reader sees the old file or the new one."""
    path = path_of(root, scenario.id, mnist=mnist)
    write_atomically(path, dump_lines(plain(recorded)))
    return path
