"""Which reading a loss takes of sigmoid outputs that it is told are logits."""

from __future__ import annotations

import pytest

from core.spec import BACKENDS, Scenario
from core.spec.reading import reading
from scenarios.dcgan_article import SCENARIOS as ARTICLE
from scenarios.keras_io_tf import SCENARIOS as GUIDE
from scenarios.r_style import SCENARIOS as R_STYLE

BY_SECTION = {scenario.section: scenario for scenario in ARTICLE}


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("dcgan", ["logits", "twice", "twice"]),
        ("dcgan~logits", [None, None, None]),
        ("dcgan~twice", ["twice", "twice", "twice"]),
    ],
)
def test_the_article_is_read_by_backend_and_its_variants_alike(
    section: str, expected: list[str | None]
) -> None:
    assert expected == [reading(BY_SECTION[section], backend) for backend in BACKENDS]


@pytest.mark.parametrize("scenario", [*GUIDE, *R_STYLE], ids=lambda scenario: scenario.id)
def test_loops_over_logits_have_one_meaning(scenario: Scenario) -> None:
    assert [None] * 3 == [reading(scenario, backend) for backend in BACKENDS]
