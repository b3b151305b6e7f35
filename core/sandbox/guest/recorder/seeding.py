"""Imports the frameworks, seeds everything once, and wraps what is there."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Mapping
from importlib import import_module, metadata
from typing import cast

import numpy as np

from .. import events
from ..dynamic import Dynamic
from .on_jax import OnJax
from .on_keras import OnKeras
from .on_tensorflow import OnTensorFlow
from .on_torch import OnTorch
from .recorder import Recorder

_PACKAGES = ("keras", "tf_keras", "tensorflow", "jax", "torch", "numpy", "optax", "flax")


def prepare(recorder: Recorder, others: Mapping[str, str] | None = None) -> None:
    """Imports what the request names, seeds as the project's own runs do, and wraps the frameworks.

    Args:
        recorder: what watches the run.
        others: versions of what else takes part, beside Python's packages.
    """
    started = time.perf_counter()
    notes: list[str] = []
    for name in recorder.request.imports:
        try:
            import_module(name)
        except BaseException as error:  # noqa: BLE001 - the cell that imports it will say so again
            notes.append(f"{name} cannot be imported: {type(error).__name__}: {error}")
    _seed(recorder.request.seed, recorder.request.precision)
    notes += Frameworks(recorder).install()
    recorder.channel.send(
        events.Started(
            python=sys.version.split()[0],
            backend=_backend(),
            versions=_versions() | dict(others or {}),
            seconds=time.perf_counter() - started,
            notes=tuple(notes),
        ),
        now=True,
    )


def _seed(seed: int, precision: str) -> None:
    # Python and NumPy also where there is no Keras; `set_random_seed` seeds them again, alike.
    random.seed(seed)
    np.random.seed(seed)
    for name in ("tf_keras", "keras"):
        keras = cast("Dynamic | None", sys.modules.get(name))
        if keras is not None:
            if precision != "float32":
                keras.backend.set_floatx(precision)
            keras.utils.set_random_seed(seed)
            return
    if "tensorflow" in sys.modules:
        cast(Dynamic, sys.modules["tensorflow"]).random.set_seed(seed)
    if "torch" in sys.modules:
        cast(Dynamic, sys.modules["torch"]).manual_seed(seed)


def _backend() -> str | None:
    keras = cast("Dynamic | None", sys.modules.get("keras"))
    if keras is None:
        return None
    backend = getattr(keras.backend, "backend", None)
    return str(backend()) if callable(backend) else "tensorflow"


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _PACKAGES:
        if name.split(".")[0] in sys.modules:
            for distribution in (name, f"{name}-cpu", name.replace("_", "-")):
                try:
                    found[name] = metadata.version(distribution)
                    break
                except metadata.PackageNotFoundError:
                    continue
    return found


class Frameworks:
    """Wraps each framework once it is imported."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._done: set[str] = set()

    def install(self) -> list[str]:
        """Wraps the frameworks that are imported and not wrapped yet.

        Returns:
            Notes on what could not be wrapped.
        """
        notes: list[str] = []
        for name in ("tensorflow", "jax", "torch", "keras", "tf_keras"):
            module = sys.modules.get(name)
            if module is None or name in self._done:
                continue
            self._done.add(name)
            try:
                self._wrap(name, cast(Dynamic, module))
            except Exception as error:  # noqa: BLE001 - a version that is built differently
                notes.append(f"{name} is not recorded: {type(error).__name__}: {error}")
        return notes

    def _wrap(self, name: str, module: Dynamic) -> None:
        recorder = self._recorder
        if name == "tensorflow":
            OnTensorFlow(recorder, module).install()
        elif name == "torch":
            threads = os.environ.get("OMP_NUM_THREADS")
            if threads:
                module.set_num_threads(int(threads))
            OnTorch(recorder, module).install()
        elif name == "jax":
            self._jax = OnJax(recorder, module)
            self._jax.install()
        else:
            keras = OnKeras(recorder, module)
            keras.install()
            if recorder.request.data:
                keras.supply(recorder.request.data)
            if "jax" in self._done:
                keras.applied = self._jax.applied
