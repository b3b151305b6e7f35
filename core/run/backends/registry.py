"""Which backends there are, which are installed, and how to get one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import metadata
from typing import TYPE_CHECKING

from core.errors import UsageError, did_you_mean
from core.extras import install_command
from core.run.backends.arithmetic import Arithmetic
from core.run.backends.lean import without_extras
from core.spec import BACKENDS
from core.spec.reading import READINGS

if TYPE_CHECKING:
    from core.run.backends.protocol import Backend

PACKAGES = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}
PINNED = Arithmetic()
REFERENCE = "reference"
"""The scenario in NumPy, in double precision: no framework, and so always there."""
LEGACY_VARIABLE = "LOOP_PARITY_LEGACY_KERAS"
"""Names the package that holds legacy Keras (Keras 2): `keras` before 3.0, or `tf_keras`."""


def legacy_switch(package: str) -> dict[str, str]:
    """The environment variable that makes TensorFlow's own `tf.keras` legacy Keras.

    It sends TensorFlow to the package `tf_keras`, so it is set where that is the package, and not
    where Keras itself is older than 3.0: there `tensorflow.keras` would not be found.

    Args:
        package: what holds legacy Keras; empty where Keras 3 is used.
    """
    return {"TF_USE_LEGACY_KERAS": "1"} if package == "tf_keras" else {}


def legacy_variables(package: str) -> dict[str, str]:
    """Environment variables for a process of ours on legacy Keras, none where Keras 3 is used."""
    return {LEGACY_VARIABLE: package} | legacy_switch(package) if package else {}


def version_of(package: str) -> str | None:
    """A distribution's version, None where it is not installed. Imports nothing."""
    for name in (package, f"{package}-cpu"):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def installed() -> tuple[str, ...]:
    """Names of the installed backends."""
    if version_of("keras") is None:
        return ()
    return tuple(name for name in BACKENDS if version_of(PACKAGES[name]) is not None)


def chosen(asked: Sequence[str], more: Sequence[str] = ()) -> tuple[str, ...]:
    """The backends that `--backend`, which may be repeated, names; `all` names each framework.

    Args:
        asked: the names as given.
        more: backends that `all` does not mean, but that may be asked for by name.

    Raises:
        UsageError: an unknown name.
    """
    known = (*BACKENDS, *more)
    for name in asked:
        if name not in (*known, "all"):
            raise UsageError(
                f"unknown backend {name!r}",
                where="--backend",
                expected=f"{', '.join(known)} or all",
                remedy=did_you_mean(name, (*known, "all"), "name one of them"),
            )
    return tuple(n for n in known if n in asked or ("all" in asked and n in BACKENDS))


def process_environment(backend: str, arithmetic: Arithmetic = PINNED) -> dict[str, str]:
    """Environment variables for a worker process: backend, threads, processor, quiet logs."""
    return os.environ | {
        "KERAS_BACKEND": backend,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "PYTHONHASHSEED": "0",
        **arithmetic.variables(backend),
    }


def open_backend(name: str, precision: str, reading: str = "tensorflow") -> Backend:
    """Imports a backend.

    Args:
        name: which one.
        precision: `float32` or `float64`; the reference has double precision alone.
        reading: the backend whose meanings the reference takes where frameworks differ.

    Raises:
        UsageError: it is not installed.
    """
    if name == REFERENCE:
        from core.run.backends.reference.backend import ReferenceBackend

        return ReferenceBackend(READINGS[reading])
    if name not in installed():
        raise UsageError(
            f"backend {name!r} is not installed",
            where="--backend",
            expected="an installed backend",
            remedy=install_command(name),
        )
    with without_extras(name):
        return _imported(name, precision)


def _imported(name: str, precision: str) -> Backend:
    if name == "jax":
        from core.run.backends.jax import JaxBackend

        return JaxBackend(precision)
    if name == "torch":
        from core.run.backends.torch import TorchBackend

        return TorchBackend(precision)
    if legacy := os.environ.get(LEGACY_VARIABLE):
        from core.run.backends.legacy import LegacyBackend

        return LegacyBackend(legacy, precision)
    from core.run.backends.tensorflow import TensorFlowBackend

    return TensorFlowBackend(precision)
