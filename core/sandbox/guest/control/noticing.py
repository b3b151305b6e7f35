"""Saying which draws are not controlled, and where in the document a call is made."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from types import FrameType

from ..dynamic import Function, replace
from .calls import MARK

_OURS = str(Path(__file__).parents[1])
_FOREIGN = ("site-packages", "importlib")
_LIBRARY = str(Path(warnings.__file__).parent)
_GRAPH = "__autograph_generated_file"


def notice(owner: object, names: tuple[str, ...], what: str) -> None:
    """Reports calls that are not controlled, each once."""
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
        own = file.startswith((_OURS, _LIBRARY, "<frozen")) or any(f in file for f in _FOREIGN)
        if not own or _GRAPH in file:
            return frame.f_code.co_name.removeprefix("tf__")
        frame = frame.f_back
    return None
