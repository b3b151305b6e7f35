"""Measured horizons on disk: one file per scenario, beside its goldens.

The file says what it belongs to (the experiment, the seed, the data), so that a horizon of another
step is never taken for this one's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from core.check.golden.horizon import Horizon, Sample
from core.check.golden.measured_file import read_measured
from core.check.golden.store import dump_lines
from core.spec import Scenario
from core.spec.experiment import experiment_digest
from core.storage import write_atomically
from core.trace.decoding import strict_converter
from core.trace.encoding import plain

FORMAT = 1
FILE = "horizon.json"


@frozen
class Measured:
    """The horizons of one scenario.

    Attributes:
        format: format number of the file.
        command: the command that measured them.
        recorded: date, `YYYY-MM-DD`.
        experiment: digest of the scenario they belong to (`core.spec.experiment`).
        seed: the seed of all runs.
        data_sha256: the data set of all runs.
        environment: the machine and the versions they were measured with.
        backends: a horizon for each backend.
    """

    format: int
    command: str
    recorded: str
    experiment: str
    seed: int
    data_sha256: str
    environment: Mapping[str, str]
    backends: Mapping[str, Horizon] = field(factory=dict)

    def belongs(self, scenario: Scenario, seed: int, data_sha256: str) -> bool:
        """Whether it was measured of this experiment, seed and data."""
        asked = (experiment_digest(scenario), seed, data_sha256)
        return (self.experiment, self.seed, self.data_sha256) == asked


_CONVERTER = strict_converter(Sample, Horizon, Measured)


def path_of(root: Path, scenario: Scenario) -> Path:
    """The file of a scenario below a golden folder."""
    return root / scenario.guide.id / scenario.section / FILE


def read(root: Path, scenario: Scenario) -> Measured | None:
    """The measured horizons of a scenario, None where there is no file.

    Raises:
        GoldenError: a file that cannot be read.
    """
    return read_measured(
        path_of(root, scenario),
        _CONVERTER,
        Measured,
        version=FORMAT,
        expected="the horizons that `parity horizon` measured",
        remedy=f"measure them again: parity horizon {scenario.id}",
    )


def write(root: Path, scenario: Scenario, measured: Measured) -> Path:
    """Writes the horizons of a scenario: a reader sees the old file or the new one."""
    path = path_of(root, scenario)
    write_atomically(path, dump_lines(plain(measured)))
    return path
