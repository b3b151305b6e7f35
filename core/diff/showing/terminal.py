"""A comparison in colour, for a terminal of any width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from core.diff.comparison import Comparison
from core.diff.rows import Row
from core.diff.showing.plain import LEGEND, SAME, mark, sentences

if TYPE_CHECKING:
    from core.diff.courses import Courses

SIDE_BY_SIDE = 110  # columns from which two columns of code can be read
STYLES = {SAME: "dim", "~": "cyan", "!": "bold red", "<": "yellow", ">": "green"}
_LEXERS = {"python": "python", "r": "r"}


def show(comparison: Comparison, console: Console) -> None:
    """Prints sentences and code."""
    for line in sentences(comparison):
        console.print(Text(line), soft_wrap=False)
    console.print()
    if console.width >= SIDE_BY_SIDE:
        _columns(comparison, console)
    else:
        _stacked(comparison, console)
    console.print(Text(LEGEND, style="dim"))


def show_runs(courses: Courses, console: Console) -> None:
    """Prints where both runs part, their curves and accuracies."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("", style="dim")
    table.add_column(courses.a.name, overflow="fold")
    table.add_column(courses.b.name, overflow="fold")
    for what, one, other in courses.rows():
        style = "" if one == other else "yellow"
        table.add_row(what, Text(one, style=style), Text(other, style=style))
    console.print()
    console.print(table)


def _highlighted(code: str, language: str) -> Text:
    syntax = Syntax(code, _LEXERS[language], theme="ansi_dark", background_color="default")
    text = syntax.highlight(code)
    text.rstrip()
    return text


def _columns(comparison: Comparison, console: Console) -> None:
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(ratio=1, overflow="fold")
    table.add_column(width=1)
    table.add_column(ratio=1, overflow="fold")
    a, b = comparison.a, comparison.b
    table.add_row(Text(a.text, style="bold"), "", Text(b.text, style="bold"))
    for row in comparison.rows:
        sign = mark(row)
        cells = [
            Text("") if code is None else _highlighted(code, side.dialect.language)
            for code, side in ((row.a, a), (row.b, b))
        ]
        table.add_row(cells[0], Text(sign, style=STYLES[sign]), cells[1])
    console.print(table)


def _stacked(comparison: Comparison, console: Console) -> None:
    """One column: what is the same once, else the first side above the second."""
    a, b = comparison.a, comparison.b
    console.print(Text.assemble(("< ", STYLES["<"]), a.text, "   ", ("> ", STYLES[">"]), b.text))
    console.print(Rule(style="dim"))
    for row in comparison.rows:
        _stack(row, (a.dialect.language, b.dialect.language), console)


def _stack(row: Row, languages: tuple[str, str], console: Console) -> None:
    parts = (
        [(" ", row.a, languages[0])]
        if row.same
        else [
            ("<", row.a, languages[0]),
            (">", row.b, languages[1]),
        ]
    )
    for sign, code, language in parts:
        if code is None:
            continue
        table = Table.grid(padding=(0, 1))
        table.add_column(width=1)
        table.add_column(overflow="fold")
        table.add_row(Text(sign, style=STYLES[sign]), _highlighted(code, language))
        console.print(table)
