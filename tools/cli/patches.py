"""Patches on the console: coloured on a terminal, to the letter in a pipe."""

from __future__ import annotations

from rich.console import Console
from rich.syntax import Syntax


def print_patch(console: Console, diff: str) -> None:
    """Prints a unified diff; what is piped can be given to `patch`."""
    if console.is_terminal:
        console.print(Syntax(diff, "diff", background_color="default", word_wrap=True))
    else:
        console.out(diff.rstrip("\n"), highlight=False)
