"""Recording references for a verb: numbers and states, each file old or new."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.check.reference.computing import Wanted, compute
from core.check.reference.known import originals
from core.check.reference.reference import (
    FORMAT,
    AtStation,
    Located,
    Reference,
    folder_of,
    read,
    write,
)
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
    with tempfile.TemporaryDirectory(prefix="parity-") as toured:
        asked = Wanted(scenarios, seed, data, repository, folders, Path(toured))
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
                stations=found[scenario.id].by_content(),
            )
            if _changed(catalog, scenario, reference.stations):
                states = {
                    new.state: (found[scenario.id].folder / old.state).read_bytes()
                    for old, new in zip(
                        found[scenario.id].stations, reference.stations, strict=True
                    )
                    if new.state
                }
                write_reference(catalog.entry(scenario).golden, scenario.id, reference, states)
                written.append(scenario.id)
    return written


def _changed(catalog: Catalog, scenario: Scenario, now: tuple[AtStation, ...]) -> bool:
    """Whether what was computed is not what is recorded, to the bit and in every file."""
    try:
        held = read(catalog.entry(scenario).golden, scenario)
        if held is None or held[0].stations != now:
            return True
        names = {path.name for path in held[1].glob("*.npz")}
        there = names == {at.state for at in now if at.state}
        return not there or Located(held[0].stations, held[1]).by_content() != now
    except (GoldenError, OSError):
        return True


def write_reference(
    root: Path, scenario_id: str, reference: Reference, states: Mapping[str, bytes]
) -> None:
    """Writes a reference: a reader sees the old numbers with their states, or the new ones.

    States come first, under names that no old numbers know; then the numbers, which know them.

    Args:
        root: the golden folder.
        scenario_id: the section.
        reference: the numbers.
        states: the content of each state that they name.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    folder = folder_of(root, scenario_id)
    for name, content in states.items():
        write_atomically(folder / name, content)
    write(root, scenario_id, reference)
    for path in folder.glob("*.npz"):
        if path.name not in states:
            path.unlink()
