"""Objects of a framework, as far as a type checker is concerned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Dynamic(Protocol):
    """An object of a framework: any attribute may be there, anything may be called."""

    def __getattr__(self, name: str, /) -> Dynamic: ...
    def __call__(self, *args: object, **kwargs: object) -> Dynamic:
        """Whatever it does."""

    def __iter__(self) -> Iterator[Dynamic]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, key: object, /) -> Dynamic: ...
    def __float__(self) -> float: ...
    def __int__(self) -> int: ...
