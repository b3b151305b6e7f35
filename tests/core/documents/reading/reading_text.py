"""Reads a document from text, as the tests write it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from core.documents.reading import Document, read_document


def document(folder: Path, name: str, text: str) -> Document:
    """The document that a file of this name and text is; the text's own margin is left out."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).removeprefix("\n"), encoding="utf-8")
    return read_document(path)


def sources(read: Document) -> list[str]:
    """The code of the cells that run."""
    return [cell.source for cell in read.cells if cell.skip is None]


def codes(read: Document) -> list[str]:
    """The findings' codes."""
    return [finding.code for finding in read.findings]
