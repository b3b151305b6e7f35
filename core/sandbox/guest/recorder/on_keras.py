"""Wrappers around Keras, whatever its version: models, optimizers, losses, metrics, `fit`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import cast

from ..dynamic import Dynamic, Function, replace
from .fitting import wrap_fit
from .losses import Losses
from .metrics import Metrics
from .recorder import Recorder
from .values import leaves_of


class OnKeras:
    """Wraps one Keras package (`keras` or `tf_keras`).

    Attributes:
        applied: called after each stateless application with the optimizer, what it was given and
            what it returned.
    """

    def __init__(self, recorder: Recorder, keras: Dynamic) -> None:
        self._recorder = recorder
        self._keras = keras
        self._applying = 0
        self.applied: Callable[[str, tuple[object, ...], object], None] | None = None
        self._losses = Losses(recorder)
        self._metrics = Metrics(recorder)

    def install(self) -> None:
        """Wraps the classes that everything else in Keras derives from."""
        keras = self._keras
        self._recorder.models.kind = cast(type, keras.Model)
        replace(keras.Model, "__call__", self._call)
        optimizer = keras.optimizers.Optimizer
        if hasattr(optimizer, "apply"):  # Keras 3
            replace(optimizer, "apply", self._apply)
            replace(optimizer, "stateless_apply", self._stateless_apply)
        else:
            replace(optimizer, "apply_gradients", self._apply_gradients)
            legacy = getattr(keras.optimizers, "legacy", None)
            if legacy is not None and legacy.Optimizer is not optimizer:
                replace(legacy.Optimizer, "apply_gradients", self._apply_gradients)
        self._losses.install(keras.losses.Loss)
        self._metrics.install(keras.metrics.Metric)
        wrap_fit(self._recorder, keras)

    def supply(self, data: str) -> None:
        """Serves a file in place of the one that Keras's MNIST would download."""
        module = sys.modules[str(self._keras.datasets.mnist.load_data.__module__)]
        replace(module, "get_file", lambda _: lambda *_args, **_named: data)

    def _call(self, original: Function) -> object:
        recorder = self._recorder

        def __call__(model: object, *args: object, **named: object) -> object:  # noqa: N807
            if recorder.ledger.inside or not recorder.places.called_by_document():
                return original(model, *args, **named)
            result = original(model, *args, **named)
            self._losses.made(model, result)
            asked = named.get("training", "unset") if "training" in named else "unset"
            frame = recorder.frames.top
            recorder.models.called(
                model,
                asked.lower() if isinstance(asked, str) else str(asked).lower(),
                recorder.tape > 0,
                frame is not None,
                recorder.line(),
            )
            return result

        return __call__

    def _noted(
        self, optimizer: object, gradients: object, variables: object, in_place: bool = True
    ) -> None:
        """An optimizer is about to be applied by the document."""
        recorder = self._recorder
        if recorder.ledger.inside:
            return
        given = variables
        if given is None:
            given = getattr(optimizer, "_trainable_variables", ())
        chosen = leaves_of(list(cast(Dynamic, given)))
        frame = recorder.frames.enclosing
        with recorder.outside():
            name = recorder.optimizers.name(optimizer)
            if in_place:
                recorder.optimizers.watch(name, chosen)
        if frame is None:
            recorder.ledger.update(name, gradients, chosen)
            recorder.optimizers.counted(name)
        elif recorder.frames.top is frame:
            frame.update(name, recorder.line() or 0, leaves_of(gradients), chosen)
        else:
            frame.loose.add(name)
            frame.trains = True

    def _apply(self, original: Function) -> object:
        def apply(optimizer: object, grads: object, trainable_variables: object = None) -> object:
            if self._applying:
                return original(optimizer, grads, trainable_variables)
            grads = grads if isinstance(grads, list | tuple) else list(cast(Dynamic, grads))
            if trainable_variables is not None:
                trainable_variables = list(cast(Dynamic, trainable_variables))
            self._noted(optimizer, grads, trainable_variables)
            self._applying += 1
            try:
                return original(optimizer, grads, trainable_variables)
            finally:
                self._applying -= 1

        return apply

    def _apply_gradients(self, original: Function) -> object:
        def apply_gradients(
            optimizer: object, grads_and_vars: object, *args: object, **named: object
        ) -> object:
            if self._applying:
                return original(optimizer, grads_and_vars, *args, **named)
            pairs = list(cast(Dynamic, grads_and_vars))
            self._noted(optimizer, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
            self._applying += 1
            try:
                return original(optimizer, pairs, *args, **named)
            finally:
                self._applying -= 1

        return apply_gradients

    def _stateless_apply(self, original: Function) -> object:
        def stateless_apply(
            optimizer: object,
            optimizer_variables: object,
            grads: object,
            trainable_variables: object,
        ) -> object:
            self._noted(optimizer, grads, trainable_variables, in_place=False)
            self._applying += 1
            try:
                result = original(optimizer, optimizer_variables, grads, trainable_variables)
            finally:
                self._applying -= 1
            if self.applied and not self._recorder.ledger.inside:
                name = self._recorder.optimizers.name(optimizer)
                self.applied(name, (optimizer_variables, trainable_variables), result)
            return result

        return stateless_apply
