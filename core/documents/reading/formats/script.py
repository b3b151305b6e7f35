"""Python and R scripts: keras-io's tutobooks, `# %%` cells, and plain programs."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence

from attrs import evolve

from core.documents.reading.blocks import (
    Block,
    Code,
    Heading,
    OutputBlock,
    Prose,
    RawBlock,
    Row,
    Untagged,
    numbered,
    trimmed,
)
from core.documents.reading.document import CellLanguage
from core.documents.reading.formats.markdown import read_markdown
from core.documents.reading.syntax import python_code

SHOWN_ONLY = "shown, not executed: it stands among the words"
_MARK = "# %%"
_SHELL = "shell"
_INVISIBLE = "invisible"


def tutobook_header(source: str) -> dict[str, object] | None:
    """The `Key: value` head of a tutobook's first docstring; `None` where it is no tutobook."""
    module = python_code.tree(source)
    docstring = ast.get_docstring(module) if module is not None else None
    if docstring is None or not docstring.lstrip().startswith("Title:"):
        return None
    header: dict[str, object] = {}
    for row in docstring.strip().split("\n"):
        name, colon, value = row.partition(":")
        if not colon:
            break
        header[name.strip().lower()] = value.strip()
    return header


def read_tutobook(source: str) -> list[Block]:
    """The blocks of a tutobook: docstrings at top level are Markdown, the rest is code."""
    module = python_code.tree(source)
    if module is None:
        return read_script(source, "python")
    rows = numbered(source)
    blocks: list[Block] = []
    last = 0
    for number, node in enumerate(module.body):
        match node:
            case ast.Expr(value=ast.Constant(value=str(words))):
                blocks.extend(_code(rows[last : node.lineno - 1]))
                last = node.end_lineno or node.lineno
                if number == 0:
                    title = str((tutobook_header(source) or {}).get("title", ""))
                    blocks.append(Heading(node.lineno, 1, title))
                else:
                    blocks.extend(_docstring(words, rows[node.lineno - 1 : last]))
            case _:
                pass
    blocks.extend(_code(rows[last:]))
    return blocks


def _code(rows: Sequence[Row]) -> Iterator[Code]:
    kept = trimmed(rows)
    if kept:
        yield Code(kept, "python")


def _docstring(words: str, rows: Sequence[Row]) -> Iterator[Block]:
    """A docstring's Markdown; one that begins with `shell` holds commands."""
    tag = words.split("\n", 1)[0].strip()
    if tag == _SHELL:
        inside = trimmed(rows[1:-1])
        if inside:
            yield Code(inside, "other", skip="a shell block, neither Python nor R")
        return
    if tag == _INVISIBLE:
        return
    # The docstring's own rows keep their lines unless it holds escaped line breaks.
    _, blocks = read_markdown(words, rows[0].line)
    for block in blocks:
        if isinstance(block, Code):
            yield evolve(block, skip=block.skip or SHOWN_ONLY)
        elif not isinstance(block, OutputBlock | Untagged):
            yield block


def read_script(source: str, language: CellLanguage) -> list[Block]:
    """The blocks of a program: its `# %%` cells, or one cell."""
    rows = numbered(source)
    marks = _cell_marks(source) if language == "python" else []
    if not marks:
        kept = trimmed(rows)
        return [Code(kept, language)] if kept else []
    blocks: list[Block] = list(_code(rows[: marks[0]]))
    for first, after in zip(marks, [*marks[1:], len(rows)], strict=True):
        title = rows[first].text.removeprefix(_MARK).strip()
        inside = rows[first + 1 : after]
        if "[markdown]" in title or "[md]" in title:
            blocks.extend(_commented(inside))
        else:
            if title:
                blocks.append(Heading(rows[first].line, 2, title))
            blocks.extend(_code(inside))
    return blocks


def _cell_marks(source: str) -> list[int]:
    """The 0-based rows of `# %%` comments at the left margin; marks inside strings are none."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and token.start[1] == 0 and token.string[:4] == _MARK:
                found.append(token.start[0] - 1)
    except (tokenize.TokenError, SyntaxError):  # what was found before the error stands
        pass
    return found


def _commented(rows: Sequence[Row]) -> Iterator[Block]:
    """A Markdown cell written as comments."""
    if not rows:
        return
    words = "\n".join(row.text.removeprefix("#").removeprefix(" ") for row in rows)
    blocks: list[RawBlock] = read_markdown(words, rows[0].line)[1]
    for block in blocks:
        if isinstance(block, Heading | Prose):
            yield block
