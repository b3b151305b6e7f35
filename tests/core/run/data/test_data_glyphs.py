from __future__ import annotations

import numpy as np

from core.run.data.glyphs import ENLARGE, FULL_INK, MARGIN, ONE, AffineMaps, IntArray, draw, enlarge


def same(value: int, n: int) -> IntArray:
    return np.full(n, value, dtype=np.int64)


def maps(n: int = 1, *, source: int = 0, tx: int = 0, threshold: int = 0) -> AffineMaps:
    """Maps that take one enlarged pixel per canvas pixel, and full ink to 254."""
    return AffineMaps(
        source=same(source, n),
        xx=same(ONE, n),
        xy=same(0, n),
        yx=same(0, n),
        yy=same(ONE, n),
        tx=same(tx, n),
        ty=same(0, n),
        threshold=same(threshold, n),
        contrast=same(255, n),
    )


def ramp() -> IntArray:
    """Two glyphs whose ink grows to the right, and downwards."""
    columns = np.broadcast_to(2 * np.arange(8, dtype=np.int64), (8, 8))
    return np.stack([columns, columns.T])


def test_enlarging_keeps_a_constant_glyph_constant_inside() -> None:
    inside = slice((MARGIN + 2) * ENLARGE, -(MARGIN + 2) * ENLARGE)
    enlarged = enlarge(np.full((1, 8, 8), 8, np.int64))[0]

    assert np.all(enlarged[inside, inside] == (FULL_INK + 1) // 2)


def test_enlarging_reproduces_a_linear_ramp_exactly_on_both_axes() -> None:
    right, down = enlarge(ramp())
    first, last = (MARGIN + 2) * ENLARGE, (MARGIN + 6) * ENLARGE
    index = np.arange(first, last)
    # An enlarged pixel's middle, in glyph pixels, is (2 index + 1) / 8 - 1 / 2 - MARGIN.
    expected = 2 * (2 * index + 1 - 4 - 8 * MARGIN) * (FULL_INK + 1) // (16 * 8)

    assert np.array_equal(expected, right[first + ENLARGE, first:last])
    assert np.array_equal(expected, down[first:last, first + ENLARGE])


def test_enlarged_glyph_has_an_empty_border() -> None:
    enlarged = enlarge(np.full((1, 8, 8), 16, np.int64))[0]

    assert enlarged.shape == (56, 56)
    assert enlarged.max() == FULL_INK
    assert enlarged[:, [0, -1]].sum() + enlarged[[0, -1]].sum() == 0


def test_identity_map_draws_the_middle_of_the_enlarged_glyph() -> None:
    enlarged = enlarge(ramp())
    expected = enlarged[1, 14:42, 14:42] * 255 >> 12

    assert np.array_equal(expected, draw(enlarged, maps(source=1))[0])


def test_translation_moves_the_glyph_by_whole_pixels() -> None:
    enlarged = enlarge(ramp())
    still, moved = draw(enlarged, maps())[0], draw(enlarged, maps(tx=2 * ONE))[0]

    assert still.any()
    assert np.array_equal(still[:, 2:], moved[:, :-2])


def test_half_a_pixel_of_translation_averages_neighbours() -> None:
    enlarged = enlarge(ramp())
    expected = (enlarged[0, 14:42, 14:42] + enlarged[0, 14:42, 15:43]) // 2 * 255 >> 12

    assert np.array_equal(expected, draw(enlarged, maps(tx=ONE // 2))[0])


def test_threshold_takes_ink_away_before_the_contrast() -> None:
    enlarged = enlarge(ramp())
    expected = np.maximum(enlarged[0, 14:42, 14:42] - 1000, 0) * 255 >> 12

    assert np.array_equal(expected, draw(enlarged, maps(threshold=1000))[0])


def test_what_lies_beyond_the_border_is_black() -> None:
    assert draw(enlarge(ramp()), maps(tx=1000 * ONE)).max() == 0


def test_every_image_of_several_chunks_is_drawn() -> None:
    enlarged = enlarge(ramp())
    one = draw(enlarged, maps())[0]

    assert np.all(draw(enlarged, maps(4001)) == one)
