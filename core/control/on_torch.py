"""torch and JAX: what is drawn by address, and what is only noticed."""

from __future__ import annotations

from typing import cast

import numpy as np

from .calls import NOTICED_JAX, NOTICED_TORCH
from .draws import Draws
from .wrapping import Dynamic, Function, Maker, notice, place, replace


class OnTorch:
    """Controls torch's plain draws; others are told of."""

    def __init__(self, draws: Draws, torch: Dynamic) -> None:
        self._draws = draws
        self._torch = torch

    def install(self) -> None:
        """Replaces the drawing functions."""
        for name in ("rand", "randn"):
            replace(self._torch, name, self._sized(name))
            replace(self._torch, f"{name}_like", self._like(name))
        replace(self._torch, "randperm", self._order)
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
