"""Each guide's own training step beside the printed one: equal, or the difference has a reason."""

from __future__ import annotations

import pytest

from core.dialects import DIALECTS, Printing
from core.spec import Scenario
from core.spec.catalog import Catalog
from scenarios.departures import DEPARTURES
from tests.conftest import REPOSITORY, published
from tests.core.dialects.published_steps import (
    document_of,
    python_differences,
    python_steps,
    r_differences,
    r_steps,
)

GUIDES = {
    "keras_io_tf": ("keras_io_tf.md", "tensorflow"),
    "keras_io_tf_zh": ("keras_io_tf_zh.txt", "tensorflow"),
    "multi_backend": ("multi_backend.md", "legacy"),
    "dcgan_article": ("dcgan_article.md", "legacy"),
    "r_style": ("r_keras3.txt", "r"),
}
SCENARIOS = Catalog.load(REPOSITORY).scenarios
# Statements of each section's published step, headers of tapes included.
STATEMENTS = {"first_loop": 5, "metrics": 6, "compiled": 7, "tracked_losses": 8, "gan": 18}
IN_R = STATEMENTS | {"tracked_losses": 7, "gan": 19}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_a_printed_step_says_what_the_guide_says_but_for_the_listed_departures(
    scenario: Scenario,
) -> None:
    name, dialect = GUIDES[scenario.guide.id]
    document = document_of(published(name))
    program = DIALECTS[dialect].program(scenario, Printing())
    compare = r_differences if dialect == "r" else python_differences
    found = compare(document, scenario, program)
    known = [one for one in DEPARTURES if one.scenario == scenario.id]
    assert {line for one in known for line in one.lines} == found.lines
    assert {op for one in known for op in one.ops} == found.ops


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_the_whole_published_step_is_compared(scenario: Scenario) -> None:
    name, dialect = GUIDES[scenario.guide.id]
    document = document_of(published(name))
    section = scenario.section.partition("~")[0]
    if dialect == "r":
        assert IN_R[section] == len(r_steps(document, scenario))
    else:
        expected = STATEMENTS.get(section, 12)
        assert expected == len(python_steps(document, scenario))


def test_every_departure_is_of_a_section_there_is() -> None:
    assert {one.scenario for one in DEPARTURES} <= {scenario.id for scenario in SCENARIOS}
    assert all(one.reason for one in DEPARTURES)
