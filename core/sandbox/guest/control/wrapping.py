"""Putting a function in another one's place, and saying where in the document a call is made."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, FunctionType
from typing import Protocol, cast

from .calls import MARK

_HERE = str(Path(__file__).parent)
_FOREIGN = ("site-packages", "importlib", "parity_guest")
_LIBRARY = str(Path(warnings.__file__).parent)
_DONE = "_parity_controlled"
_GRAPH = "__autograph_generated_file"


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


class Function(Protocol):
    """Anything that can be called; what it wants is not known."""

    def __call__(self, *args: object, **named: object) -> object:
        """Whatever it does."""


Maker = Callable[[Function], object]
"""Makes what is put in a function's place."""


def replace(owner: object, name: str, make: Maker) -> None:
    """Puts `make(original)` in an attribute's place, once; does nothing where there is none."""
    original = getattr(owner, name, None)
    if not callable(original) or hasattr(original, _DONE):
        return
    made = make(cast(Function, original))
    wrapper = made if isinstance(made, FunctionType) else _function(cast(Function, made))
    for copied in ("__name__", "__qualname__", "__doc__", "__module__"):
        value = getattr(original, copied, None)
        if value is not None:
            setattr(wrapper, copied, value)
    vars(wrapper)["__wrapped__"] = original
    vars(wrapper)["autograph_info__"] = None  # AutoGraph calls it, and does not rewrite it
    setattr(wrapper, _DONE, True)
    setattr(owner, name, wrapper)


def _function(made: Function) -> FunctionType:
    """A plain function around anything that can be called: only that takes attributes."""

    def call(*args: object, **named: object) -> object:
        return made(*args, **named)

    return cast(FunctionType, call)


def notice(owner: object, names: tuple[str, ...], what: str) -> None:
    """Lets calls that are not controlled be told of, once for each."""
    for name in names:

        def make(original: Function, name: str = name) -> object:
            def noticed(*args: object, **named: object) -> object:
                tell(f"{what}.{name}")
                return original(*args, **named)

            return noticed

        replace(owner, name, make)


_told: set[str] = set()


def tell(what: str) -> None:
    """Warns of an uncontrolled draw that the document makes, once for each kind."""
    if what not in _told and place() is not None:
        _told.add(what)
        warnings.warn(f"{MARK}{what}", UserWarning, stacklevel=2)


def place() -> str | None:
    """The function of the document that is running, None where none is.

    Its name, not its line: what AutoGraph makes of a function has other lines.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        own = file.startswith((_HERE, _LIBRARY, "<frozen")) or any(f in file for f in _FOREIGN)
        if not own or _GRAPH in file:
            return frame.f_code.co_name.removeprefix("tf__")
        frame = frame.f_back
    return None
