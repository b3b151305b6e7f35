"""Which format a document is written in: by its name, unless its content says otherwise."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from core.documents.reading.document import Format
from core.documents.reading.formats.script import tutobook_header
from core.documents.reading.syntax import python_code

MARKDOWN_FORMATS = frozenset({Format.MARKDOWN, Format.R_MARKDOWN, Format.QUARTO})
_BY_SUFFIX = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mdx": Format.MARKDOWN,
    ".rmd": Format.R_MARKDOWN,
    ".qmd": Format.QUARTO,
    ".ipynb": Format.NOTEBOOK,
    ".py": Format.PYTHON_SCRIPT,
    ".r": Format.R_SCRIPT,
}
SUFFIXES = frozenset(_BY_SUFFIX)
"""Endings of names that say a file is a document; any other file is read by its content."""


@frozen
class Detected:
    """A format, and a remark where the file's name says another."""

    format: Format
    note: str | None = None


def detect(path: Path, text: str) -> Detected:
    """The format of a file."""
    named = _BY_SUFFIX.get(path.suffix.lower())
    content = _by_content(text)
    if named is Format.PYTHON_SCRIPT and tutobook_header(text) is not None:
        return Detected(Format.TUTOBOOK)
    if named is Format.PYTHON_SCRIPT and content in MARKDOWN_FORMATS and _is_python(text):
        return Detected(named)  # fences inside docstrings
    if content is None:
        return Detected(named or Format.PAGE)
    if named is None or named is content:
        return Detected(content)
    if named in MARKDOWN_FORMATS and content in MARKDOWN_FORMATS:
        return Detected(named)
    if named is Format.NOTEBOOK:
        return Detected(named)  # what is no notebook by that name is a finding
    if content is Format.NOTEBOOK or named is Format.PYTHON_SCRIPT:
        return Detected(content, f"its name says {named.value}, its content {content.value}")
    return Detected(named)


def _by_content(text: str) -> Format | None:
    start = text.lstrip()[:1]
    if start == "{" and '"cells"' in text and '"nbformat"' in text:
        return Format.NOTEBOOK
    rows = [row.strip() for row in text.split("\n")]
    if any(row.startswith(("```{r", "```{python", "~~~{r")) for row in rows):
        return Format.R_MARKDOWN
    if any(row.startswith(("```", "~~~")) for row in rows):
        return Format.MARKDOWN
    return None


def _is_python(text: str) -> bool:
    return python_code.refusal(text) is None
