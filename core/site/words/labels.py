"""Titles, headings and short labels of pages and charts, by their names in `labels.toml`."""

from __future__ import annotations

from core.site.texts import Text
from core.site.words.loading import load

LABELS: dict[str, Text] = load("labels.toml", dict[str, Text])


def label(name: str) -> Text:
    """The label of a name."""
    return LABELS[name]
