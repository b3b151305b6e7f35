"""Every op explained once, with where each guide does it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from core.site.pages.page import Page, anchor, section_file
from core.site.texts import Text
from core.site.words.explanation import GROUPS, Explanation
from core.site.words.labels import label
from core.site.words.lookup import places
from core.site.words.titles import guide_title
from core.spec.catalog import GuideEntry

TITLE = label("every-line-explained")
_TITLES = {
    "setup": label("setting-up"),
    "step": label("the-training-step"),
    "log": label("measuring-logging-saving"),
    "around": label("around-the-operations"),
}


@frozen
class Occurrence:
    """A section that does something, and the first op that does."""

    href: str
    section: str
    count: int


@frozen
class InGuide:
    """Where a guide does something."""

    title: Text
    year: int
    places: tuple[Occurrence, ...]


@frozen
class Explained:
    """An explanation with its places."""

    explanation: Explanation
    guides: tuple[InGuide, ...]


def ops_page(entries: tuple[GuideEntry, ...]) -> Page:
    """The page."""
    return Page(
        file="ops.html",
        template="ops.html",
        title=TITLE,
        values={
            "groups": [
                (
                    word,
                    _TITLES[word],
                    [Explained(e, tuple(_guides(entries, e))) for e in explanations.values()],
                )
                for word, explanations in GROUPS.items()
            ]
        },
    )


def _guides(entries: tuple[GuideEntry, ...], explanation: Explanation) -> Iterator[InGuide]:
    for entry in entries:
        found = tuple(_places(entry, explanation.key))
        if found:
            yield InGuide(guide_title(entry.scenarios[0]), entry.guide.year, found)


def _places(entry: GuideEntry, kind: str) -> Iterator[Occurrence]:
    for scenario in entry.scenarios:
        ids = [place for place, op in places(scenario) if type(op).__name__ == kind]
        if ids:
            yield Occurrence(
                f"{section_file(scenario)}#{anchor(ids[0])}", scenario.section, len(ids)
            )
