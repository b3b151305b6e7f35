"""The ledger of precision leaks: what Keras computes in lower precision under float64.

The sizes are measured (`python -m tools.measure_leaks`) and lie in `golden/leaks.json`; what a
leak comes from is told here, by backend and kind (`core.run.backends.arithmetic_kinds`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from attrs import field, frozen

from core.errors import GoldenError

FILE = "leaks.json"
DENSE, GRADIENT = "Dense", "gradient"
# A double has sixteen digits. What is computed in double precision is within a few thousand units
# in the last place of the reference; what passes through single precision is off by 1e-9 or more.
SMALLEST = 1e-11


@frozen
class Leak:
    """One kind of arithmetic that a backend does in lower precision.

    Attributes:
        backend: where.
        kind: what (`core.run.backends.arithmetic_kinds`).
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


_TABLE = (
    'keras.backend.result_type("float64", "float64") is "float32" on JAX and torch, whatever '
    "floatx says (BIT64_TO_BIT32_DTYPE in keras/src/backend/common/dtypes.py), and "
)
CAUSES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("tensorflow", "Adam"): "keras.ops.cast(0.9, 'float64') is a float32 tensor first, so that "
        "the bias corrections are those of betas rounded to single precision",
        ("tensorflow", "LeakyReLU"): "TensorFlow's LeakyRelu keeps its slope as an attribute of "
        "the graph, which is stored in single precision",
        ("jax", "tanh"): f"{_TABLE}keras.ops.tanh casts its argument to it",
        ("jax", "BatchNormalization"): f"{_TABLE}the layer casts its input to it",
        ("jax", "ActivityRegularization"): f"{_TABLE}keras.ops.mean computes in it",
        **{
            ("jax", f"BinaryCrossentropy of {what}"): f"{_TABLE}keras.ops.mean computes in it"
            for what in ("logits", "logits after sigmoid", "probabilities")
        },
        ("torch", "Dense"): f"{_TABLE}keras.ops.matmul casts both arguments to it",
        ("torch", "BatchNormalization"): f"{_TABLE}the layer casts its input to it",
        ("torch", "ActivityRegularization"): f"{_TABLE}keras.ops.mean computes in it",
        **{
            ("torch", f"BinaryCrossentropy of {what}"): f"{_TABLE}keras.ops.mean computes in it"
            for what in ("logits", "logits after sigmoid", "probabilities")
        },
        ("torch", "SparseCategoricalCrossentropy of logits"): f"{_TABLE}the loss computes in it",
    }
)

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

    A gradient passes through the probe's other layers, too: it counts where it is off by more than
    that of a probe of Dense layers alone, or where the kind's own results are off as well.

    Args:
        measured: relative difference by backend, kind and part.
    """
    found = []
    for backend, kinds in measured.items():
        through = kinds.get(DENSE, {}).get(GRADIENT, 0.0)
        for kind, parts in kinds.items():
            own = max((size for part, size in parts.items() if part != GRADIENT), default=0.0)
            slopes = parts.get(GRADIENT, 0.0) > max(SMALLEST, 4.0 * through)
            if own > SMALLEST or slopes:
                part, size = max(parts.items(), key=lambda item: item[1])
                cause = CAUSES.get((backend, kind), "not looked into yet")
                found.append(Leak(backend, kind, size, part, cause))
    return tuple(found)


def read_ledger(golden: Path) -> Ledger:
    """The ledger in a folder of goldens; without leaks where none were measured.

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
