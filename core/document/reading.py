"""Reads a document from a file, whatever its format; nothing of it is executed.

A path that cannot be read is the caller's mistake (`UsageError`); what is wrong inside the file
is a finding of the document.
"""

from __future__ import annotations

import codecs
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml
from attrs import evolve

from core.compare.finding import Finding, Severity
from core.document.assembling import assemble
from core.document.blocks import Block
from core.document.document import Document, Format, document_finding
from core.document.formats.chunks import ChunkReader, without_shown_only
from core.document.formats.detection import MARKDOWN_FORMATS, Detected, detect
from core.document.formats.markdown import read_markdown
from core.document.formats.notebook import NotANotebook, read_notebook
from core.document.formats.page import read_page
from core.document.formats.runs import TooMuch
from core.document.formats.script import read_script, read_tutobook, tutobook_header
from core.document.formats.untagged import resolved
from core.document.rendering import find_rendering, stale_findings
from core.errors import UsageError

LARGEST_TEXT = 2 * 1024 * 1024
"""Bytes of a text document whose code is extracted."""
LARGEST_NOTEBOOK = 64 * 1024 * 1024
"""Bytes of a notebook that is read; pictures make notebooks large."""


def read_document(path: Path, *, rendering: bool = True) -> Document:
    """Read a document.

    Args:
        path: a Markdown, R Markdown, Quarto, notebook, Python, R or plain text file.
        rendering: whether to look for the rendering of a source that publishes no outputs.

    Raises:
        UsageError: the path is no readable regular file.
    """
    raw, size = _bytes(path)
    if size > LARGEST_NOTEBOOK or (size > LARGEST_TEXT and path.suffix.lower() != ".ipynb"):
        return _refused(path, [_too_large(path, size)])
    findings: list[Finding] = []
    text, reason = _decoded(path, raw, findings)
    if reason is not None:
        return _refused(path, [_unreadable(path, reason)])
    if not text.strip():
        return _refused(path, [*findings, _no_code(path, "the file is empty")])
    found = detect(path, text)
    if found.note is not None:
        findings.append(_note(path, found.note))
    document = _read(path, text, found, findings)
    runs = any(cell.language != "other" for cell in document.cells)
    if not runs and not any(f.code == "document-unreadable" for f in document.findings):
        document = evolve(
            document, findings=(*document.findings, _no_code(path, "no Python and no R in it"))
        )
    return _with_rendering(document) if rendering and runs else document


def _read(path: Path, text: str, found: Detected, findings: list[Finding]) -> Document:
    try:
        if found.format is Format.NOTEBOOK:
            metadata, blocks, wrong = read_notebook(text)
            if wrong is not None:
                findings.append(_note(path, f"not quite a notebook by its schema: {wrong}"))
            return assemble(path, found.format, metadata, blocks, findings)
        if found.format in MARKDOWN_FORMATS:
            return _read_markdown(path, text, found.format, findings)
        header: Mapping[str, object] = {}
        readers: dict[Format, Callable[[str], list[Block]]] = {
            Format.PAGE: read_page,
            Format.TUTOBOOK: read_tutobook,
            Format.PYTHON_SCRIPT: lambda source: read_script(source, "python"),
            Format.R_SCRIPT: lambda source: read_script(source, "r"),
        }
        if found.format is Format.TUTOBOOK:
            header = tutobook_header(text) or {}
        return assemble(path, found.format, header, readers[found.format](text), findings)
    except NotANotebook as error:
        return _refused(path, [*findings, _unreadable(path, str(error))])
    except TooMuch:
        reason = "its code cannot be told from its prose within reasonable time"
        return _refused(path, [*findings, _unreadable(path, reason)])


def _read_markdown(path: Path, text: str, format_: Format, findings: list[Finding]) -> Document:
    chunks = ChunkReader()
    front, _ = read_markdown(text[:100_000]) if text.startswith("---") else (None, [])
    header = _header(path, front, findings)
    chunks.set_defaults(header)
    _, raw = read_markdown(text, read_fence=chunks)
    blocks = resolved(without_shown_only(raw))
    return assemble(path, format_, header, blocks, findings)


def _header(path: Path, front: str | None, findings: list[Finding]) -> dict[str, object]:
    if front is None:
        return {}
    try:
        loaded: object = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        findings.append(
            document_finding(
                "document-header",
                path,
                1,
                message="the front matter is no valid YAML",
                evidence=str(error).split("\n", 1)[0],
                remedy="correct the header; the rest of the document was read without it",
                severity=Severity.WARNING,
            )
        )
        return {}
    return {str(k): v for k, v in loaded.items()} if isinstance(loaded, dict) else {}


def _with_rendering(document: Document) -> Document:
    """The document with its rendering, where it publishes nothing itself."""
    if document.outputs:
        return document
    path = find_rendering(document.path)
    if path is None:
        return document
    rendering = read_document(path, rendering=False)
    if not any(isinstance(cell.source, str) for cell in rendering.cells):
        return document
    stale = stale_findings(document, rendering)
    return evolve(document, rendering=rendering, findings=(*document.findings, *stale))


def _bytes(path: Path) -> tuple[bytes, int]:
    """The file's bytes (none of a file too large) and their number."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            what = "is a folder" if stat.S_ISDIR(state.st_mode) else "is no regular file"
            raise _usage(path, what)
        if state.st_size > LARGEST_NOTEBOOK:
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


def _decoded(path: Path, raw: bytes, findings: list[Finding]) -> tuple[str, str | None]:
    """The text, and why there is none, if so."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            try:
                return _newlines(raw.decode(encoding)), None
            except UnicodeDecodeError:
                return "", "it begins like UTF-16 and is not"
    if b"\x00" in raw:
        return "", "it holds null bytes, as a binary file does"
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return _newlines(raw.decode("utf-8")), None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        findings.append(
            document_finding(
                "document-encoding",
                path,
                line,
                message="the document is not UTF-8",
                evidence=f"byte {raw[error.start]:#04x} at offset {error.start}",
                remedy="save the document as UTF-8; it was read with U+FFFD for what is not",
                severity=Severity.WARNING,
            )
        )
        return _newlines(raw.decode("utf-8", "replace")), None


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refused(path: Path, findings: list[Finding]) -> Document:
    """A document nothing could be read from."""
    return assemble(path, detect(path, "").format, {}, [], findings)


def _too_large(path: Path, size: int) -> Finding:
    limit = LARGEST_NOTEBOOK if path.suffix.lower() == ".ipynb" else LARGEST_TEXT
    return document_finding(
        "document-too-large",
        path,
        None,
        message="the document is too large to be read",
        evidence=f"{size:,} bytes; the limit is {limit:,}",
        remedy="split the document, or remove embedded data from it",
    )


def _unreadable(path: Path, reason: str) -> Finding:
    return document_finding(
        "document-unreadable",
        path,
        None,
        message=f"the document cannot be read: {reason}",
        evidence=f"the file's name ends in {path.suffix or 'nothing'!r}",
        remedy="save it as UTF-8 text in one of the supported formats",
    )


def _no_code(path: Path, evidence: str) -> Finding:
    return document_finding(
        "no-code",
        path,
        None,
        message="there is no code to execute in the document",
        evidence=evidence,
        remedy="name the document that holds the code, or mark its code as Python or R",
        severity=Severity.WARNING,
    )


def _note(path: Path, message: str) -> Finding:
    return document_finding(
        "document-format",
        path,
        None,
        message=message,
        evidence=f"the file's name is {path.name!r}",
        remedy="rename the file, or save it in the format its name says",
        severity=Severity.NOTE,
    )
