"""The first op that differs between two environments: the microscope, across releases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from core.diff.microscope.compare import Comparison, compare
from core.diff.microscope.ledger import Ledger
from core.diff.microscope.remote import PROGRAM, Host
from core.run.backends.registry import legacy_variables, process_environment
from core.run.runner.options import RunOptions
from core.run.worker.job import Job
from core.spec import Scenario
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.process import clean_variables
from core.upgrade.rehearsal.snapshot import Snapshot, take

STEPS = 6
"""Steps to look at: each starts from the same variables, so that what an op does shows at once."""


@frozen
class Bed:
    """Where sides run.

    Attributes:
        snapshot: the code, the side program included.
        data: the images' file.
        home: Keras's own folder in there.
        seed: the one seed.
    """

    snapshot: Snapshot
    data: str
    home: Path
    seed: int


def code(repository: Path, folders: Sequence[Path], cache: Path) -> Snapshot:
    """The code that a side needs in another environment."""
    return take(repository, folders, cache, PROGRAM)


def first_op(
    scenario: Scenario,
    places: tuple[tuple[Resolved, Environment], tuple[Resolved, Environment]],
    bed: Bed,
    steps: int = STEPS,
) -> Comparison:
    """Compares a scenario op by op between the baseline and a candidate.

    Args:
        scenario: what runs.
        places: the baseline and the candidate.
        bed: the code, the data and the seed.
        steps: how many steps to look at.

    Raises:
        ParityError: a side cannot run.
    """
    jobs = tuple(_job(scenario, resolved, bed, steps) for resolved, _ in places)
    hosts = tuple(_host(resolved, environment, bed) for resolved, environment in places)
    return compare(
        (jobs[0], jobs[1]),
        (scenario, scenario),
        Ledger(),
        op_by_op=True,
        hosts=(hosts[0], hosts[1]),
    )


def _job(scenario: Scenario, resolved: Resolved, bed: Bed, steps: int) -> Job:
    return Job(
        name=f"{scenario.id} in {resolved.request.spec}",
        backend=resolved.request.backend,
        scenarios=(scenario.id,),
        options=RunOptions(seed=bed.seed, randomness="controlled", steps=steps),
        data=bed.data,
        repository=str(bed.snapshot.root),
        folders=bed.snapshot.folders,
    )


def _host(resolved: Resolved, environment: Environment, bed: Bed) -> Host:
    more = {"KERAS_HOME": str(bed.home)} | legacy_variables(resolved.legacy)
    variables = clean_variables(process_environment(resolved.request.backend), more)
    return Host(environment.python, bed.snapshot.root, variables)
