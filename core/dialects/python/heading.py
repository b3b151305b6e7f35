"""Titles and the few sentences that say what a part of a program is for."""

from __future__ import annotations

from core.dialects.plan import Event, SetUp, Train
from core.dialects.python.page import Page
from core.spec import Scenario, ops
from core.spec.kinds import Kind


def title(scenario: Scenario, dialect: str) -> str:
    """The program in one line."""
    return f"{scenario.title}: {dialect}."


def about(scenario: Scenario) -> tuple[str, ...]:
    """Where the program comes from."""
    guide = scenario.guide
    return (f"Section {scenario.id} of {guide.title!r} ({guide.year}).",)


def section(page: Page, event: SetUp, events: tuple[Event, ...]) -> None:
    """Announces a section where a program has several."""
    scenario = event.scenario
    setups = [other for other in events if isinstance(other, SetUp)]
    if len(setups) == 1:
        return
    page.heading = scenario.title
    trained = any(isinstance(e, Train) and e.scenario is scenario for e in events)
    if not trained:
        page.heading += "\nIts loop is left out: what follows needs these objects, or their draws."
        return
    kept = continued(scenario)
    if kept:
        page.heading += f"\nGoes on with the {' and the '.join(kept)} that the loop above trained."


def continued(scenario: Scenario) -> list[str]:
    """The models and optimizers that a section takes from an earlier one."""
    return [
        name
        for name, kind in scenario.setup_names.items()
        if kind in (Kind.MODEL, Kind.OPTIMIZER)
        if scenario.origin(name).section is not scenario
    ]


def model_comment(page: Page, op: ops.BuildModel) -> str:
    """Why a model is built again, where it is."""
    built = any(
        statement.code.startswith(f"{page.name(op.out)} = ") for statement in page.statements
    )
    return "A fresh model, with weights of its own." if built else ""
