"""Batch order through a shuffle buffer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.run.randomness.order import batches, buffer_shuffle

PINNED = [3, 4, 0, 5, 7, 1, 2, 6, 11, 10, 9, 8]
SIZES = {"count": st.integers(0, 300), "buffer": st.integers(1, 400), "seed": st.integers(0, 99)}


@given(**SIZES)
def test_every_sample_leaves_the_buffer_once(count: int, buffer: int, seed: int) -> None:
    order = buffer_shuffle(count, buffer, np.random.default_rng(seed))
    assert list(range(count)) == sorted(order.tolist())
    assert np.int64 == order.dtype


@given(**SIZES)
def test_a_sample_leaves_only_after_it_entered_the_buffer(
    count: int, buffer: int, seed: int
) -> None:
    order = buffer_shuffle(count, buffer, np.random.default_rng(seed))
    for position, sample in enumerate(order.tolist()):
        assert position >= sample - buffer + 1


def test_the_first_sample_is_any_of_the_buffer() -> None:
    firsts = {int(buffer_shuffle(50, 5, np.random.default_rng(s))[0]) for s in range(200)}
    assert {0, 1, 2, 3, 4} == firsts


def test_a_buffer_of_one_shuffles_nothing() -> None:
    assert list(range(20)) == buffer_shuffle(20, 1, np.random.default_rng(0)).tolist()


def test_the_rest_of_the_buffer_leaves_in_random_order() -> None:
    # Data that fit into the buffer: every permutation can occur, not only the identity.
    orders = {
        tuple(buffer_shuffle(3, 1024, np.random.default_rng(seed)).tolist()) for seed in range(200)
    }
    assert 6 == len(orders)


def test_an_order_is_pinned() -> None:
    order = buffer_shuffle(12, 4, np.random.Generator(np.random.Philox(5)))
    assert PINNED == order.tolist()


def test_batches_cut_the_order_and_the_last_may_be_smaller() -> None:
    pieces = batches(np.arange(10, dtype=np.int64), 4)
    assert [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]] == [piece.tolist() for piece in pieces]


@pytest.mark.parametrize(("count", "batch", "expected"), [(0, 4, 0), (8, 4, 2), (3, 4, 1)])
def test_batches_number_is_rounded_up(count: int, batch: int, expected: int) -> None:
    assert expected == len(batches(np.arange(count, dtype=np.int64), batch))
