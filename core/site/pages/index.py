"""The first page: questions that lead to their answers, then every guide's sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs
from attrs import frozen

from core.site.pages.page import Page, section_file
from core.site.recorded import Recorded
from core.site.texts import Text
from core.site.words.labels import label
from core.site.words.questions import QUESTIONS, Question
from core.site.words.titles import guide_title, section_title
from core.spec.catalog import GuideEntry

TITLE = label("one-training-loop-six-ways")
_ORDER = ("keras_io_tf", "multi_backend", "r_style", "dcgan_article", "keras_io_tf_zh")


@frozen
class Card:
    """A section on the first page."""

    href: str
    title: Text
    fact: Text | None


@frozen
class Shelf:
    """A guide on the first page."""

    id: str
    title: Text
    year: int
    cards: tuple[Card, ...]


def index_page(entries: tuple[GuideEntry, ...], recorded: Mapping[str, Recorded]) -> Page:
    """The first page.

    Args:
        entries: the guides.
        recorded: what was recorded, by scenario id.
    """
    return Page(
        file="index.html",
        template="index.html",
        title=TITLE,
        values={
            "questions": tuple(_questions(entries)),
            "shelves": tuple(_shelf(e, recorded) for e in sorted(entries, key=_place)),
        },
    )


def _place(entry: GuideEntry) -> int:
    """Guides in the order in which one would read them; others after these."""
    known = entry.guide.id in _ORDER
    return _ORDER.index(entry.guide.id) if known else len(_ORDER)


def _questions(entries: tuple[GuideEntry, ...]) -> Iterator[Question]:
    """The questions whose pages exist."""
    files = {s.id: section_file(s) for entry in entries for s in entry.scenarios}
    for one in QUESTIONS:
        section = one.at.partition("?")[0].partition("#")[0]
        if section in files:
            yield attrs.evolve(one, at=files[section] + one.at.removeprefix(section))
        elif section.endswith(".html"):
            yield one


def _shelf(entry: GuideEntry, recorded: Mapping[str, Recorded]) -> Shelf:
    first = entry.scenarios[0]
    return Shelf(
        entry.guide.id,
        guide_title(first),
        entry.guide.year,
        tuple(
            Card(section_file(s), section_title(s), _fact(recorded[s.id])) for s in entry.scenarios
        ),
    )


def _fact(recorded: Recorded) -> Text | None:
    """The first and last loss, and the last validation accuracy."""
    trace = next(iter(recorded.traces.values()), None)
    if trace is None or not trace.steps:
        return label("no-step-is-taken") if trace is not None else None
    name = next(iter(trace.losses))
    values = trace.losses[name]
    said = label("steps-steps-name-a-b")
    ends = {"a": _short(values[0]), "b": _short(values[-1])}
    return said.format(steps=f"{trace.steps:,}", name=name, **ends)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
