"""What is wrong with a guide's file, as one error: file, line, what was expected, the remedy.

A guide is somebody's Python, so that anything may go wrong in it: a name that was not imported, a
misspelt argument, a spec that breaks a rule of its own.
"""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Mapping
from pathlib import Path

from core.errors import ParityError, UsageError, did_you_mean

_NAME = re.compile(r"name '(\w+)' is not defined|cannot import name '(\w+)'|no attribute '(\w+)'")
_CALL = re.compile(r"(\w+)\.__init__\(\) (?:got an unexpected keyword argument '(\w+)')?")
WHOLE_GUIDE = "docs/adding-a-guide.md shows a whole guide"


def guide_error(folder: Path, init: Path, error: BaseException) -> UsageError:
    """The error of a guide that cannot be imported.

    Args:
        folder: the folder of guide packages.
        init: the package's file.
        error: what importing it raised.
    """
    where = _place(folder, init, error)
    if isinstance(error, ParityError):
        what = f"{error.where}: {error.what}"
        return UsageError(what, where=where, expected=error.expected, remedy=error.remedy)
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    expected, remedy = _advice(message)
    return UsageError(
        f"{type(error).__name__}: {message}" if message else type(error).__name__,
        where=where,
        expected=expected,
        remedy=remedy,
    )


def _place(folder: Path, init: Path, error: BaseException) -> str:
    """The file and line of the guide where it went wrong."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno or 1}"
    frames = traceback.extract_tb(error.__traceback__)
    mine = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    return f"{mine[-1].filename}:{mine[-1].lineno}" if mine else str(init)


def _advice(message: str) -> tuple[str, str]:
    """What was expected, and the remedy."""
    words = _vocabulary()
    if called := _CALL.match(message):
        kind, argument = called.groups()
        made = words.get(kind, (None, ""))[0]
        if made is not None:
            arguments = list(inspect.signature(made).parameters)
            remedy = did_you_mean(argument or "", arguments, f"give {kind} these arguments")
            return f"{kind}({', '.join(arguments)})", remedy
    if found := _NAME.search(message):
        name = next(group for group in found.groups() if group)
        near = name if name in words else did_you_mean(name, words).removeprefix("did you mean ")
        first = near.removesuffix("?").split(", ")[0]
        if first in words:
            return "a name that the file defines or imports", words[first][1]
    return "a file that Python can import", f"mend this line; {WHOLE_GUIDE}"


def _vocabulary() -> Mapping[str, tuple[type, str]]:
    """The classes that guides are made of, and how each is written."""
    import core.spec
    from core.spec import layers, ops, parts

    found: dict[str, tuple[type, str]] = {}
    for module, words in (
        (parts, "from core.spec.parts import {name}"),
        (layers, "write layers.{name}, after: from core.spec import layers"),
        (ops, "write ops.{name}, after: from core.spec import ops"),
        (core.spec, "from core.spec import {name}"),
    ):
        for name, value in vars(module).items():
            if isinstance(value, type) and not name.startswith("_"):
                found[name] = value, words.format(name=name)
    return found
