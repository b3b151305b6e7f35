"""`stale-output`: published output that the code beside it cannot have printed.

A published row counts as stale when no print call of the document has words that fit it and, where
the document ran, no row like it was printed. Rows without words, progress bars and messages of the
frameworks are left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from core.documents.reading import Cell, Output, OutputKind, PrintTemplate, print_templates
from core.documents.reading.syntax import python_code
from core.documents.reading.syntax.grammar import node_text, parse
from core.documents.rules.look import Look, times
from core.sandbox.guest.events import Line
from core.trace.finding import Finding, FindingCode

_NUMBER = re.compile(r"[-+]?\d[\d,]*(\.\d*)?([eE][-+]?\d+)?")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FOREIGN = re.compile(
    r"[━█]|\[=*>?\.*\]|ETA|ms/step|us/step|s/step|it/s|Warning|WARNING|INFO|ERROR|Error\b|Traceback|"
    r"Downloading|^\s*(Epoch \d+(/\d+|: )|Restoring model|warnings\.warn|<|\[|\{|\(|array\()"
)
_NOISY = frozenset(
    {"fit", "evaluate", "predict", "summary", "display", "show", "plot", "head", "info", "glimpse"}
)


def stale_outputs(look: Look) -> Iterator[Finding]:
    """Outputs with rows that this code prints nowhere."""
    templates: list[PrintTemplate] = []
    for cell in look.document.cells:
        if cell.language in ("python", "r"):
            templates += print_templates(cell.source, cell.language)
    printed: set[str] = {_shape(line.text) for line in look.saw(Line)}
    noisy = any(_is_noisy(cell) for cell in look.document.cells)
    for cell in look.document.cells:
        watched = look.whole(cell.index)
        if not watched and (look.ran(cell.index) or noisy):
            continue  # cut short, or printing in ways that the code does not show
        # A bare `print(value)` may print any row, so that none can be called impossible.
        if watched and _prints_anything(cell):
            continue
        for output in cell.outputs:
            if output.kind is OutputKind.STREAM:
                yield from _judged(look, output, templates, printed)


def _judged(
    look: Look, output: Output, templates: list[PrintTemplate], printed: set[str]
) -> Iterator[Finding]:
    stale = [
        (line, row)
        for line, row in output.rows
        if _WORD.search(row)
        and not _FOREIGN.search(row)
        and _shape(row) not in printed
        and not any(template.match(row) is not None for template in templates)
    ]
    if stale:
        line, row = stale[0]
        run = ", and none was printed when it ran" if printed else ""
        yield look.finding(
            FindingCode.STALE_OUTPUT,
            line,
            "this code cannot have printed the published output",
            f"{times(len(stale), 'row')} like {row.strip()[:80]!r} fit no print call{run}",
        )


def _shape(row: str) -> str:
    """A row without its numbers and its blank space."""
    return " ".join(_NUMBER.sub("#", row).split())


def _prints_anything(cell: Cell) -> bool:
    """Whether a print call shows something without words of its own."""
    tree = python_code.tree(cell.runnable or cell.source)
    if tree is None:
        return True
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("print", "display"):
            values = [a for a in node.args if not isinstance(a, ast.Constant)]
            if values and not print_templates(ast.unparse(node), "python"):
                return True
    return False


def _is_noisy(cell: Cell) -> bool:
    """Whether code prints in ways that its print calls do not show."""
    if cell.language == "python":
        tree = python_code.tree(cell.runnable or cell.source)
        if tree is None or _prints_anything(cell):
            return True
        return any(
            isinstance(node, ast.Call) and _name(node.func) in _NOISY for node in ast.walk(tree)
        )
    if cell.language == "r":
        root = parse(cell.runnable or cell.source, "r").root_node
        return any(_autoprints(node_text(node), node.type) for node in root.named_children)
    return False


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _autoprints(text: str, kind: str) -> bool:
    """Whether R shows a top-level expression's value: it is no assignment, loop or quiet call."""
    if kind in {"comment", "for_statement", "while_statement", "repeat_statement", "if_statement"}:
        return False
    quiet = r"\s*[\w.]+\s*(<-|=|<<-)|.*%(<-|<>)%|(library|cat|message|set\w*|invisible|require)\b"
    return re.match(quiet, text) is None
