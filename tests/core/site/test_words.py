"""Everything that the site shows is explained, in both languages."""

from __future__ import annotations

import pytest

from core.dialects import DIALECTS, Printing, printed
from core.site.breaking.seeded import BASE, Seeded, seeded
from core.site.pages.section import default_columns
from core.site.texts import Text
from core.site.words.dialects import PORTRAITS
from core.site.words.explanation import EXPLANATIONS
from core.site.words.lookup import explanation, op_of, places
from core.site.words.parts import PARTS, part_of
from core.site.words.titles import guide_title, introduction, section_title
from core.spec import Scenario, ops
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)
IDS = [scenario.id for scenario in CATALOG.scenarios]


def scenario(name: str) -> Scenario:
    (found,) = CATALOG.select([name])
    return found


@pytest.mark.parametrize("name", IDS)
def test_every_op_of_every_section_is_explained(name: str) -> None:
    kinds = {type(op).__name__ for _, op in places(scenario(name))}
    assert set() == kinds - EXPLANATIONS.keys()


@pytest.mark.parametrize(
    "name", ["keras_io_tf/compiled", "r_style/gan~intended", "dcgan_article/dcgan"]
)
def test_every_statement_of_every_dialect_is_explained(name: str) -> None:
    section = scenario(name)
    programs = [
        printed(section, d, Printing()) for d in DIALECTS.values() if not d.refusal(section)
    ]
    keys = {op for program in programs for s in program.statements for op in s.ops}
    assert set() == {key for key in keys if explanation(key, section) is None}


@pytest.mark.parametrize("key", sorted(EXPLANATIONS))
def test_an_explanation_speaks_both_languages(key: str) -> None:
    one = EXPLANATIONS[key]
    for text in (one.name, one.what, one.without):
        assert text.en.isascii() or "…" in text.en or "×" in text.en
        assert not text.zh.isascii()


@pytest.mark.parametrize("name", IDS)
def test_every_section_has_a_title_in_both_languages(name: str) -> None:
    section = scenario(name)
    for text in (section_title(section), guide_title(section), introduction(section)):
        assert isinstance(text, Text)
        assert not text.zh.isascii()
    assert section_title(section).en.isascii()


def test_every_dialect_has_a_portrait() -> None:
    assert DIALECTS.keys() == PORTRAITS.keys()


def test_ids_lead_to_ops_in_scopes_and_in_earlier_sections() -> None:
    metrics = scenario("keras_io_tf/metrics")
    assert isinstance(op_of("step[0.0]", metrics), ops.Call)
    assert isinstance(op_of("step[1]", metrics), ops.Gradients)
    first = scenario("keras_io_tf/first_loop")
    assert first.setup[3] == op_of("first_loop/setup[3]", metrics)
    assert None is op_of("loop.announce[0]", metrics)


def test_rows_are_grouped_by_what_they_belong_to() -> None:
    assert "earlier" == part_of("first_loop/setup[0]", "prepare")
    assert "setup" == part_of("state.optimizer", "setup")
    assert "after" == part_of("state.back", "evaluate")
    assert "step" == part_of("step[0.1]", "loop")
    assert "loop" == part_of("step.pack", "loop")
    assert {part_of(key, "loop") for key in ("imports", "on_log[0]")} <= PARTS.keys()


def test_a_section_opens_with_the_guide_s_own_words_and_the_most_unlike() -> None:
    assert ("tensorflow", "jax") == default_columns(scenario("keras_io_tf/metrics"))
    assert ("r", "tensorflow") == default_columns(scenario("r_style/metrics"))


@pytest.mark.parametrize("one", list(seeded(scenario(BASE))), ids=lambda one: one.id)
def test_every_lesson_speaks_both_languages(one: Seeded) -> None:
    lesson = one.lesson
    for text in (lesson.name, lesson.seen, lesson.notice):
        assert not text.zh.isascii()
