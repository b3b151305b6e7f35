"""Measured envelopes on disk: one file per section, pooled over every honest run there was.

`golden/horizons/<guide>/<section>.json`. Seeds, backends, threads, kernels and processors are
pooled: where a unit flips on one of them, it may flip on another one elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
from attrs import field, frozen

from core.check.golden.measured_file import read_measured, read_of_experiment
from core.check.golden.store import dump_lines
from core.check.horizon.envelope import Envelope, factor_needed, levelled, pooled
from core.check.horizon.measure import rounded_up
from core.spec import Scenario, rules
from core.spec.experiment import numbers_digest
from core.storage import write_atomically
from core.trace.decoding import strict_converter
from core.trace.encoding import plain

FORMAT = 1
FOLDER = "horizons"


@frozen
class StationSample:
    """One honest run of a section, and how far it went from the reference of its seed.

    Attributes:
        name: the backend and what was varied.
        seed: the seed of the run.
        processor: what it ran on.
        within: the largest relative difference of a loss, over all stations.
        needed: the least safety factor with which the other runs' envelope lets this one pass.
    """

    name: str = field(validator=rules.text)
    seed: int = field(validator=rules.natural)
    processor: str = field(validator=rules.text)
    within: float
    needed: float

    @property
    def key(self) -> tuple[str, int, str]:
        """What was run: a second run of it replaces the first."""
        return self.name, self.seed, self.processor


@frozen
class SectionHorizon:
    """How far honest runs of a section lie from the reference.

    Attributes:
        format: format number of the file.
        command: the command that measured last.
        recorded: date of the last run, `YYYY-MM-DD`.
        experiment: digest of what its numbers depend on (`core.spec.experiment`).
        data_sha256: the data set of all runs.
        stations: the envelope at each station, by its name.
        samples: the runs it was measured from.
    """

    format: int
    command: str
    recorded: str
    experiment: str
    data_sha256: str
    stations: Mapping[str, Envelope]
    samples: tuple[StationSample, ...]


@frozen
class Run:
    """One honest run of a section: what it was, and its distance at every station."""

    name: str
    seed: int
    processor: str
    stations: Mapping[str, Envelope]


def measured(
    runs: Sequence[Run], before: SectionHorizon | None, flips: float | None = None
) -> tuple[dict[str, Envelope], tuple[StationSample, ...]]:
    """The envelopes of all runs, and each run as a sample.

    Args:
        runs: what ran now; at least two, or one with a horizon measured before.
        before: what earlier runs of the same experiment gave; widened, never narrowed.
        flips: where every variable is allowed what was seen of any (`levelled`), the largest
            difference of a variable in other sections of that kind; None where each has its own.
    """

    def level(envelope: Envelope) -> Envelope:
        return envelope if flips is None else levelled(envelope, flips)

    earlier = dict(before.stations) if before else {}
    names = dict.fromkeys([*earlier, *(name for run in runs for name in run.stations)])
    together = {
        name: pooled(
            [
                *([earlier[name]] if name in earlier else []),
                *(run.stations[name] for run in runs if name in run.stations),
            ]
        )
        for name in names
    }
    samples = {sample.key: sample for sample in (before.samples if before else ())}
    for run in runs:
        needed = 0.0
        for name, mine in run.stations.items():
            others = [r.stations[name] for r in runs if r is not run and name in r.stations]
            others += [earlier[name]] if name in earlier else []
            needed = max(needed, factor_needed(mine, level(pooled(others))) if others else 0.0)
        within = max(
            (max(v) for e in run.stations.values() for v in e.losses.values() if v), default=0.0
        )
        sample = StationSample(
            run.name, run.seed, run.processor, rounded_up(within), rounded_up(needed)
        )
        samples[sample.key] = sample
    rounded = {name: _rounded(level(envelope)) for name, envelope in together.items()}
    return rounded, tuple(samples.values())


def _rounded(envelope: Envelope) -> Envelope:
    """Numbers of two digits, so that the file reads well; never less than measured."""
    table = {
        name: {key: rounded_up(value) for key, value in getattr(envelope, name).items()}
        for name in ("norms", "projections", "margins")
    }
    losses = {name: tuple(map(rounded_up, values)) for name, values in envelope.losses.items()}
    return attrs.evolve(envelope, losses=losses, **table)


_CONVERTER = strict_converter(Envelope, StationSample, SectionHorizon)


def path_of(root: Path, scenario_id: str) -> Path:
    """The file of a section below a golden folder."""
    return root / FOLDER / f"{scenario_id}.json"


def read(root: Path, scenario: Scenario) -> SectionHorizon | None:
    """The measured horizon of a section's experiment, None where there is none.

    A section that is another's experiment under another name (a translation's) has that one's.

    Raises:
        GoldenError: a file that cannot be read.
    """

    def named(name: str) -> SectionHorizon | None:
        return read_measured(
            path_of(root, name),
            _CONVERTER,
            SectionHorizon,
            version=FORMAT,
            expected="the horizon that `parity horizon` measured",
            remedy=f"measure it again: parity horizon {scenario.id}",
        )

    found = read_of_experiment(scenario, numbers_digest(scenario), named)
    return found[0] if found else None


def write(root: Path, scenario_id: str, horizon: SectionHorizon) -> Path:
    """Writes the horizon of a section: a reader sees the old file or the new one."""
    path = path_of(root, scenario_id)
    write_atomically(path, dump_lines(plain(horizon)))
    return path
