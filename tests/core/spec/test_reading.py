"""Which reading a loss takes of sigmoid outputs that it is told are logits."""

from __future__ import annotations

import attrs
import pytest

from core.spec import BACKENDS, Scenario
from core.spec.reading import READINGS, meaning, meanings, reading, same_meaning
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


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        # TensorFlow finds the logits; JAX, besides, has another slope of LeakyReLU at zero.
        ("dcgan", ["tensorflow", "jax", "torch"]),
        ("dcgan~logits", ["tensorflow", "jax", "tensorflow"]),
        ("dcgan~twice", ["tensorflow", "jax", "tensorflow"]),
    ],
)
def test_what_a_backend_means_is_named_after_the_first_that_means_it(
    section: str, expected: list[str]
) -> None:
    scenario = BY_SECTION[section]
    assert expected == [meaning(scenario, backend) for backend in BACKENDS]
    assert tuple(dict.fromkeys(expected)) == meanings(scenario)


@pytest.mark.parametrize("scenario", [*GUIDE, *R_STYLE], ids=lambda scenario: scenario.id)
def test_backends_mean_the_same_but_for_the_slope_of_a_leaky_relu(scenario: Scenario) -> None:
    leaky = scenario.section.partition("~")[0] == "gan"
    assert ["tensorflow", "jax" if leaky else "tensorflow", "tensorflow"] == [
        meaning(scenario, backend) for backend in BACKENDS
    ]
    assert (("tensorflow", "jax") if leaky else ("tensorflow",)) == meanings(scenario)


@pytest.mark.parametrize("scenario", [*GUIDE, *ARTICLE], ids=lambda scenario: scenario.id)
def test_a_meaning_is_one_that_the_backend_shares_and_that_the_reference_can_take(
    scenario: Scenario,
) -> None:
    for backend in BACKENDS:
        name = meaning(scenario, backend)
        assert same_meaning(scenario, name, backend)
        assert name in READINGS


def test_a_section_of_fewer_backends_has_their_meanings_alone() -> None:
    (gan,) = (scenario for scenario in GUIDE if scenario.section == "gan")
    assert ("tensorflow",) == meanings(attrs.evolve(gan, backends=("torch", "tensorflow")))
    assert ("jax",) == meanings(attrs.evolve(gan, backends=("jax",)))
