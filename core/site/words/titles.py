"""Section titles and introductions in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from core.site.texts import Text, same
from core.site.words.loading import load
from core.spec import Scenario


@frozen
class Titles:
    """Titles of guides and sections.

    Attributes:
        guides: Chinese titles of guides by the English ones.
        sections: of sections, and what sets variants of a section apart.
        introductions: what a section shows, in one sentence.
    """

    guides: Mapping[str, str]
    sections: Mapping[str, str]
    introductions: Mapping[str, Text]


TITLES = load("titles.toml", Titles)
_ENGLISH = {zh: en for en, zh in TITLES.sections.items()}


def section_title(scenario: Scenario) -> Text:
    """A section's title; in the language of its guide where there is no other."""
    title, known = scenario.title, TITLES.sections
    if title in _ENGLISH:
        return Text(_ENGLISH[title], title)
    if title in known:
        return Text(title, known[title])
    for separator in (", ", ": "):
        head, found, variant = title.rpartition(separator)
        if found and head in known and variant in known:
            return Text(title, f"{known[head]}（{known[variant]}）")
    return same(title)


def guide_title(scenario: Scenario) -> Text:
    """A guide's title with its translation."""
    title, known = scenario.guide.title, TITLES.guides
    return Text(title, known[title]) if title in known else same(title)


def introduction(scenario: Scenario) -> Text | None:
    """What a section shows, in one sentence."""
    return TITLES.introductions.get(scenario.section.partition("~")[0])
