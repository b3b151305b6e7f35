"""States on disk: variables at a station, rounded to bfloat16, the same for every backend.

bfloat16 has the exponents of a float32, so that Adam's second moments (1e-12 and less) survive,
which float16 would make 0. What is compared starts from the rounded state on both sides, so that
rounding costs nothing but the small jolt of a step that training would not have taken.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile

from core.errors import GoldenError
from core.run.backends.protocol import Array
from core.run.data.npz import UNREADABLE
from core.storage import write_atomically

REMEDY = "restore it from version control, or record the section again with `parity record`"


def write_state(path: Path, state: Mapping[str, Array]) -> None:
    """Writes the variables of a state: numbers as bfloat16, counters as 64-bit integers.

    Args:
        path: the file, an npz.
        state: variables by `object/variable`; those of no dimension are counters.

    Raises:
        OSError: the file cannot be written.
    """
    import ml_dtypes

    kept: dict[str, Array] = {}
    for name, value in state.items():
        if value.ndim:
            kept[name] = value.astype(ml_dtypes.bfloat16).view(np.uint16)
        else:
            kept[name] = np.asarray(round(float(value)), dtype=np.int64)
    held = io.BytesIO()
    np.savez_compressed(held, **kept)  # type: ignore[arg-type]
    write_atomically(path, held.getvalue())


def read_state(path: Path) -> dict[str, Array]:
    """The variables of a state, in single precision, counters as integers.

    Raises:
        GoldenError: a file that is missing or cannot be read.
    """
    try:
        held = np.load(io.BytesIO(path.read_bytes()))
        if not isinstance(held, NpzFile):
            raise ValueError("one array, no archive")
        kept = {name: np.asarray(held[name]) for name in held.files}
    except UNREADABLE as error:
        raise GoldenError(
            f"cannot be read ({error})",
            where=str(path),
            expected="the variables of a station, as an npz",
            remedy=REMEDY,
        ) from error
    return {name: _single(value) if value.ndim else value for name, value in kept.items()}


def _single(value: Array) -> Array:
    """Single precision from bfloat16, whose bits are the upper half of a float32's."""
    return np.asarray((value.astype(np.uint32) << 16).view(np.float32))
