"""Slopes go back along what a value was made of, and no further than asked."""

from __future__ import annotations

import numpy as np

from core.run.backends.reference.convolution import Numbers
from core.run.backends.reference.tape import Node, Weight, made, node, now, slopes

KERNEL: Weight = ("model", 0, "kernel")


def _scaled(x: Node, kernel: float) -> Node:
    """`kernel · x`, of a model with one weight."""

    def back(slope: Numbers) -> tuple[tuple[Numbers, ...], dict[Weight, Numbers]]:
        return (slope * kernel,), {KERNEL: np.asarray(np.sum(slope * x.value))}

    return made(x.value * kernel, (x,), back, ("model",))


def _sum(*parts: Node) -> Node:
    value = sum((part.value for part in parts), np.zeros(()))
    return made(value, parts, lambda slope: ((slope,) * len(parts), {}))


def test_a_value_used_twice_gives_the_sum_of_both_slopes() -> None:
    first = _scaled(node(3.0), 2.0)
    assert {KERNEL: 6.0} == slopes(_sum(first, first), "model", 0)


def test_a_weight_used_twice_in_a_row_follows_the_chain_rule() -> None:
    """d(k·k·x)/dk = 2·k·x."""
    assert {KERNEL: 12.0} == slopes(_scaled(_scaled(node(3.0), 2.0), 2.0), "model", 0)


def test_what_was_made_before_the_tape_is_a_constant() -> None:
    before = _scaled(node(3.0), 2.0)
    start = now()
    assert {KERNEL: 6.0} == slopes(_scaled(before, 2.0), "model", start)


def test_another_model_s_weights_have_no_slope() -> None:
    assert {} == slopes(_scaled(node(3.0), 2.0), "other", 0)
