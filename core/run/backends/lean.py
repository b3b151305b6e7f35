"""Imports a framework without what no loop uses, and leaves it without taking it apart.

Keras imports scikit-learn for its wrappers, Matplotlib for its galleries and JAX for Orbax's
checkpoints wherever they are installed; TensorFlow imports JAX for its converter to TFLite. All of
them do without. Measured here, processor time of `import keras` with and without them:
TensorFlow 5.7 and 4.0 s, JAX 3.7 and 2.2 s, torch 7.9 and 4.6 s. Only processes that run this
repository's own specs import so: a document's process is left as it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

EXTRAS = ("sklearn", "pandas", "matplotlib")


@contextmanager
def without_extras(backend: str) -> Iterator[None]:
    """Inside, the extras that are not imported yet, and JAX for other backends, are not found.

    Afterwards they can be imported as ever.
    """
    names = EXTRAS if backend == "jax" else (*EXTRAS, "jax")
    hidden = [name for name in names if name not in sys.modules]
    modules: dict[str, object] = sys.modules  # type: ignore[assignment]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            modules.pop(name, None)


def leave(status: int) -> NoReturn:
    """Ends a process whose results are out; taking a framework apart would take a second."""
    sys.stderr.flush()
    os._exit(status)
