from __future__ import annotations

import numpy as np
import pytest

from core.run.randomness.weights import fans as project_fans
from core.sandbox.guest.control.draws import Draws, fans, truncated


def test_a_draw_depends_on_seed_address_and_count_alone() -> None:
    first = Draws(1).at("a", 0).random(3)
    busy = Draws(1)
    busy.next("b").random(100)
    assert (first == busy.at("a", 0).random(3)).all()
    for other in (Draws(2).at("a", 0), Draws(1).at("b", 0), Draws(1).at("a", 1)):
        assert (first != other.random(3)).all()


def test_the_next_draw_at_an_address_is_counted_for_that_address() -> None:
    draws = Draws(1)
    taken = [draws.next("a").random(), draws.next("b").random(), draws.next("a").random()]
    fresh = Draws(1)
    assert [fresh.at("a", 0).random(), fresh.at("b", 0).random()] == taken[:2]
    assert fresh.at("a", 1).random() == taken[2]


def test_nudged_weights_lie_one_unit_away_each_way_and_zeros_stay() -> None:
    values = np.linspace(-1.0, 1.0, 201)
    plain, moved = Draws(1).weights("w", values), Draws(1, nudge=1).weights("w", values)
    away = (moved.view(np.int32) - plain.view(np.int32))[plain != 0]
    assert {-1, 1} == set(away.tolist())
    assert 0.0 == moved[100]


def test_a_truncated_normal_ends_at_two_deviations() -> None:
    values = truncated(Draws(1).at("t", 0), (20_000,), 1.0, 0.5)
    assert np.abs(values - 1.0).max() <= 1.0
    assert 0.44 == pytest.approx(values.std(), abs=0.01)


@pytest.mark.parametrize("shape", [(784, 64), (3, 3, 16, 32)])
def test_fans_are_those_of_the_projects_own_runs(shape: tuple[int, ...]) -> None:
    assert project_fans(shape) == fans(shape)
