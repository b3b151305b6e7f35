"""The interpreter that a document runs in, where it is not the one that runs this."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from core.errors import UsageError

_OLDEST = (3, 11)
_SECONDS = 60
_PROBE = (
    "import sys; from importlib.util import find_spec;"
    "print(*sys.version_info[:2], int(find_spec('numpy') is not None))"
)


def check_interpreter(python: Path) -> None:
    """Makes sure that documents can be recorded with an interpreter.

    The recorder runs inside the document's process: it needs a recent Python and NumPy there, and
    no other package. What is missing is no fault of the document.

    Raises:
        UsageError: it cannot be run, is too old, or has no NumPy.
    """
    where = f"--python {python}"
    try:
        done = subprocess.run(
            [str(python), "-I", "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        *version, numpy = map(int, done.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UsageError(
            f"cannot be run ({error})",
            where=where,
            expected="a Python interpreter",
            remedy="name the interpreter of the environment that the documents are for",
        ) from error
    if tuple(version) < _OLDEST:
        raise UsageError(
            f"Python {version[0]}.{version[1]}",
            where=where,
            expected="Python 3.11 or newer, which documents are run and watched with",
            remedy="name an interpreter of a newer Python",
        )
    if not numpy:
        raise UsageError(
            "NumPy is not installed in this interpreter's environment",
            where=where,
            expected="NumPy, the one package that watching a document takes",
            remedy=shlex.join([str(python), "-m", "pip", "install", "numpy"]),
        )
