"""Programs of ours in processes of their own."""

from __future__ import annotations

import sys


def program(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules with this interpreter.

    Args:
        module: its dotted name.
        arguments: what the module is given.
    """
    return [sys.executable, "-m", module, *arguments]
