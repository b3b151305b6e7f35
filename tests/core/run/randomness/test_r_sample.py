"""R's sample.int, against figures that R 3.6 and later print."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import UsageError
from core.run.randomness.r_sample import RGenerator, r_sample_int


@pytest.mark.parametrize(
    ("seed", "count", "expected"),
    [
        (1, 10, [9, 4, 7, 1, 2, 5, 3, 10, 6, 8]),
        (42, 10, [1, 5, 10, 8, 2, 4, 6, 9, 7, 3]),
        (123, 10, [3, 10, 2, 8, 6, 9, 1, 7, 5, 4]),
        (123, 100, [31, 79, 51, 14, 67]),
        (42, 100, [49, 65, 25, 74, 18, 100, 47, 24, 71, 89]),
        (1, 60_000, [24388, 59521, 58877, 43307, 4050, 11571, 25173, 32618, 50951, 13903]),
    ],
)
def test_draws_are_rs_own(seed: int, count: int, expected: list[int]) -> None:
    assert expected == r_sample_int(seed, count, len(expected)).tolist()


def test_a_whole_draw_is_a_permutation() -> None:
    assert list(range(1, 1001)) == sorted(r_sample_int(7, 1000, 1000).tolist())


def test_a_longer_draw_begins_as_a_shorter_one() -> None:
    assert r_sample_int(3, 500, 20).tolist() == r_sample_int(3, 500, 60)[:20].tolist()


def test_a_second_draw_goes_on_where_the_first_ended() -> None:
    generator = RGenerator(5)
    first, second = generator.sample_int(100, 4), generator.sample_int(100, 4)
    assert r_sample_int(5, 100, 4).tolist() == first.tolist()
    assert first.tolist() != second.tolist()


def test_a_population_of_one_needs_a_draw_and_gives_one() -> None:
    generator = RGenerator(1)
    assert [1] == generator.sample_int(1, 1).tolist()
    assert RGenerator(1).sample_int(10, 3).tolist() != generator.sample_int(10, 3).tolist()


@pytest.mark.parametrize("count", [2**16, 2**16 - 1, 2**16 + 1])
def test_indices_stay_below_the_population_at_the_edge_of_sixteen_bits(count: int) -> None:
    generator = RGenerator(9)
    drawn = np.array([generator.index(count) for _ in range(2000)])
    assert 0 <= drawn.min() < drawn.max() < count
    assert abs(drawn.mean() / count - 0.5) < 0.03


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_that_r_does_not_take_is_refused_with_the_rule(seed: int) -> None:
    with pytest.raises(UsageError, match="0 to 2147483647"):
        r_sample_int(seed, 10, 1)


@pytest.mark.parametrize(("count", "size"), [(5, 6), (10_000_001, 3), (5, -1)])
def test_a_draw_that_r_would_make_otherwise_is_refused(count: int, size: int) -> None:
    with pytest.raises(ValueError, match=f"sample.int\\({count}, {size}\\)"):
        r_sample_int(1, count, size)
