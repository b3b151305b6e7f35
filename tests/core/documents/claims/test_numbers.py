"""Numbers in printed rows."""

from __future__ import annotations

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.claims.numbers import numbers_in, shape


@pytest.mark.parametrize(
    ("row", "printed"),
    [
        ("step 100: 0.5", ["100", "0.5"]),
        ("generator 6.096838e-01, d 1.2e+00", ["6.096838e-01", "1.2e+00"]),
        ("Total: 1,339,905 (5.11 MB)", ["1,339,905", "5.11"]),
        ("Time taken: 46.06s", ["46.06"]),
        ("3s 12ms/step - acc: 93.5%", ["3", "12", "93.5"]),
        ("loss: -0.25, [-1, +2]", ["-0.25", "-1", "+2"]),
        ("313/313", ["313", "313"]),
        ("step 5.", ["5"]),
        ("conv2d_1 28x28 0x7f21 keras 3.15.1 epoch0", []),
        ("loss: nan, inf", ["nan", "inf"]),
        ("nano information", []),
    ],
)
def test_numbers_are_found_as_printed(row: str, printed: list[str]) -> None:
    assert printed == [number.printed for number in numbers_in(row)]


def test_values_units_and_whole_numbers() -> None:
    count, time, share = numbers_in("12,800 in 46.06s at 90%")
    assert (12800.0, True, "") == (count.value, count.whole, count.unit)
    assert (46.06, False, "s") == (time.value, time.whole, time.unit)
    assert (90.0, True, "%") == (share.value, share.whole, share.unit)
    assert isnan(numbers_in("nan")[0].value)


def test_a_row_and_another_with_other_numbers_have_one_shape() -> None:
    assert shape("step   10:  0.5") == shape("step 200: 1e-3")
    assert "step #: #" == shape("  step 10: 0.5 ")


@given(st.text(max_size=80))
def test_what_is_found_stands_where_it_says(row: str) -> None:
    for number in numbers_in(row):
        assert number.printed == row[number.start : number.end]


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 10**9))
def test_printed_numbers_are_read_back(value: float, count: int) -> None:
    first, second = numbers_in(f"loss {value!r} after {count} steps")
    assert (value, count) == (first.value, second.value)
