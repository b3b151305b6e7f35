"""The ledger of guide defects, with evidence."""

from __future__ import annotations

from core.site.pages.page import Page
from core.site.words.labels import label
from core.site.words.titles import guide_title
from core.spec.catalog import GuideEntry

TITLE = label("what-is-wrong-in-the")


def defects_page(entries: tuple[GuideEntry, ...]) -> Page:
    """The page."""
    return Page(
        file="defects.html",
        template="defects.html",
        title=TITLE,
        values={
            "guides": [
                (entry.guide, guide_title(entry.scenarios[0]), entry.defects)
                for entry in entries
                if entry.defects
            ],
            "count": sum(len(entry.defects) for entry in entries),
        },
    )
