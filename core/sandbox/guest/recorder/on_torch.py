"""Wrappers around torch: `backward`, optimizers, data loaders."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import cast

from ..dynamic import Dynamic, Function, replace
from .matching import Target, target_of
from .recorder import Recorder
from .values import leaves_of, number_of


class OnTorch:
    """Wraps torch."""

    def __init__(self, recorder: Recorder, torch: Dynamic) -> None:
        self._recorder = recorder
        self._torch = torch
        self._depth = 0

    def install(self) -> None:
        """Wraps the public names that a training loop uses."""
        torch = self._torch
        replace(torch.Tensor, "backward", self._backward)
        replace(torch.autograd, "backward", self._backward)
        replace(torch.autograd, "grad", self._grad)
        module = cast(Dynamic, import_module("torch.optim.optimizer"))
        register = getattr(module, "register_optimizer_step_pre_hook", None)
        if register is not None:
            register(self._step)
        data = cast(Dynamic, import_module("torch.utils.data"))
        replace(data.DataLoader, "__iter__", self._iter)

    def _backward(self, original: Function) -> object:
        recorder = self._recorder

        def backward(tensors: object, *args: object, **named: object) -> object:
            if self._depth or recorder.ledger.inside:
                return original(tensors, *args, **named)
            leaves = leaves_of(tensors)
            value = number_of(leaves)  # now: the tensor would keep its graph alive
            recorder.ledger.gradient(Target(value, recorder.line() or 0))
            self._depth += 1
            try:
                return original(tensors, *args, **named)
            finally:
                self._depth -= 1

        return backward

    def _grad(self, original: Function) -> object:
        recorder = self._recorder

        def grad(outputs: object, inputs: object, *args: object, **named: object) -> object:
            result = original(outputs, inputs, *args, **named)
            if not self._depth and not recorder.ledger.inside:
                value = number_of(leaves_of(outputs))
                target = target_of(value, recorder.line() or 0, inputs, result)
                recorder.ledger.gradient(target)
            return result

        return grad

    def _step(self, optimizer: object, *_: object) -> None:
        recorder = self._recorder
        if recorder.ledger.inside:
            return
        groups = cast(Iterable[dict[str, list[object]]], cast(Dynamic, optimizer).param_groups)
        parameters = [parameter for group in groups for parameter in group["params"]]
        name = recorder.optimizers.name(optimizer)
        recorder.optimizers.watch(name, parameters)
        gradients = [getattr(parameter, "grad", None) for parameter in parameters]
        recorder.ledger.update(name, gradients, parameters)
        recorder.optimizers.counted(name)

    def _iter(self, original: Function) -> object:
        def __iter__(loader: object) -> object:  # noqa: N807
            iterator = original(loader)
            owner = next(c for c in type(iterator).__mro__ if "__next__" in vars(c))
            replace(owner, "__next__", self._next)
            self._recorder.passes.begin(iterator, loader, "DataLoader")
            return iterator

        return __iter__

    def _next(self, original: Function) -> object:
        passes = self._recorder.passes

        def __next__(iterator: object) -> object:  # noqa: N807
            if not passes.want(iterator):
                raise StopIteration
            try:
                batch = original(iterator)
            except StopIteration:
                passes.exhausted(iterator)
                raise
            passes.given(iterator, batch)
            return batch

        return __next__
