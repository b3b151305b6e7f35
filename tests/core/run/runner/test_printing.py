"""What a loop prints and saves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.run.runner.printing import decoded, first_image, lines, sheet
from core.spec import ops
from core.trace import Image, LogLine

SAVE = ops.SaveImage("images", file="image_{step}.png")


def _batch(*images: list[list[float]]) -> NDArray[np.float32]:
    """A batch of shape (n, height, width, 1)."""
    return np.asarray(images, dtype=np.float32)[..., None]


def _first(values: list[list[float]], op: ops.SaveImage = SAVE) -> Image:
    return first_image(op, _batch(values), {"step": 10}, epoch=2, step=9)


def test_a_template_prints_one_line_for_each_line_it_holds() -> None:
    printed = lines(ops.Log("\nStart of epoch {epoch}"), {"epoch": 3})
    assert [LogLine(""), LogLine("Start of epoch 3")] == printed


def test_numbers_are_printed_as_the_template_formats_them() -> None:
    op = ops.Log("step {step}: {loss:.4f} {{kept}}")
    (line,) = lines(op, {"step": 7, "loss": 0.123456, "unused": 1.0})
    assert LogLine("step 7: 0.1235 {kept}") == line


def test_a_line_with_a_time_is_marked() -> None:
    assert [LogLine("took 1.50s", timed=True)] == lines(
        ops.Log("took {seconds:.2f}s"), {"seconds": 1.5}
    )


def test_an_image_is_named_by_the_guides_numbers_and_placed_by_ours() -> None:
    image = _first([[0.0, 1.0, 0.5], [0.25, 0.75, 0.1]])
    assert ("image_10.png", 2, 9) == (image.name, image.epoch, image.step)
    assert (2, 3) == (image.height, image.width)


def test_pixels_are_cut_to_whole_gray_levels_towards_zero_and_to_the_range() -> None:
    image = _first([[0.0, 0.999, 1.0, 2.0, -0.5, 0.5]])
    assert [[0, 254, 255, 255, 0, 127]] == decoded(image).tolist()


def test_pixels_are_scaled_and_shifted_as_the_op_says() -> None:
    op = ops.SaveImage("images", file="i.png", scale=127.5, offset=127.5)
    assert [[0, 127, 255]] == decoded(_first([[-1.0, 0.0, 1.0]], op)).tolist()


def test_only_the_first_image_of_a_batch_is_saved() -> None:
    image = first_image(SAVE, _batch([[1.0]], [[0.0]]), {"step": 1}, 0, 0)
    assert [[255]] == decoded(image).tolist()


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_pixels_come_back_as_they_were_saved(height: int, width: int, data: st.DataObject) -> None:
    levels = data.draw(st.binary(min_size=height * width, max_size=height * width))
    pixels = np.frombuffer(levels, np.uint8).reshape(height, width)
    op = ops.SaveImage("images", file="i.png", scale=1.0)
    image = first_image(op, pixels[None, ..., None], {}, 0, 0)
    assert pixels.tolist() == decoded(image).tolist()


def test_a_sheet_lays_images_out_row_by_row() -> None:
    op = ops.Sheet("images", file="sheet_{epoch}.png", rows=2, columns=2)
    batch = _batch(*([[low, low + 1.0]] for low in (0.0, 5.0, -3.0, 9.0)), [[7.0, 7.0]])
    image = sheet(op, batch, {"epoch": 4}, epoch=3, step=8)
    assert ("sheet_4.png", 3, 8) == (image.name, image.epoch, image.step)
    assert [[0, 255, 0, 255], [0, 255, 0, 255]] == decoded(image).tolist()


def test_each_image_of_a_sheet_is_stretched_from_its_darkest_to_its_brightest() -> None:
    op = ops.Sheet("images", file="s.png", rows=1, columns=3)
    batch = _batch([[-1.0, 0.0, 1.0]], [[0.2, 0.3, 0.4]], [[5.0, 5.0, 5.0]])
    levels = decoded(sheet(op, batch, {}, 0, 0)).tolist()
    assert [[0, 128, 255, 0, 128, 255, 0, 0, 0]] == levels


def test_a_sheet_places_the_second_image_to_the_right_of_the_first() -> None:
    op = ops.Sheet("images", file="s.png", rows=2, columns=1)
    batch = _batch([[0.0, 1.0]], [[1.0, 0.0]])
    assert [[0, 255], [255, 0]] == decoded(sheet(op, batch, {}, 0, 0)).tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_images_of_either_precision_give_the_same_pixels(dtype: type[np.float32]) -> None:
    values = np.linspace(0, 1, 64, dtype=np.float32).reshape(1, 8, 8, 1).astype(dtype)
    image = first_image(SAVE, values, {"step": 0}, 0, 0)
    assert np.trunc(np.linspace(0, 1, 64, dtype=np.float32).astype(float) * 255).tolist() == (
        decoded(image).ravel().tolist()
    )
