"""Patches: coloured on a terminal, to the letter in a pipe."""

from __future__ import annotations

from rich.syntax import Syntax

from tools.cli.printing import Printer


def print_patch(printer: Printer, diff: str) -> None:
    """Prints a unified diff; what is piped can be given to `patch`."""
    if printer.terminal:
        printer.show(Syntax(diff, "diff", background_color="default", word_wrap=True))
    else:
        printer.verbatim(diff.rstrip("\n"))
