"""The ledger of precision leaks: what Keras computes in lower precision under float64.

The sizes are measured (`python -m tools.measure_leaks`) and lie in `golden/leaks.json`; what a
leak comes from is told here, by backend and kind (`core.microscope.kinds`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import field, frozen

from core.errors import GoldenError

FILE = "leaks.json"
# A double has sixteen digits. What is computed in double precision is within a few thousand units
# in the last place of the reference; what passes through single precision is off by 1e-9 or more.
SMALLEST = 1e-11


@frozen
class Leak:
    """One kind of arithmetic that a backend does in lower precision.

    Attributes:
        backend: where.
        kind: what (`core.microscope.kinds`).
        size: the largest relative difference from the NumPy reference, over all it makes.
        part: where that largest difference is.
        cause: what in Keras or the framework is responsible.
    """

    backend: str
    kind: str
    size: float
    part: str
    cause: str

    @property
    def id(self) -> str:
        """`backend/kind`."""
        return f"{self.backend}/{self.kind}"


@frozen
class Meaning:
    """A kind of arithmetic that means something else on a backend: no rounding, and no leak."""

    backend: str
    kind: str
    what: str

    @property
    def id(self) -> str:
        """`backend/kind`."""
        return f"{self.backend}/{self.kind}"


CAUSES: Mapping[tuple[str, str], str] = {}

MEANINGS = (
    Meaning(
        "jax",
        "LeakyReLU",
        "its derivative at exactly 0 is 1 on JAX, and the negative slope on TensorFlow and torch",
    ),
    Meaning(
        "tensorflow",
        "BinaryCrossentropy of logits",
        "told that a sigmoid's outputs are logits, TensorFlow goes back to the logits behind them",
    ),
)


@frozen
class Ledger:
    """Leaks and meanings by backend and kind."""

    leaks: tuple[Leak, ...] = ()
    meanings: tuple[Meaning, ...] = field(default=MEANINGS)

    def leaks_of(self, backends: Iterable[str], kinds: Iterable[str]) -> tuple[Leak, ...]:
        """The leaks of some kinds on either of two backends, the largest first."""
        sides, wanted = {*backends}, {*kinds}
        found = [leak for leak in self.leaks if leak.backend in sides and leak.kind in wanted]
        return tuple(sorted(found, key=lambda leak: -leak.size))

    def meanings_of(self, backends: Iterable[str], kinds: Iterable[str]) -> tuple[Meaning, ...]:
        """What is known to mean something else on exactly one of two backends."""
        sides, wanted = {*backends}, {*kinds}
        if len(sides) < 2:
            return ()
        return tuple(m for m in self.meanings if m.backend in sides and m.kind in wanted)


def leaks_from(measured: Mapping[str, Mapping[str, Mapping[str, float]]]) -> tuple[Leak, ...]:
    """The leaks among measured differences.

    Args:
        measured: relative difference by backend, kind and part.
    """
    found = []
    for backend, kinds in measured.items():
        for kind, parts in kinds.items():
            part, size = max(parts.items(), key=lambda item: item[1])
            if size > SMALLEST:
                cause = CAUSES.get((backend, kind), "not looked into yet")
                found.append(Leak(backend, kind, size, part, cause))
    return tuple(found)


def read_ledger(golden: Path) -> Ledger:
    """The ledger of a folder of goldens; an empty one where nothing was measured.

    Raises:
        GoldenError: the file cannot be read.
    """
    path = golden / FILE
    if not path.exists():
        return Ledger()
    try:
        measured = json.loads(path.read_text(encoding="utf-8"))["measured"]
        return Ledger(leaks_from(measured))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoldenError(
            f"cannot be read ({error})",
            where=str(path),
            expected="the file that `python -m tools.measure_leaks --write` writes",
            remedy="write it again",
        ) from error
