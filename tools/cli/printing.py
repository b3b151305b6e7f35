"""Where reports are printed: at a terminal of any width, or into a pipe."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


class Printer:
    """Prints a report.

    At a terminal everything fits its width. In a pipe sentences are whole, so that programs can
    search them, tables are as wide as they need to be, and no line ends in blanks.

    Args:
        wide: the width of tables in a pipe, where the variable COLUMNS does not say another.
    """

    def __init__(self, wide: int = 120) -> None:
        from rich.console import Console

        self.terminal = sys.stdout.isatty()
        said = os.environ.get("COLUMNS", "").isdigit()
        self._console = Console(width=None if self.terminal or said else wide, highlight=False)

    @property
    def width(self) -> int:
        """How many characters a line may have."""
        return self._console.width

    def line(self, text: str | Text = "") -> None:
        """A sentence: whole in a pipe, wrapped at a terminal, where its indentation is kept."""
        from rich.padding import Padding
        from rich.text import Text

        shown = Text(text) if isinstance(text, str) else text
        if not self.terminal:
            self._print(shown, whole=True)
            return
        indent = len(shown.plain) - len(shown.plain.lstrip(" "))
        self._print(Padding(shown[indent:], (0, 0, 0, indent), expand=False) if indent else shown)

    def show(self, renderable: RenderableType) -> None:
        """A table, or a paragraph that is wrapped everywhere."""
        self._print(renderable)

    def verbatim(self, text: str) -> None:
        """Text to the letter, such as a patch that another program reads."""
        click.echo(text)

    def _print(self, renderable: RenderableType, *, whole: bool = False) -> None:
        with self._console.capture() as captured:
            self._console.print(renderable, soft_wrap=whole)
        text = captured.get()
        if not self.terminal:
            text = "\n".join(row.rstrip() for row in text.split("\n"))
        click.echo(text, nl=False)


def say(text: str) -> None:
    """Prints lines of an answer; imports nothing heavy where it goes into a pipe."""
    printer = Printer() if sys.stdout.isatty() else None
    for row in text.split("\n"):
        if printer is None:
            click.echo(row.rstrip())
        else:
            printer.line(row)
