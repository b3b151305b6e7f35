"""Our code that runs in somebody else's process: copied and hashed as one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from core.code_image import CodeImage, folder_image
from core.storage import cache_folder

PACKAGE = "parity_guest"
"""What the copy is called there."""

_FOLDER = Path(__file__).parents[1] / "guest"
_START = f"""\
from {PACKAGE}.control.hook import install

install()
"""


@cache
def guest_image() -> CodeImage:
    """The guest's files, below the name that it is imported by."""
    return folder_image(_FOLDER, PACKAGE)


def guest_folder(*, controlled: bool = False) -> Path:
    """A folder for `PYTHONPATH` that holds the guest and nothing else.

    Args:
        controlled: with a module that Python imports when it starts, and that controls the process
            where its environment asks for it.

    Raises:
        ExecutionError: the cache folder cannot be written.
    """
    files = dict(guest_image().files)
    if controlled:
        files["sitecustomize.py"] = _START.encode()
    return CodeImage(files).place(cache_folder() / "upgrade" / "code")
