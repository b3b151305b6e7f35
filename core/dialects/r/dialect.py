"""The R dialect: keras3 on TensorFlow."""

from __future__ import annotations

from typing import ClassVar

from core.dialects.options import Printing
from core.dialects.plan import SetUp, Train, draws_in_tensorflow, identifiers, plan
from core.dialects.program import Program
from core.dialects.python import data, heading
from core.dialects.python.building import built_more_than_once
from core.dialects.python.needs import saves_sheets
from core.dialects.r.loop import SHEET, RLoop
from core.dialects.r.page import RPage
from core.dialects.r.setup import RSetup
from core.spec import Scenario

SEED = "Initial weights, sample order, draws and R's own sampling follow from this seed."


class RDialect:
    """R's keras3."""

    id: ClassVar[str] = "r"
    name: ClassVar[str] = "R keras3"
    language: ClassVar[str] = "r"
    backend: ClassVar[str] = "tensorflow"

    def refusal(self, scenario: Scenario) -> str | None:  # noqa: ARG002
        """R says whatever the specs say."""
        return None

    def program(self, scenario: Scenario, options: Printing) -> Program:
        """The whole program of a scenario."""
        events = plan(scenario, draws_in_tensorflow)
        page = RPage(scenario, options, identifiers(events))
        labels = {
            page.names[thing]: held
            for thing, held in data.labelled(events).items()
            if thing in page.names
        }
        setups = RSetup(page, built_more_than_once(events), labels)
        for number, package in enumerate(("tensorflow", "tfdatasets")):
            page.code(f"library({package})", ["imports"], gap=number == 0)
        page.code("library(keras3, warn.conflicts = FALSE)", ["imports"])
        page.code('use_backend("tensorflow")', ["imports"], gap=True)
        page.code(f"set_random_seed({options.seed}L)", ["seed"], SEED, gap=True)
        for event in events:
            if isinstance(event, Train) and (place := saves_sheets(event.scenario)):
                page.code(SHEET, [f"{place}.function"], gap=True)
        for event in events:
            page.scenario = event.scenario
            if isinstance(event, SetUp):
                heading.section(page, event, events)
                setups.print(event)
            else:
                RLoop(page, event.scenario).print()
        return Program(
            scenario=scenario.id,
            dialect=self.id,
            language=self.language,
            title=heading.title(scenario, self.name),
            about=heading.about(scenario),
            statements=tuple(page.statements),
        )
