"""Whether `parity diff` is asked about a section or about a document."""

from __future__ import annotations

from pathlib import Path

SUFFIXES = frozenset({".py", ".ipynb", ".md", ".txt", ".html", ".qmd", ".Rmd", ".R"})


def is_document(text: str) -> bool:
    """Whether an argument of `parity diff` is a file rather than a section's id."""
    return Path(text).suffix in SUFFIXES
