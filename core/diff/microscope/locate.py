"""Localisation: the first op and step at which two runs differ beyond rounding.

The sides go in lock step. Side A runs freely; before each step side B is given the variables that
A has, so that nothing an earlier step did wrong is counted twice and rounding has one step to grow
in, not hundreds. Then every op's results are compared, in execution order.

What rounding accounts for is measured at the same place: A takes the step again from variables
moved by one unit in the last place of the coarser precision, and how far each result moves is its
envelope, kept as a running maximum over steps. A difference beyond `FACTOR` times the envelope
and `FLOOR` units is looked at again: a unit whose input is almost zero may be on for one side and
off for the other, and A shows the same jump when it is moved a little more. What A cannot be moved
to is beyond rounding.

In double precision a leak of size s (`core.diff.microscope.ledger`) may account for a difference at
an op of its kind, and for what follows from it within the step: there the envelope is that of A
moved by s, or by what the leak was seen to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import attrs

from core.diff.microscope.alignment import Pair, align, placed
from core.diff.microscope.difference import difference
from core.diff.microscope.envelope import Envelopes
from core.diff.microscope.look import Compared, Look
from core.diff.microscope.result import Located, Seen
from core.diff.microscope.side import ArrayFile, Opened, Side
from core.run.backends.arithmetic_kinds import tap_kinds
from core.run.runner.taps import Tap, positions
from core.spec import Scenario


def locate(
    a: Side,
    b: Side,
    compared: Compared,
    opened: tuple[Opened, Opened],
    folder: Path,
    *,
    at_most: int | None = None,
) -> Located:
    """Compares two opened sides op by op, step by step.

    Args:
        a: the side that runs freely, and whose noise is measured.
        b: the side that follows.
        compared: what they run, where, in which precisions, and what is known about them.
        opened: what the sides said when they were opened.
        folder: where files pass between them; two at a time.
        at_most: how many steps to compare; None for all that both sides take.
    """
    steps = min(side.steps for side in opened)
    steps = steps if at_most is None else min(steps, at_most)
    pairs = align(placed(compared.a), placed(compared.b))
    look = Look(compared, pairs, Envelopes(a))
    files = {name: folder / f"{name}.npz" for name in ("a", "b")}
    a.start(files["a"])
    b.start(files["b"])
    with _opened(files) as (one, other):
        unexplained = _initial(compared, one, other)
    # Initial variables were compared before this: training would carry the sides apart anyway.
    a.train()
    undisturbed = True
    done = 0
    for index in range(steps if unexplained is None else 0):
        a.step(index, files["a"])
        # From A's variables, so that what an earlier step did wrong is not counted again.
        b.step(index, files["b"], files["a"])
        with _opened(files) as (one, other):
            undisturbed = undisturbed and _same_losses(compared.a, one, opened[0].losses, index)
            unexplained = look.step(index, one, other)
        done = index + 1
        if unexplained is not None:
            break
    if unexplained is not None:
        unexplained = _known(compared, pairs, unexplained)
    return Located(
        steps=done,
        unexplained=unexplained,
        explained=tuple(look.explained.values()),
        first_bits=look.first_bits,
        largest=look.largest,
        share=look.share,
        undisturbed=undisturbed,
    )


@contextmanager
def _opened(files: Mapping[str, Path]) -> Iterator[tuple[ArrayFile, ArrayFile]]:
    one, other = (ArrayFile(files[name]) for name in ("a", "b"))
    try:
        yield one, other
    finally:
        one.close()
        other.close()


def _initial(compared: Compared, a: ArrayFile, b: ArrayFile) -> Seen | None:
    """The first initial variable that differs by more than a unit in the last place."""
    one, other = a.state(), b.state()
    for name in dict.fromkeys((*one, *other)):
        model, _, variable = name.partition("/")
        seen = Seen("", f"setup of {model}", 0, variable, None)
        if name not in one or name not in other:
            words = f"{variable} only in {'A' if name in one else 'B'}"
            return attrs.evolve(seen, structure=words)
        size = difference(one[name], other[name])
        if size > compared.unit:
            return attrs.evolve(seen, difference=size, allowed=compared.unit)
    return None


def _same_losses(
    scenario: Scenario, taps: ArrayFile, free: Mapping[str, Sequence[float]], index: int
) -> bool:
    """Whether a step's taps hold losses that are bit-identical to the free run's."""
    for position, op in positions(scenario.step):
        for name, _ in op.makes():
            tap = Tap(position, "value").name
            if index < len(free.get(name, ())) and tap in taps:
                value = float(taps[tap].reshape(()))
                # NaN is unequal to itself: a run that diverged does not say that taps disturb.
                if value != free[name][index] and value == value:
                    return False
    return True


def _known(compared: Compared, pairs: Sequence[Pair], seen: Seen) -> Seen:
    """The difference with what is known to mean something else at its op."""
    for pair in pairs:
        if pair.a is not None and pair.a.position == seen.position and not seen.structure:
            kinds = tap_kinds(compared.a, pair.a.op, seen.tensor)
            meanings = compared.ledger.meanings_of(compared.backends, kinds)
            note = "; ".join(f"known of {m.kind}: {m.what}" for m in meanings)
            return attrs.evolve(seen, note=note)
    return seen
