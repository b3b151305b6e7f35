"""Setting validation samples aside."""

from __future__ import annotations

import numpy as np

from core.run.runner.session import Arrays, split_drawn, split_last

SOURCE = Arrays(np.arange(10, 20), np.arange(10))


def test_the_last_samples_are_set_aside_in_order() -> None:
    train, validation = split_last(SOURCE, 3)
    assert ([10, 11, 12, 13, 14, 15, 16], [17, 18, 19]) == (
        train.x.tolist(),
        validation.x.tolist(),
    )
    assert [7, 8, 9] == validation.y.tolist()


def test_drawn_samples_keep_the_order_of_the_draw_and_the_rest_its_own() -> None:
    train, validation = split_drawn(SOURCE, np.array([8, 0, 5]))
    assert ([18, 10, 15], [8, 0, 5]) == (validation.x.tolist(), validation.y.tolist())
    assert [11, 12, 13, 14, 16, 17, 19] == train.x.tolist()
    assert [1, 2, 3, 4, 6, 7, 9] == train.y.tolist()
