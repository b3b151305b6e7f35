"""The lock of every SPEC of a call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import attrs

from core.errors import ParityError
from core.upgrade.environments.distributions import distributions
from core.upgrade.environments.request import FRAMEWORKS, MATTERS, Request, read_spec
from core.upgrade.environments.resolution import Resolution, Unavailable
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.subjects import Subject

_RESOLVERS = 4  # resolving waits for the network


def resolve_all(
    resolve: Callable[[Request], Resolved],
    subjects: Sequence[Subject],
    specs: Sequence[str],
    backend: str | None = None,
) -> list[Resolution]:
    """The lock of every SPEC, or why there is none.

    Args:
        resolve: finds the lock of a request.
        subjects: what is to run; a SPEC's file is reduced to what documents import, and the
            frameworks that documents run on are taken before others.
        specs: the SPECs.
        backend: the framework to run on; None takes the first that a SPEC names.

    Raises:
        UsageError: a SPEC that cannot be read.
    """
    programs = [each.program for each in subjects if each.program is not None]
    imports: frozenset[str] | None = None
    if programs:
        packages = {name for each in programs for name in each.imported_packages()}
        scenarios = len(programs) < len(subjects)
        imports = distributions(packages) | (MATTERS if scenarios else frozenset())
    prefer = list(dict.fromkeys(each.chosen_backend() for each in programs))
    requests = [read_spec(spec, backend=backend, imports=imports, prefer=prefer) for spec in specs]

    def one(request: Request) -> Resolution:
        try:
            return _told(resolve(request), imports or ())
        except ParityError as error:
            return Unavailable.of(request, error)

    with ThreadPoolExecutor(_RESOLVERS) as threads:
        return list(threads.map(one, requests))


def _told(resolved: Resolved, imports: Collection[str]) -> Resolved:
    """With a note on what documents import and the environment does not hold."""
    held = {*resolved.lock.versions}
    for names in FRAMEWORKS.values():
        held |= {*names} if held & {*names} else set()
    absent = sorted({*imports} - held)
    if not absent:
        return resolved
    note = f"imported and not in the SPEC: {', '.join(absent)}"
    return attrs.evolve(resolved, notes=(*resolved.notes, note))
