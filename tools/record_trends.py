"""Records native runs of many seeds: `python -m tools.record_trends [GUIDE…] --seeds N`.

What `parity check` judges native runs by: for each seed window means of every loss and metrics of
every epoch, in `golden/trends`. Runs that are recorded already are not made again, each finished
section is written at once, and two processes run at a time, so that the campaign can be stopped
and continued. On two idle cores a seed of every supervised section takes about a minute.

With `--data mnist`, or a path to an npz that holds MNIST, runs are recorded in
`golden/trends/mnist`: what the figures that guides publish are judged by.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import attrs
from attrs import define

from core.check.trends.recorded import FORMAT, Recorded, read, seed_run, write
from core.run.data.source import DIGITS
from core.run.runner import RunOptions
from core.run.worker import Job, run_jobs
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.experiment import experiment_digest
from core.trace import Trace
from core.trace.claims import Claim
from core.trace.published import load_published

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "python -m tools.record_trends"
FIRST_SEED = 1001  # far from the seeds that goldens are recorded with and that people type


@define
class Recording:
    """What is recorded so far of each section, below a golden folder; worker threads add to it."""

    catalog: Catalog
    golden: Path
    data: str = DIGITS
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    @property
    def mnist(self) -> bool:
        """Whether the runs are on MNIST."""
        return self.data != DIGITS

    def missing(self, scenario: Scenario, backend: str, seed: int) -> bool:
        """Whether a run is still to be made."""
        found = read(self.golden, scenario, mnist=self.mnist)
        return found is None or seed not in found.seeds(backend)

    def add(self, job: Job, trace: Trace) -> None:
        """Writes a finished run into its section's file, at its place."""
        (scenario,) = self.catalog.select([trace.scenario])
        claims: tuple[Claim, ...] = ()
        if self.mnist:
            guide = load_published(scenario.guide.id, ROOT / "golden" / "published")
            claims = guide.of_section(scenario.section)
        mine = seed_run(trace, claims)
        with self.lock:
            found = read(self.golden, scenario, mnist=self.mnist)
            kept = found.runs if found and found.data_sha256 == trace.data_sha256 else ()
            others = [r for r in kept if (r.backend, r.seed) != (mine.backend, mine.seed)]
            runs = sorted([*others, mine], key=lambda run: (run.backend, run.seed))
            recorded = Recorded(
                FORMAT,
                COMMAND,
                datetime.now(tz=UTC).date().isoformat(),
                experiment_digest(scenario),
                trace.data_sha256,
                trace.environment,
                tuple(runs),
            )
            write(self.golden, scenario, recorded, mnist=self.mnist)
        sys.stdout.write(f"{job.name}: {trace.scenario}, {trace.seconds:.0f} s\n")
        sys.stdout.flush()


def jobs(recording: Recording, selected: Sequence[Scenario], backend: str, seeds: int) -> list[Job]:
    """The runs to make, seed by seed, each guide's sections in one process and in order."""
    made: list[Job] = []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        for entry in recording.catalog.guides:
            ids = tuple(
                s.id
                for s in entry.scenarios
                if s in selected
                and backend in s.backends
                and s.stream.partition("/")[0] == entry.guide.id  # a translation has no runs
                and recording.missing(s, backend, seed)
            )
            if ids:
                made.append(
                    Job(
                        name=f"{entry.guide.id}@{backend}, seed {seed}",
                        backend=backend,
                        scenarios=ids,
                        options=RunOptions(seed=seed, randomness="native"),
                        data=recording.data,
                        repository=str(ROOT),
                    )
                )
    return made


def main() -> int:
    """Runs what is missing; exit code 1 where a run failed."""
    parser = argparse.ArgumentParser(prog=COMMAND)
    parser.add_argument("ids", nargs="*", metavar="GUIDE", help="guides, sections or globs")
    parser.add_argument("--seeds", type=int, default=60, help="how many seeds there are to be")
    parser.add_argument("--backend", default="tensorflow")
    parser.add_argument("--data", default=DIGITS, help="digits, mnist, or an npz with MNIST")
    asked = parser.parse_args()
    catalog = Catalog.load(ROOT)
    recording = Recording(catalog, ROOT / "golden", asked.data)
    wanted = jobs(recording, catalog.select(asked.ids), asked.backend, asked.seeds)
    outcomes = run_jobs(wanted, workers=2, on_trace=recording.add)
    failures = [outcome for outcome in outcomes if outcome.failure]
    for outcome in failures:
        sys.stderr.write(f"{outcome.job.name}: {outcome.failure}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
