"""Numbers out of whatever a framework hands over, without changing it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Protocol, cast

import numpy as np

from ..dynamic import Dynamic

SHORT = 120


class Kind(Protocol):
    """The type of an array's elements."""

    @property
    def kind(self) -> str:
        """NumPy's letter: `b`, `i`, `u` and `f` are numbers."""


class Array(Protocol):
    """A NumPy array of any type, as far as it is used here."""

    @property
    def ndim(self) -> int:
        """Number of axes."""

    @property
    def size(self) -> int:
        """Number of elements."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""

    @property
    def dtype(self) -> Kind:
        """Type of the elements."""

    def __float__(self) -> float: ...
    def __iter__(self) -> Iterator[Array]: ...
    def sum(self) -> Array:
        """Sum of all elements."""

    def min(self) -> Array:
        """Smallest element."""

    def max(self) -> Array:
        """Largest element."""

    def reshape(self, length: int, /) -> Array:
        """Another shape."""

    def item(self) -> object:
        """The one element."""


def array_of(value: object) -> Array | None:
    """A concrete tensor, variable or number as an array; None for symbols and other things."""
    if isinstance(value, bool | int | float | np.ndarray | np.generic):
        return _array(value)
    try:
        thing = cast(Dynamic, value)
        if hasattr(value, "detach"):  # torch
            return _array(thing.detach().cpu())
        inner = getattr(value, "_value", None)  # a Keras variable
        if inner is not None and hasattr(value, "assign"):
            return array_of(inner)
        if hasattr(value, "numpy"):  # TensorFlow; symbols have no such attribute, or raise
            return _array(thing.numpy())
        if hasattr(value, "__array__"):
            return _array(value)
    except Exception:  # noqa: BLE001 - a symbol may refuse in any way it likes
        return None
    return None


def _array(value: object) -> Array:
    return cast(Array, np.asarray(value))


def number_of(value: object) -> float | None:
    """A scalar's value; the sum of a larger tensor or of a list; None where there is no value."""
    if isinstance(value, list | tuple):
        parts = [number_of(part) for part in value]
        return sum(part for part in parts if part is not None) if None not in parts else None
    array = array_of(value)
    if array is None or array.dtype.kind not in "biufV":
        return None
    try:
        return float(array) if array.ndim == 0 else float(array.sum())
    except (TypeError, ValueError):
        return None


def key_of(variable: object) -> int:
    """The identity of a variable, the same for a Keras variable and the one inside it."""
    inner = getattr(variable, "_value", None)
    return id(variable if inner is None else inner)


def leaves_of(tree: object) -> list[object]:
    """The leaves of nested lists, tuples and dictionaries; None is no leaf."""
    if isinstance(tree, dict):
        return [leaf for value in tree.values() for leaf in leaves_of(value)]
    if isinstance(tree, list | tuple):
        return [leaf for value in tree for leaf in leaves_of(value)]
    return [] if tree is None else [tree]


def digest_of(value: object) -> str | None:
    """A short hash of a tensor's bytes; None where it has none."""
    array = array_of(value)
    if array is None:
        return None
    data = np.ascontiguousarray(array)
    return hashlib.blake2b(data.view(np.uint8).reshape(-1).data, digest_size=8).hexdigest()


def describe(value: object) -> str:
    """A value in a few words: scalars and short texts in full, tensors by shape."""
    if isinstance(value, bool | int | float | str | None):
        return repr(value)[:SHORT]
    array = array_of(value) if not callable(value) else None
    if array is not None and array.ndim == 0 and array.dtype.kind in "biuf":
        return repr(array.item())
    if array is not None:
        return f"{array.dtype}{list(array.shape)}"
    return ""
