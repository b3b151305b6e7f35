"""Which scenarios are the same experiment under two names.

A translated guide shares its original's specs by reference, so that a run of the one *is* a run of
the other: only the guide, its title and the headings differ, and none of these enters the numbers.
"""

from __future__ import annotations

import hashlib

import attrs

from core.spec import ops
from core.spec.kinds import Op
from core.spec.scenario import Guide, Scenario

_NOWHERE = Guide("any", "any", 1)


def experiment(scenario: Scenario) -> Scenario:
    """The scenario without the names that no number depends on.

    Two scenarios with equal experiments give equal traces under equal options: their phases, loop,
    earlier sections and the stream that addresses their draws are equal.
    """
    return attrs.evolve(
        scenario,
        guide=_NOWHERE,
        title="any",
        setup=tuple(
            attrs.evolve(op, section=experiment(op.section)) if isinstance(op, ops.Continue) else op
            for op in scenario.setup
        ),
        after=tuple(experiment(section) for section in scenario.after),
        lineage=scenario.stream,
    )


def experiment_digest(scenario: Scenario) -> str:
    """SHA-256 over the experiment, earlier sections included: what a measurement belongs to."""
    parts = [repr(experiment(scenario))]
    parts += [experiment_digest(section) for section in (*scenario.continues, *scenario.after)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_SAID = (ops.Log, ops.SaveImage, ops.Sheet, ops.SaveModel)


def numbers_digest(scenario: Scenario) -> str:
    """SHA-256 over what the numbers of a controlled run depend on.

    What it prints and saves, and what was built before it, is left out: two sections that differ
    in these alone give equal losses.
    """
    setup = [
        (op.names, numbers_digest(op.section)) if isinstance(op, ops.Continue) else op
        for op in _silent(scenario.setup)
    ]
    loop = attrs.evolve(scenario.loop, announce=(), closing=(), log_every=1)
    phases = [scenario.step, scenario.evaluate, scenario.on_log, scenario.on_epoch_end]
    parts = [scenario.stream, setup, loop, *map(_silent, phases)]
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()


def _silent(phase: tuple[Op, ...]) -> list[Op]:
    return [op for op in phase if not isinstance(op, _SAID)]
