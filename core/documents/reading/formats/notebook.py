"""Jupyter notebooks by nbformat, older formats included."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from core.documents.reading.blocks import (
    Block,
    Code,
    Heading,
    OutputBlock,
    Picture,
    Prose,
    RawBlock,
    Row,
    trimmed,
)
from core.documents.reading.document import CellLanguage, OutputKind
from core.documents.reading.formats.json_lines import CellLines, cell_lines, marks_of_structure
from core.documents.reading.formats.markdown import PYTHON_TAGS, read_markdown
from core.documents.reading.formats.script import SHOWN_ONLY
from core.documents.reading.formats.untagged import resolved
from core.documents.reading.limits import MOST_NOTEBOOK_MARKS, TooMuch


class NotANotebook(Exception):  # noqa: N818 - it becomes a finding
    """The text is no notebook; the message says why."""


def read_notebook(text: str) -> tuple[dict[str, object], list[Block], str | None]:
    """The metadata and blocks of a notebook, and what its schema finds wrong with it, if anything.

    Raises:
        NotANotebook: the text is not JSON, or not a notebook nbformat can convert.
        TooMuch: the text is too rich in structure.
    """
    import nbformat
    from nbformat import reader
    from nbformat.validator import validate

    encoded = text.encode("utf-8", "replace")
    if (marks := marks_of_structure(encoded)) > MOST_NOTEBOOK_MARKS:
        raise TooMuch(f"{marks:,} marks of structure", f"{MOST_NOTEBOOK_MARKS:,}")
    try:
        raw: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotANotebook(f"it is not JSON: {error}") from error
    if not isinstance(raw, dict) or not ("cells" in raw or "worksheets" in raw):
        raise NotANotebook("its JSON holds no cells")
    try:
        notebook: object = nbformat.convert(reader.reads(text), 4)  # type: ignore[no-untyped-call]
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise NotANotebook(f"nbformat cannot read it: {str(error)[:200]}") from error
    wrong = None
    try:
        validate(notebook)
    except nbformat.ValidationError as error:
        wrong = str(error).split("\n", 1)[0][:200]
    metadata = _mapping(_mapping(notebook).get("metadata"))
    lines = cell_lines(encoded)
    kernel = _kernel(metadata)
    blocks: list[RawBlock] = []
    for number, cell in enumerate(_sequence(_mapping(notebook).get("cells"))):
        where = lines[number] if number < len(lines) else CellLines((), ())
        blocks.extend(_cell(_mapping(cell), where, kernel))
    return dict(metadata), resolved(blocks), wrong


def _kernel(metadata: Mapping[str, object]) -> CellLanguage:
    named = _mapping(metadata.get("kernelspec")).get("language")
    named = named or _mapping(metadata.get("language_info")).get("name") or "python"
    name = str(named).lower()
    return "r" if name == "r" else "python" if name in PYTHON_TAGS else "other"


def _cell(cell: Mapping[str, object], where: CellLines, kernel: CellLanguage) -> Iterator[RawBlock]:
    rows = _rows(_text(cell.get("source")), where.source)
    if cell.get("cell_type") == "markdown":
        yield from _words(rows)
    if cell.get("cell_type") != "code" or not any(row.text.strip() for row in rows):
        return
    tags = {str(tag) for tag in _sequence(_mapping(cell.get("metadata")).get("tags"))}
    skip = "skip-execution" if "skip-execution" in tags else None
    if kernel == "other":
        skip = "a cell neither Python nor R"
    yield Code(trimmed(rows), kernel, skip, "raises-exception" in tags, chunk=True)
    for number, output in enumerate(_sequence(cell.get("outputs"))):
        at = where.outputs[number] if number < len(where.outputs) else ()
        fallback = rows[-1].line
        yield from _output(_mapping(output), at or (fallback,))


def _words(rows: Sequence[Row]) -> Iterator[RawBlock]:
    """A Markdown cell's headings and prose; code shown in it is not executed."""

    def at(line: int) -> int:
        return rows[min(line - 1, len(rows) - 1)].line

    _, blocks = read_markdown("\n".join(row.text for row in rows))
    for block in blocks:
        if isinstance(block, Heading | Prose | Picture):
            yield evolve(block, line=at(block.line))
        elif isinstance(block, Code):
            shown = [Row(at(row.line), row.text) for row in block.rows]
            yield evolve(block, rows=shown, skip=block.skip or SHOWN_ONLY)


def _output(output: Mapping[str, object], lines: Sequence[int]) -> Iterator[OutputBlock]:
    kind = output.get("output_type")
    data = _mapping(output.get("data"))
    if kind == "stream" and output.get("name") != "stderr":
        yield from _printed(_text(output.get("text")), lines, OutputKind.STREAM)
    elif kind == "error":
        name = f"{output.get('ename')}: {output.get('evalue')}"
        yield OutputBlock((Row(lines[0], name.split("\n", 1)[0]),), OutputKind.ERROR)
    elif any(str(name).startswith("image/") for name in data):
        name = next(str(name) for name in data if str(name).startswith("image/"))
        yield OutputBlock((Row(lines[0], name),), OutputKind.IMAGE)
    elif "text/plain" in data:
        yield from _printed(_text(data["text/plain"]), lines, OutputKind.RESULT)


def _printed(text: str, lines: Sequence[int], kind: OutputKind) -> Iterator[OutputBlock]:
    rows = _rows(text, lines)
    if any(row.text.strip() for row in rows):
        yield OutputBlock(rows, kind)


def _text(value: object) -> str:
    """Multi-line text as notebooks keep it: one string or a list of them."""
    if isinstance(value, str):
        return value
    return "".join(str(part) for part in _sequence(value))


def _rows(text: str, lines: Sequence[int]) -> tuple[Row, ...]:
    """Rows with their lines; where those are not known, the last known one, or the first."""
    rows = text.removesuffix("\n").split("\n")
    at = list(lines) or [1]
    return tuple(Row(at[min(n, len(at) - 1)], row) for n, row in enumerate(rows))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()
