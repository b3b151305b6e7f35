"""Traces: plain values that hold together."""

from __future__ import annotations

import pytest
from attrs import evolve

from core.trace import Image
from tests.example_traces import TRACE


def test_a_traces_steps_are_those_of_its_longest_loss() -> None:
    assert 250 == TRACE.steps
    assert 0 == evolve(TRACE, losses={}).steps
    assert 3 == evolve(TRACE, losses={"a": (1.0,), "b": (1.0, 2.0, 3.0)}).steps


@pytest.mark.parametrize(
    ("height", "width", "pixels", "words"),
    [
        (2, 2, "AAA=", "2 bytes of pixels for 2 rows of 2"),
        (0, 2, "", "0 bytes of pixels for 0 rows of 2"),
        (-1, -1, "AA==", "1 bytes of pixels for -1 rows of -1"),
        (1, 1, "A", "no base64 text"),
        (1, 1, "é", "no base64 text|ASCII"),
        (1, 1, "A A==", "no base64 text"),
    ],
)
def test_an_image_refuses_pixels_that_do_not_fill_it(
    height: int, width: int, pixels: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Image("i.png", 0, 0, height, width, pixels)
