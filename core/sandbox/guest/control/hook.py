"""Waits for a framework to be imported, then controls it."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import cast

import numpy as np

from ..dynamic import Dynamic, Function, replace
from .draws import Draws
from .noticing import tell
from .on_keras import OnKeras
from .on_tensorflow import OnTensorFlow
from .on_torch import OnTorch, on_jax

VARIABLE = "LOOP_PARITY_CONTROL"
"""Holds `{"seed": …, "nudge": …}` in the environment of a process that is to be controlled."""

_FRAMEWORKS = ("tensorflow", "keras", "tf_keras", "torch", "jax")


class Control:
    """What is controlled in this process."""

    def __init__(self, seed: int, nudge: int) -> None:
        self.draws = Draws(seed, nudge)
        self._tensorflow: OnTensorFlow | None = None

    def numpy(self) -> None:
        """Generators that the document makes without a seed get one."""

        def make(original: Function) -> object:
            def default_rng(seed: object = None) -> object:
                if seed is None:
                    return self.draws.next("numpy.random.default_rng")
                return original(seed)

            return default_rng

        replace(np.random, "default_rng", make)

    def found(self, name: str, module: ModuleType) -> None:
        """A framework has been imported."""
        framework = cast(Dynamic, module)
        if name == "tensorflow":
            self._on_tensorflow(framework).install()
        elif name == "torch":
            OnTorch(self.draws, framework).install()
        elif name == "jax":
            on_jax(framework)
        else:
            OnKeras(self.draws, framework).install()
            backend = getattr(framework.backend, "backend", None)
            if backend is None or str(cast(Function, backend)()) == "tensorflow":
                tensorflow = cast(Dynamic, import_module("tensorflow"))
                self._on_tensorflow(tensorflow).dropout(framework)

    def _on_tensorflow(self, tensorflow: Dynamic) -> OnTensorFlow:
        if self._tensorflow is None:
            self._tensorflow = OnTensorFlow(self.draws, tensorflow)
        return self._tensorflow


class Finder(importlib.abc.MetaPathFinder):
    """Finds frameworks as Python does, and tells when one has been imported."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._asking = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module's own spec, with a loader that tells afterwards."""
        del path, target
        if fullname not in _FRAMEWORKS or self._asking:
            return None
        self._asking = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._asking = False
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, fullname, self._control)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader, name: str, control: Control) -> None:
        self._loader, self._name, self._control = loader, name, control

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        try:
            self._control.found(self._name, module)
        except Exception as error:  # noqa: BLE001 - a release that is built differently
            with suppress(Exception):
                tell(f"{self._name} is not controlled ({type(error).__name__}: {error})")

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)


def install() -> None:
    """Controls this process where its environment asks for it."""
    text = os.environ.get(VARIABLE)
    if text:
        asked = json.loads(text)
        control = Control(int(asked["seed"]), int(asked.get("nudge", 0)))
        control.numpy()
        sys.meta_path.insert(0, Finder(control))
