"""Values that remember where they came from, and slopes that go back along them.

Reverse-mode differentiation as in "Automatic differentiation in machine learning: a survey"
(Baydin et al. 2018), section 3.2: each value knows the values it was made of and how a slope of
the result becomes slopes of those; weights are the leaves.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from itertools import count

import numpy as np
from attrs import define, field

from core.run.backends.protocol import Array
from core.run.backends.reference.convolution import Numbers

Weight = tuple[str, int, str]
"""A weight: its model's key, the layer's position, the weight's name."""
Back = Callable[[Numbers], tuple[tuple[Numbers, ...], Mapping[Weight, Numbers]]]
"""From the slope of a value to the slopes of what it was made of, and of the weights it used."""

_order = count()


@define(eq=False)
class Node:
    """One value of a step.

    Attributes:
        value: the numbers.
        parents: the values it was made of.
        back: how a slope goes back; None for a constant.
        models: keys of the models whose weights the value depends on.
        logits: what a sigmoid was applied to, where the value is a sigmoid's output.
        order: when it was made; a value is younger than everything it was made of.
    """

    value: Numbers
    parents: tuple[Node, ...] = ()
    back: Back | None = None
    models: frozenset[str] = frozenset()
    logits: Node | None = None
    order: int = field(init=False, factory=lambda: next(_order))


def node(value: object) -> Node:
    """A value of the step as it is; an array from outside as a constant in double precision."""
    if isinstance(value, Node):
        return value
    return Node(np.asarray(value, dtype=np.float64))


def array(value: object) -> Array:
    """The numbers of a value."""
    return value.value if isinstance(value, Node) else np.asarray(value)


def made(value: Numbers, parents: Iterable[Node], back: Back, models: Iterable[str] = ()) -> Node:
    """A value made of others, and perhaps of the weights of models."""
    kept = tuple(parents)
    reached = frozenset(models).union(*(parent.models for parent in kept))
    return Node(value, kept, back, reached)


def replaced(made: Node, value: Numbers) -> Node:
    """Other numbers in the place of a value, with the same way back."""
    return Node(value, made.parents, made.back, made.models, made.logits)


def now() -> int:
    """A moment between the values made so far and those still to be made."""
    return next(_order)


def slopes(of: Node, model: str, since: int) -> dict[Weight, Numbers]:
    """Slopes of a value in the weights of a model.

    Args:
        of: what is differentiated; of an array, its sum is.
        model: the model's key.
        since: values made before this moment are constants, as outside a gradient tape.
    """
    found: dict[Weight, Numbers] = {}
    waiting = {of.order: (of, np.ones_like(of.value))}
    youngest = [-of.order]
    while youngest:
        # Youngest first: when a value is taken up, all that was made of it has been.
        current, slope = waiting.pop(-heapq.heappop(youngest))
        if current.back is None or current.order < since:
            continue
        into, weights = current.back(slope)
        for key, gradient in weights.items():
            if key[0] == model:
                found[key] = found[key] + gradient if key in found else gradient
        for parent, more in zip(current.parents, into, strict=True):
            if model not in parent.models:
                continue
            if parent.order in waiting:
                waiting[parent.order] = (parent, waiting[parent.order][1] + more)
            else:
                waiting[parent.order] = (parent, more)
                heapq.heappush(youngest, -parent.order)
    return found
