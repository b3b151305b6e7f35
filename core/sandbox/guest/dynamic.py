"""What is known of the objects of a framework: nothing, until they are asked.

And how a function of theirs is put in another one's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, cast


class Dynamic(Protocol):
    """An object of a framework: any attribute may be there, anything may be called."""

    def __getattr__(self, name: str, /) -> Dynamic: ...
    def __setattr__(self, name: str, value: object, /) -> None: ...
    def __call__(self, *args: object, **kwargs: object) -> Dynamic:
        """Whatever it does."""

    def __iter__(self) -> Iterator[Dynamic]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, key: object, /) -> Dynamic: ...
    def __float__(self) -> float: ...
    def __int__(self) -> int: ...


class Function(Protocol):
    """Anything that can be called; what it wants is not known."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Whatever it does."""


Maker = Callable[[Function], object]
"""Makes, of a function, what is put in its place."""

_MARK = "_parity_wrapped"


def replace(owner: object, name: str, make: Maker) -> None:
    """Puts `make(original)` in an attribute's place, once; does nothing where there is none."""
    original = getattr(owner, name, None)
    if callable(original) and not hasattr(original, _MARK):
        wrapper = make(cast(Function, original))
        for copied in ("__name__", "__qualname__", "__doc__", "__module__"):
            value = getattr(original, copied, None)
            if value is not None:
                setattr(wrapper, copied, value)
        vars(wrapper).update(getattr(original, "__dict__", {}))  # Keras marks some functions
        vars(wrapper)["__wrapped__"] = original
        vars(wrapper)["autograph_info__"] = None  # AutoGraph calls it, and does not rewrite it
        setattr(wrapper, _MARK, True)
        setattr(owner, name, wrapper)
