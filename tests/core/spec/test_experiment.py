"""Which scenarios are one experiment under two names."""

from __future__ import annotations

from attrs import evolve

from core.spec import Guide, Scenario, ops
from core.spec.experiment import experiment, experiment_digest
from core.spec.translation import translated
from scenarios.keras_io_tf import SCENARIOS as ENGLISH
from scenarios.keras_io_tf_zh import SCENARIOS as CHINESE
from scenarios.r_style import SCENARIOS as R_STYLE
from tests.example_scenarios import CLASSIFIER, CONTINUED

OTHER = Guide("other", "Another guide", 2020)


def _renamed(scenario: Scenario, *earlier: Scenario) -> Scenario:
    return translated(scenario, OTHER, "Another title", earlier)


def test_a_translated_section_is_the_original_s_experiment() -> None:
    first = _renamed(CLASSIFIER)
    assert experiment(CLASSIFIER) == experiment(first)
    second = _renamed(CONTINUED, first)
    assert experiment(CONTINUED) == experiment(second)
    assert experiment_digest(CONTINUED) == experiment_digest(second)


def test_the_chinese_guide_is_the_english_one_s_experiment() -> None:
    assert [experiment(s) for s in ENGLISH] == [experiment(s) for s in CHINESE]


def test_another_step_another_stream_or_another_length_is_another_experiment() -> None:
    longer = _longer(CLASSIFIER)
    elsewhere = evolve(CLASSIFIER, lineage="elsewhere")
    for other in (longer, elsewhere):
        assert experiment(CLASSIFIER) != experiment(other)
        assert experiment_digest(CLASSIFIER) != experiment_digest(other)


def test_the_digest_depends_on_the_section_that_is_continued() -> None:
    longer = _longer(CLASSIFIER)
    setup = tuple(
        evolve(op, section=longer) if isinstance(op, ops.Continue) else op for op in CONTINUED.setup
    )
    other = evolve(CONTINUED, setup=setup, after=(longer,) if CONTINUED.after else ())
    assert experiment_digest(CONTINUED) != experiment_digest(other)


def test_every_section_of_a_guide_has_its_own_digest() -> None:
    digests = [experiment_digest(scenario) for scenario in R_STYLE]
    assert len(digests) == len(set(digests))


def _longer(scenario: Scenario) -> Scenario:
    return evolve(scenario, loop=evolve(scenario.loop, epochs=scenario.loop.epochs + 1))
