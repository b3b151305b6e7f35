"""Which runs a rehearsal needs, environment by environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.check.horizon.variation import VARIATIONS, Variation
from core.upgrade.environments.resolution import Resolution
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.call import Call
from core.upgrade.rehearsal.engine import Task
from core.upgrade.rehearsal.run import Run
from core.upgrade.rehearsal.subjects import Subject


def shared(subjects: Sequence[Subject]) -> Mapping[str, str]:
    """For each subject the one whose runs it shares: the first with the same experiment."""
    first: dict[str, str] = {}
    return {each.name: first.setdefault(each.experiment, each.name) for each in subjects}


def tasks(
    call: Call, subjects: Sequence[Subject], resolutions: Sequence[Resolution]
) -> Iterator[Task]:
    """The baseline, its control, its honest variations; then each other environment once."""
    base = resolutions[0]
    assert isinstance(base, Resolved)
    for replicate in (0, 1):
        yield Task(base, runs_of(call, subjects, base, replicate))
    yield from _variations(call, subjects, base)
    seen = {base.identity}
    for resolved in resolutions[1:]:
        if isinstance(resolved, Resolved) and resolved.identity not in seen:
            seen.add(resolved.identity)
            for replicate in (0, 1) if call.controls else (0,):
                yield Task(resolved, runs_of(call, subjects, resolved, replicate))


def runs_of(
    call: Call, subjects: Sequence[Subject], resolved: Resolved, replicate: int = 0
) -> tuple[Run, ...]:
    """The runs of one environment, each experiment once; the control goes the other way round.

    In another order, so that what one run leaves behind in a process shows as noise.
    """
    able = {each.name: each for each in subjects if resolved.request.backend in each.backends}
    made = [
        Run(name, options, replicate=replicate)
        for name in dict.fromkeys(shared([*able.values()]).values())
        for options in (call.controlled(able[name]), call.native(able[name]))
    ]
    return tuple(reversed(made) if replicate else made)


def _variations(call: Call, subjects: Sequence[Subject], base: Resolved) -> Iterator[Task]:
    """Honest variations in the baseline of the subjects whose horizon no golden says."""
    backend = base.request.backend
    left = [each for each in subjects if backend in {*each.backends} - {*each.horizons}]
    names = shared(subjects)
    first = {names[each.name]: each for each in left}
    for variation in VARIATIONS if first else ():
        runs = (varied(call, name, each, backend, variation) for name, each in first.items())
        yield Task(base, tuple(runs))


def varied(call: Call, name: str, subject: Subject, backend: str, variation: Variation) -> Run:
    """A controlled run of a subject, under a name, as an honest variation of the pinned one."""
    options = variation.options(call.controlled(subject))
    return Run(name, options, variation.arithmetic(backend))
