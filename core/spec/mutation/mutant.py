"""A mutant: a section with one defect in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import frozen

from core.spec.scenario import Scenario


@frozen
class Mutant:
    """A section that differs from the sound one in one place.

    Attributes:
        operator: what was done (`learning-rate-x0.9`); the same word in every section.
        site: to what: an object of the setup, an op (`step[0.1]`), or the loop.
        words: the change in one phrase.
        scenario: the changed section, under the sound one's id.
        equivalent: why no run can show the change, where an argument says so; else empty.
    """

    operator: str
    site: str
    words: str
    scenario: Scenario
    equivalent: str = ""

    @property
    def name(self) -> str:
        """`operator@site`, which no other mutant of the section has."""
        return f"{self.operator}@{self.site}"


@frozen
class Draft:
    """A mutant before its section is made, which the rules of specs may refuse.

    Attributes:
        operator, site, words, equivalent: as in `Mutant`.
        make: makes the section; may raise `SpecError`.
    """

    operator: str
    site: str
    words: str
    make: Callable[[], Scenario]
    equivalent: str = ""

    @property
    def name(self) -> str:
        """`operator@site`."""
        return f"{self.operator}@{self.site}"


Operator = Callable[[Scenario], Iterator[Draft]]
"""Drafts of a section: one kind of change, at every site where it can be made."""
