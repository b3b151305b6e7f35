"""A page before it is rendered, and how pages are named."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from core.site.rendering import rendered
from core.site.texts import Text
from core.spec import Scenario


@frozen
class Page:
    """One HTML page.

    Attributes:
        file: its name in the site's folder.
        template: what it is made from.
        title: its title.
        values: what its template names besides.
    """

    file: str
    template: str
    title: Text
    values: Mapping[str, object] = field(repr=False)

    def html(self) -> str:
        """The page's text."""
        return rendered(self.template, page=self, **self.values)


def slug(scenario: Scenario) -> str:
    """A section's word in file names: `r_style-gan-intended`."""
    return f"{scenario.guide.id}-{scenario.section}".replace("~", "-")


def section_file(scenario: Scenario) -> str:
    """The file of a section's page."""
    return f"{slug(scenario)}.html"


def program_file(scenario: Scenario, dialect: str, language: str) -> str:
    """The file of a section's program in a dialect."""
    return f"programs/{slug(scenario)}-{dialect}.{'R' if language == 'r' else 'py'}"


def anchor(op: str) -> str:
    """An op's place on its section's page: `op-step-0-1` for `step[0.1]`."""
    words = op.replace("[", "-").replace("]", "").replace(".", "-").replace("/", "-")
    return f"op-{words}"
