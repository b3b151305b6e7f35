"""Reads a document from a file, whatever its format; nothing of it is executed.

A path that cannot be read is the caller's mistake (`UsageError`); what is wrong inside the file
is a finding of the document.
"""

from __future__ import annotations

import codecs
import stat
from collections.abc import Mapping
from pathlib import Path

import yaml
from attrs import evolve

from core.documents.reading import problems
from core.documents.reading.assembling import assemble
from core.documents.reading.blocks import Block, Code
from core.documents.reading.document import Document, Format, OutputKind
from core.documents.reading.formats.chunks import ChunkReader, without_shown_only
from core.documents.reading.formats.detection import detect
from core.documents.reading.formats.markdown import read_markdown
from core.documents.reading.formats.notebook import NotANotebook, read_notebook
from core.documents.reading.formats.page import read_page
from core.documents.reading.formats.script import read_script, read_tutobook, tutobook_header
from core.documents.reading.formats.untagged import resolved
from core.documents.reading.limits import (
    LARGEST_NOTEBOOK,
    LARGEST_PAGE,
    LARGEST_TEXT,
    MOST_CELLS,
    TooMuch,
)
from core.documents.reading.rendering import find_rendering, stale_findings
from core.errors import UsageError
from core.trace.finding import Finding

_LONGEST_HEADER = 100_000


def read_document(path: Path, *, rendering: bool = True) -> Document:
    """Read a document.

    Args:
        path: a Markdown, R Markdown, Quarto, notebook, Python, R or plain text file.
        rendering: whether to look for the rendering of a source that publishes no outputs.

    Raises:
        UsageError: the path is no readable regular file.
    """
    limit = LARGEST_NOTEBOOK if path.suffix.lower() == ".ipynb" else LARGEST_TEXT
    raw, size = _bytes(path, limit)
    if size > limit:
        return _refused(path, problems.too_large(path, f"{size:,} bytes", f"{limit:,}"))
    findings: list[Finding] = []
    try:
        document = _read(path, _decoded(path, raw, findings), findings)
    except (NotANotebook, _Unreadable) as error:
        return _refused(path, *findings, problems.unreadable(path, str(error)))
    except TooMuch as error:
        return _refused(path, *findings, problems.too_large(path, error.found, error.limit))
    if all(cell.language == "other" for cell in document.cells):
        found = "no Python and no R in it" if raw.strip() else "the file is empty"
        return evolve(document, findings=(*document.findings, problems.no_code(path, found)))
    return _with_rendering(document) if rendering else document


class _Unreadable(Exception):  # noqa: N818 - it becomes a finding
    """Nothing can be made of the bytes; the message says why."""


def _read(path: Path, text: str, findings: list[Finding]) -> Document:
    detected = detect(path, text)
    if detected.note is not None:
        findings.append(problems.other_format(path, detected.note))
    header, blocks = _blocks(path, text, detected.format, findings)
    cells = sum(isinstance(block, Code) for block in blocks)
    if cells > MOST_CELLS:
        raise TooMuch(f"{cells:,} cells", f"{MOST_CELLS:,}")
    return assemble(path, detected.format, header, blocks, findings)


def _blocks(
    path: Path, text: str, format_: Format, findings: list[Finding]
) -> tuple[Mapping[str, object], list[Block]]:
    match format_:
        case Format.NOTEBOOK:
            if not text.strip():
                return {}, []
            metadata, blocks, wrong = read_notebook(text)
            if wrong is not None:
                remark = f"not quite a notebook by its schema: {wrong}"
                findings.append(problems.other_format(path, remark))
            return metadata, blocks
        case Format.TUTOBOOK:
            return tutobook_header(text) or {}, read_tutobook(text)
        case Format.PYTHON_SCRIPT:
            return {}, read_script(text, "python")
        case Format.R_SCRIPT:
            return {}, read_script(text, "r")
        case Format.PAGE:
            if len(text) > LARGEST_PAGE:
                raise TooMuch(f"{len(text):,} characters without marks", f"{LARGEST_PAGE:,}")
            return {}, read_page(text)
        case _:
            return _markdown_blocks(path, text, findings)


def _markdown_blocks(
    path: Path, text: str, findings: list[Finding]
) -> tuple[Mapping[str, object], list[Block]]:
    chunks = ChunkReader()
    front, _ = read_markdown(text[:_LONGEST_HEADER]) if text.startswith("---") else (None, [])
    header = _header(path, front, findings)
    chunks.set_defaults(header)
    _, raw = read_markdown(text, read_fence=chunks)
    return header, resolved(without_shown_only(raw))


def _header(path: Path, front: str | None, findings: list[Finding]) -> dict[str, object]:
    if front is None:
        return {}
    try:
        loaded: object = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        findings.append(problems.bad_header(path, str(error).split("\n", 1)[0]))
        return {}
    return {str(k): v for k, v in loaded.items()} if isinstance(loaded, dict) else {}


def _with_rendering(document: Document) -> Document:
    """The document with its rendering, where it publishes nothing itself."""
    if any(output.kind is not OutputKind.IMAGE for output in document.outputs):
        return document
    path = find_rendering(document.path)
    if path is None:
        return document
    rendering = read_document(path, rendering=False)
    if not rendering.cells:
        return document
    stale = stale_findings(document, rendering)
    return evolve(document, rendering=rendering, findings=(*document.findings, *stale))


def _bytes(path: Path, limit: int) -> tuple[bytes, int]:
    """The file's bytes (none of a file too large) and their number."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            what = "is a folder" if stat.S_ISDIR(state.st_mode) else "is no regular file"
            raise _usage(path, what)
        if state.st_size > limit:
            return b"", state.st_size
        return path.read_bytes(), state.st_size
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _usage(path, f"cannot be read ({reason})") from error


def _usage(path: Path, what: str) -> UsageError:
    return UsageError(
        f"the document {what}",
        where=str(path),
        expected="a readable file: Markdown, R Markdown, Quarto, a notebook, Python, R or text",
        remedy="check the path",
    )


def _decoded(path: Path, raw: bytes, findings: list[Finding]) -> str:
    """The text of a file.

    Raises:
        _Unreadable: the bytes are no text.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            try:
                return _newlines(raw.decode(encoding))
            except UnicodeDecodeError as error:
                raise _Unreadable("it begins like UTF-16 and is not") from error
    if b"\x00" in raw:
        raise _Unreadable("it holds null bytes, as a binary file does")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return _newlines(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        evidence = f"byte {raw[error.start]:#04x} at offset {error.start}"
        findings.append(problems.not_utf8(path, line, evidence))
        return _newlines(raw.decode("utf-8", "replace"))


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refused(path: Path, *findings: Finding) -> Document:
    """A document nothing could be read from."""
    return assemble(path, detect(path, "").format, {}, [], findings)
