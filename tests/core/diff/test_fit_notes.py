"""ID and ID@fit: every supervised section says why fit trains otherwise, in one sentence each."""

from __future__ import annotations

import pytest

from core.dialects import DIALECTS
from core.spec import Scenario
from tests.core.diff.sections import CATALOG, compared

SUPERVISED = [s for s in CATALOG.scenarios if DIALECTS["fit"].refusal(s) is None]
ALWAYS = {"training flag:", "arrays:", "xla:"}


def test_every_section_but_the_gans_can_be_trained_by_fit() -> None:
    refused = {s.section.partition("~")[0] for s in CATALOG.scenarios if s not in SUPERVISED}
    assert {"gan", "dcgan"} == refused


@pytest.mark.parametrize("scenario", SUPERVISED, ids=lambda scenario: scenario.id)
def test_what_differs_is_said_in_one_sentence_each(scenario: Scenario) -> None:
    found = compared(f"{scenario.id}@tensorflow", f"{scenario.id}@fit")
    said = {one.what: one.sentence for one in found.spec}
    assert said.keys() >= ALWAYS
    assert all(text.endswith(".") and text.count(". ") == 0 for text in said.values())
    several = scenario.loop.epochs > 1 or bool(scenario.trains_first)
    assert ("shuffling:" in said) == (several and not scenario.loop.exhausted)
    assert ("loss averaging:" in said) == (not scenario.loop.exhausted)
    assert ("exhausted iterator:" in said) == scenario.loop.exhausted
