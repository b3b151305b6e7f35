"""torch and JAX: what is drawn by address, and what is only noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ..dynamic import Dynamic, Function, Maker, replace
from .calls import NOTICED_JAX, NOTICED_TENSOR, NOTICED_TORCH
from .draws import Draws
from .noticing import notice, place, tell

Fill = Callable[[np.random.Generator, tuple[int, ...], float, float], NDArray[np.float64]]
_BOUNDS = {"uniform_": {"from": 0.0, "to": 1.0}, "normal_": {"mean": 0.0, "std": 1.0}}
"""The parameters of a filling function, with what they are where they are not given."""


def _uniform(
    generator: np.random.Generator, shape: tuple[int, ...], low: float, high: float
) -> NDArray[np.float64]:
    return np.asarray(generator.uniform(low, high, shape))


def _normal(
    generator: np.random.Generator, shape: tuple[int, ...], mean: float, deviation: float
) -> NDArray[np.float64]:
    return np.asarray(mean + deviation * generator.standard_normal(shape))


class OnTorch:
    """Controls torch's plain draws; others are reported."""

    def __init__(self, draws: Draws, torch: Dynamic) -> None:
        self._draws = draws
        self._torch = torch

    def install(self) -> None:
        """Replaces the drawing functions."""
        for name in ("rand", "randn"):
            replace(self._torch, name, self._sized(name))
            replace(self._torch, f"{name}_like", self._like(name))
        replace(self._torch, "randperm", self._order)
        replace(self._torch.Tensor, "uniform_", self._filled("uniform_", _uniform))
        replace(self._torch.Tensor, "normal_", self._filled("normal_", _normal))
        replace(self._torch.nn.functional, "dropout", self._dropout)
        notice(self._torch.Tensor, NOTICED_TENSOR, "torch.Tensor")
        notice(self._torch, NOTICED_TORCH, "torch")

    def _values(self, name: str, shape: tuple[int, ...]) -> Dynamic:
        generator = self._draws.next(f"torch.{name}/{place() or ''}/{shape}")
        values = generator.random(shape) if name == "rand" else generator.standard_normal(shape)
        return self._torch.from_numpy(np.asarray(values, dtype=np.float32))

    def _sized(self, name: str) -> Maker:
        def make(original: Function) -> object:
            def drawn(*size: object, **named: object) -> object:
                if set(named) - {"dtype", "device", "requires_grad", "generator", "size"}:
                    return original(*size, **named)
                given = named.get("size", size)
                sizes = cast(Dynamic, given)
                if len(sizes) == 1 and not isinstance(sizes[0], int):
                    sizes = sizes[0]
                made = self._values(name, tuple(int(length) for length in sizes))
                kept = {k: v for k, v in named.items() if k in ("dtype", "device")}
                made = made.to(**kept) if kept else made
                return made.requires_grad_() if named.get("requires_grad") else made

            return drawn

        return make

    def _like(self, name: str) -> Maker:
        def make(original: Function) -> object:
            def drawn(tensor: Dynamic, **named: object) -> object:
                if named:
                    return original(tensor, **named)
                return self._values(name, tuple(int(s) for s in tensor.shape)).to(tensor)

            return drawn

        return make

    def _filled(self, name: str, draw: Fill) -> Maker:
        """Fills a tensor in place, as `torch.nn.init` does with the weights of every layer."""

        def make(original: Function) -> object:
            def filled(tensor: Dynamic, *args: object, **named: object) -> object:
                if set(named) - {"generator", *_BOUNDS[name]} or not tensor.is_floating_point():
                    tell(f"torch.Tensor.{name}")
                    return original(tensor, *args, **named)
                shape = tuple(int(size) for size in tensor.shape)
                given = dict(zip(_BOUNDS[name], args, strict=False)) | named
                first, second = (
                    float(cast(float, given.get(n, d))) for n, d in _BOUNDS[name].items()
                )
                address = f"torch.{name}/{shape}"
                values = draw(self._draws.next(address), shape, first, second)
                array = self._draws.weights(address, values)
                with self._torch.no_grad():  # type: ignore[attr-defined]
                    tensor.copy_(self._torch.from_numpy(array))
                return tensor

            return filled

        return make

    def _dropout(self, original: Function) -> object:
        def dropout(
            input: Dynamic,  # noqa: A002
            p: float = 0.5,
            training: bool = True,
            inplace: bool = False,
        ) -> object:
            if not training or p == 0 or inplace:
                if training and p:
                    tell("torch.nn.functional.dropout in place")
                return original(input, p, training, inplace)
            shape = tuple(int(size) for size in input.shape)
            generator = self._draws.next(f"torch.dropout/{place() or ''}/{shape}")
            keep = np.asarray(generator.random(shape) >= p, dtype=np.float32)
            return input * self._torch.from_numpy(keep).to(input) * (1.0 / (1.0 - p))  # type: ignore[operator]

        return dropout

    def _order(self, original: Function) -> object:
        def randperm(count: int, *args: object, **named: object) -> object:
            if args or set(named) - {"generator"}:
                return original(count, *args, **named)
            order = self._draws.next(f"torch.randperm/{place() or ''}").permutation(int(count))
            return self._torch.from_numpy(np.asarray(order, dtype=np.int64))

        return randperm


def on_jax(jax: Dynamic) -> None:
    """Tells of JAX's draws: they follow from keys, by a formula that releases have changed."""
    notice(jax.random, NOTICED_JAX, "jax.random")
