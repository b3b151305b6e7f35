"""Is it the same? Every section's losses on all backends, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from core.site.charts.agreement import pairs
from core.site.charts.chart import BACKEND_NAMES
from core.site.pages.page import Page, section_file
from core.site.recorded import Recorded
from core.site.texts import Text
from core.site.words.labels import label
from core.site.words.titles import guide_title, section_title
from core.spec import Scenario
from core.spec.catalog import GuideEntry

TITLE = label("is-it-the-same")


@frozen
class Standing:
    """One section and loss.

    Attributes:
        href: the section's curves.
        title: the section.
        loss: the loss's name.
        ends: first and last loss by backend.
        steps: steps inside the horizon; 0 where only the trend is compared.
        largest: the largest relative difference of any two backends there that read the loss
            alike.
        alike: whether all of them do.
    """

    href: str
    title: Text
    loss: str
    ends: Mapping[str, tuple[float, float]]
    steps: int
    largest: float
    alike: bool


def agreement_page(entries: tuple[GuideEntry, ...], recorded: Mapping[str, Recorded]) -> Page:
    """The page."""
    return Page(
        file="agreement.html",
        template="agreement.html",
        title=TITLE,
        values={
            "names": BACKEND_NAMES,
            "guides": [
                (
                    entry.guide,
                    guide_title(entry.scenarios[0]),
                    [one for s in entry.scenarios for one in _standings(s, recorded[s.id])],
                )
                for entry in entries
            ],
        },
    )


def _standings(scenario: Scenario, recorded: Recorded) -> Iterator[Standing]:
    found = tuple(pairs(scenario, recorded))
    for name in recorded.losses:
        ours = [pair for pair in found if pair.loss == name]
        ends = {
            backend: (trace.losses[name][0], trace.losses[name][-1])
            for backend, trace in recorded.traces.items()
            if trace.losses.get(name)
        }
        if ends:
            yield Standing(
                f"{section_file(scenario)}#curves",
                section_title(scenario),
                name,
                ends,
                min((pair.steps for pair in ours), default=0),
                max((pair.largest for pair in ours if pair.alike), default=0.0),
                all(pair.alike for pair in ours),
            )
