"""The reference of a section: what NumPy computes of it in double precision, on disk.

`golden/reference/<guide>/<section>/numbers.json` holds it for the goldens' seed and data set, and
beside it lie the states of its stations, each an npz. It belongs to no machine and no framework:
computed again with other threads, kernels or processors its numbers agree to 1e-9.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, frozen

from core.check.golden.measured_file import read_measured, read_of_experiment
from core.check.golden.store import dump_lines
from core.run.runner.station import Station
from core.run.worker import StationJob
from core.spec import Scenario
from core.spec.experiment import numbers_digest
from core.storage import write_atomically
from core.trace.decoding import strict_converter
from core.trace.encoding import plain
from core.trace.station import StationTrace, Variable
from core.trace.trace import LayerRow, ModelSummary

FORMAT = 1
FOLDER = "reference"
FILE = "numbers.json"


@frozen
class AtStation:
    """The reference of a run from one station.

    Attributes:
        station: where it starts, and for how many steps.
        readings: what it computes, by the meaning that its backends have
            (`core.spec.reading.meaning`).
        state: the file beside the numbers that holds the state; empty for that after the setup.
    """

    station: Station
    readings: Mapping[str, StationTrace]
    state: str = ""


@frozen
class Reference:
    """The reference of one section.

    Attributes:
        format: format number of the file.
        command: the command that recorded it.
        recorded: date, `YYYY-MM-DD`.
        reason: why it was recorded.
        experiment: digest of what its numbers depend on (`core.spec.experiment`).
        seed: the seed of weights, batches and draws.
        data_sha256: the data set.
        environment: NumPy and the machine it was computed with.
        stations: what is computed, in order.
    """

    format: int
    command: str
    recorded: str
    reason: str
    experiment: str
    seed: int
    data_sha256: str
    environment: Mapping[str, str]
    stations: tuple[AtStation, ...]

    def belongs(self, scenario: Scenario, seed: int, data_sha256: str) -> bool:
        """Whether it is of this experiment, seed and data."""
        asked = (numbers_digest(scenario), seed, data_sha256)
        return (self.experiment, self.seed, self.data_sha256) == asked


@frozen
class Located:
    """What runs of a section are compared with, and where the states lie that they start from."""

    stations: tuple[AtStation, ...]
    folder: Path

    def starts(self, scenario: Scenario, *, emulated: bool = False) -> tuple[StationJob, ...]:
        """The runs from every station of the section; emulated, a GAN takes one step alone."""
        shorter = emulated and scenario.step_draws
        return tuple(
            StationJob(
                scenario.id,
                evolve(at.station, steps=1) if shorter else at.station,
                str(self.folder / at.state) if at.state else "",
            )
            for at in self.stations
        )

    def by_content(self) -> tuple[AtStation, ...]:
        """The stations with states named by what they hold, as they are recorded.

        So numbers and their states change as one, when the numbers are written: a state of another
        recording has another name.
        """
        return tuple(
            evolve(at, state=f"{at.station.name}-{self._digest(at.state)}.npz") if at.state else at
            for at in self.stations
        )

    def _digest(self, state: str) -> str:
        return hashlib.sha256((self.folder / state).read_bytes()).hexdigest()[:12]

    def numbers(self, station: str, meaning: str) -> StationTrace:
        """What is computed from a station by a meaning."""
        return next(at.readings[meaning] for at in self.stations if at.station.name == station)


_CONVERTER = strict_converter(
    LayerRow, ModelSummary, Variable, StationTrace, Station, AtStation, Reference
)


def folder_of(root: Path, scenario_id: str) -> Path:
    """The folder of a section's reference below a golden folder."""
    return root / FOLDER / scenario_id


def needs_state(scenario: Scenario, station: Station) -> bool:
    """Whether a station starts from something else than the state after the setup."""
    return station.name != "start" or bool(scenario.trains_first)


def read(root: Path, scenario: Scenario) -> tuple[Reference, Path] | None:
    """The recorded reference of a section's experiment and its folder, None where there is none.

    A section that is another's experiment under another name (a translation's) has that one's.

    Raises:
        GoldenError: a file that cannot be read.
    """

    def named(name: str) -> Reference | None:
        return read_measured(
            folder_of(root, name) / FILE,
            _CONVERTER,
            Reference,
            version=FORMAT,
            expected="the numbers that `parity record` recorded",
            remedy=f'restore it, or record it again: parity record {scenario.id} --reason "…"',
        )

    found = read_of_experiment(scenario, numbers_digest(scenario), named)
    return (found[0], folder_of(root, found[1])) if found else None


def write(root: Path, scenario_id: str, reference: Reference) -> Path:
    """Writes the numbers of a section: a reader sees the old file or the new one."""
    path = folder_of(root, scenario_id) / FILE
    write_atomically(path, dump_lines(plain(reference)))
    return path
