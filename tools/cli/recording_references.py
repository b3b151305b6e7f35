"""Recording references for a verb: numbers and states, each file old or new."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.check.reference.computing import Wanted, compute
from core.check.reference.known import originals
from core.check.reference.reference import FORMAT, Located, Reference, folder_of, read, write
from core.errors import GoldenError
from core.run.data import load_data
from core.run.machine import machine
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.experiment import numbers_digest
from core.storage import write_atomically
from tools.cli.measuring_stations import run_or_stop


def record_references(
    catalog: Catalog,
    selected: Sequence[Scenario],
    *,
    seed: int,
    data: str,
    repository: Path,
    folders: tuple[Path, ...],
    command: str,
    reason: str,
) -> list[str]:
    """Computes the references of sections and writes those that changed.

    Args:
        catalog: the guides.
        selected: sections; a translation's is its original's.
        seed: the seed of weights, batches and draws.
        data: the data set's name or path.
        repository: the folder that holds `scenarios/`.
        folders: further scenario folders.
        command: what the user called.
        reason: why they are recorded.

    Returns:
        The ids of the sections whose files were written.

    Raises:
        StoppedError: interrupted, or a run failed; nothing was written.
    """
    scenarios = tuple(dict.fromkeys(originals(catalog, selected).values()))
    sha = load_data(data).sha256
    written = []
    with tempfile.TemporaryDirectory(prefix="parity-") as states:
        asked = Wanted(scenarios, seed, data, repository, folders, Path(states))
        found = compute(asked, run_or_stop).found
        for scenario in scenarios:
            reference = Reference(
                format=FORMAT,
                command=command,
                recorded=datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
                reason=reason,
                experiment=numbers_digest(scenario),
                seed=seed,
                data_sha256=sha,
                environment=machine(),
                stations=found[scenario.id].stations,
            )
            if _changed(catalog, scenario, found[scenario.id]):
                _write(catalog.entry(scenario).golden, scenario, reference, found[scenario.id])
                written.append(scenario.id)
    return written


def _changed(catalog: Catalog, scenario: Scenario, now: Located) -> bool:
    """Whether what was computed is not what is recorded, to the bit and in every file."""
    try:
        held = read(catalog.entry(scenario).golden, scenario)
    except GoldenError:
        return True
    if held is None or held[0].stations != now.stations:
        return True
    old = {path.name: path.read_bytes() for path in held[1].glob("*.npz")}
    return old != {name: (now.folder / name).read_bytes() for name in _states(scenario, now)}


def _states(scenario: Scenario, now: Located) -> list[str]:
    """The files of the states that are recorded."""
    return sorted(Path(start.state).name for start in now.starts(scenario) if start.state)


def _write(root: Path, scenario: Scenario, reference: Reference, now: Located) -> None:
    """States first: numbers whose state is missing would say less than old ones."""
    folder = folder_of(root, scenario.id)
    wanted = _states(scenario, now)
    for name in wanted:
        write_atomically(folder / name, (now.folder / name).read_bytes())
    write(root, scenario.id, reference)
    for path in folder.glob("*.npz"):
        if path.name not in wanted:
            path.unlink()
