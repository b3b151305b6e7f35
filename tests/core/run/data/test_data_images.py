from __future__ import annotations

import hashlib

import numpy as np
import pytest

from core.run.data.images import ImageData, UInt8Array, sha256_of


def arrays(n: int = 3) -> tuple[UInt8Array, UInt8Array, UInt8Array, UInt8Array]:
    x = np.arange(n * 784, dtype=np.int64).astype(np.uint8).reshape(n, 28, 28)
    y = np.arange(n, dtype=np.int64).astype(np.uint8)
    return x, y, x[:1], y[:1]


def test_hash_is_sha256_over_each_shape_and_its_bytes_in_order() -> None:
    x, y, x_test, y_test = arrays()
    expected = hashlib.sha256(
        b"(3, 28, 28)" + x.tobytes() + b"(3,)" + y.tobytes()
        + b"(1, 28, 28)" + x_test.tobytes() + b"(1,)" + y_test.tobytes()
    ).hexdigest()  # fmt: skip

    assert expected == ImageData.from_arrays("own", x, y, x_test, y_test).sha256


def test_hash_tells_arrays_of_equal_bytes_and_other_shape_apart() -> None:
    x, *_ = arrays()

    assert sha256_of([x]) != sha256_of([x.reshape(3, 784)])


def test_hash_ignores_the_order_of_the_bytes_in_memory() -> None:
    x, *_ = arrays()

    assert sha256_of([x]) == sha256_of([np.asfortranarray(x)])


@pytest.mark.parametrize("index", range(4))
def test_hash_changes_with_one_value_of_any_array(index: int) -> None:
    before = arrays()
    after = tuple(array.copy() for array in before)
    after[index].reshape(-1)[-1] ^= 1

    assert ImageData.from_arrays("own", *before).sha256 != sha256_of(after)


def test_arrays_are_read_only_and_the_given_ones_stay_writeable() -> None:
    given = arrays()
    data = ImageData.from_arrays("own", *given)

    for array in (data.x_train, data.y_train, data.x_test, data.y_test):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    given[0][0] = 0


def test_equal_when_name_and_hash_are_equal() -> None:
    one, same = ImageData.from_arrays("own", *arrays()), ImageData.from_arrays("own", *arrays())

    assert one == same
    assert hash(one) == hash(same)
    assert one != ImageData.from_arrays("other", *arrays())
    assert one != ImageData.from_arrays("own", *arrays(4))
