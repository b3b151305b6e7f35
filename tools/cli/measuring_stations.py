"""Measuring horizons for a verb: references of every seed, honest runs, the files."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
from attrs import frozen

from core.check.horizon import pooled
from core.check.horizon.pooled import Run as HonestRun
from core.check.horizon.pooled import SectionHorizon
from core.check.horizon.sampling import SEEDS, flips_of, honest_runs, trials, widened
from core.check.horizon.variation import Variation
from core.check.reference.computing import Wanted, compute
from core.check.reference.known import recorded
from core.check.reference.reference import Located
from core.run.data import load_data
from core.run.worker import Job, Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog
from tools.cli.running import run_all

Run = Callable[[Sequence[Job]], list[Outcome]]


class StoppedError(Exception):
    """The runs were interrupted, or some failed."""

    def __init__(self, failed: Sequence[Outcome] = ()) -> None:
        super().__init__("stopped")
        self.failed = tuple(failed)


def run_or_stop(jobs: Sequence[Job]) -> list[Outcome]:
    """Runs jobs with progress.

    Raises:
        StoppedError: interrupted, or a job failed.
    """
    if not jobs:
        return []
    outcomes, interrupted = run_all(jobs)
    failed = [outcome for outcome in outcomes if outcome.failure]
    if interrupted or failed:
        raise StoppedError(() if interrupted else failed)
    return outcomes


@frozen
class Measuring:
    """What horizons are measured of, and with what.

    Attributes:
        catalog: the guides.
        backends: where the runs are made.
        data: the data set's name or path.
        repository: the folder that holds `scenarios/`.
        folders: further scenario folders.
        command: what the user called.
        emulated: one variation alone, on an emulated processor.
    """

    catalog: Catalog
    backends: tuple[str, ...]
    data: str
    repository: Path
    folders: tuple[Path, ...]
    command: str
    emulated: Variation | None = None

    def measure(self, scenarios: Sequence[Scenario]) -> dict[str, SectionHorizon]:
        """Measures some sections of one guide, and writes what was measured.

        Args:
            scenarios: each experiment once.

        Returns:
            Their horizons by scenario id.

        Raises:
            StoppedError: interrupted, or a run failed; nothing was written.
        """
        sha = load_data(self.data).sha256
        seeds = SEEDS[:1] if self.emulated else SEEDS
        with tempfile.TemporaryDirectory(prefix="parity-") as folder:
            references = {
                seed: self.references(scenarios, seed, sha, Path(folder) / str(seed))
                for seed in seeds
            }
            planned = list(
                trials(
                    scenarios,
                    self.backends,
                    references,
                    data=self.data,
                    repository=self.repository,
                    folders=self.folders,
                    emulated=self.emulated,
                )
            )
            outcomes = run_or_stop([trial.job for trial in planned])
            done = list(zip(planned, outcomes, strict=True))
            runs = honest_runs(scenarios, done, references)
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        found = {}
        for scenario in scenarios:
            root = self.catalog.entry(scenario).golden
            before = pooled.read(root, scenario)
            # Runs on every backend stand for themselves; fewer ones only add to what is known.
            whole = not self.emulated and set(scenario.backends) <= set(self.backends)
            if whole or (before is not None and before.data_sha256 != sha):
                before = None
            found[scenario.id] = widened(
                scenario,
                runs.get(scenario.id, ()),
                before,
                command=self.command,
                today=today,
                data_sha256=sha,
                flips=self._flips(scenario, runs) if scenario.step_draws else None,
            )
            pooled.write(root, scenario.id, found[scenario.id])
        return found

    def _flips(self, scenario: Scenario, runs: Mapping[str, Sequence[HonestRun]]) -> float:
        """The largest difference of a variable in the other sections that draw."""
        others = [s for s in self.catalog.scenarios if s.step_draws and s.id != scenario.id]
        stored = [pooled.read(self.catalog.entry(s).golden, s) for s in others]
        now = [run for s in others for run in runs.get(s.id, ())]
        return flips_of([horizon for horizon in stored if horizon], now)

    def references(
        self, scenarios: Sequence[Scenario], seed: int, sha: str, states: Path
    ) -> dict[str, Located]:
        """The references of a seed: recorded ones, and the rest computed now.

        Args:
            scenarios: each experiment once.
            seed: the seed of weights, batches and draws.
            sha: the data set's hash.
            states: the folder that takes the states of what is computed.

        Raises:
            StoppedError: interrupted, or a run failed.
        """
        found = recorded(self.catalog, scenarios, seed, sha)
        left = tuple(scenario for scenario in scenarios if scenario.id not in found)
        if left:
            asked = Wanted(left, seed, self.data, self.repository, self.folders, states)
            found |= compute(asked, run_or_stop).found
        return found


def say_failures(stopped: StoppedError) -> None:
    """Says on stderr what failed."""
    for outcome in stopped.failed:
        if outcome.failure:
            click.echo(f"{outcome.job.name}: {outcome.failure.error}", err=True)
