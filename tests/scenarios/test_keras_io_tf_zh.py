"""The translation shares the English guide's specs, and its code says the same."""

from __future__ import annotations

import re

import pytest

from core.documents.reading import compare_code, read_document
from core.spec import Scenario, ops
from core.trace.published import load_published
from scenarios import keras_io_tf, keras_io_tf_zh
from tests.conftest import REPOSITORY, published

PAIRS = list(zip(keras_io_tf.SCENARIOS, keras_io_tf_zh.SCENARIOS, strict=True))
CHINESE = re.compile(r"[\u3000-\u9fff]")


def test_every_code_cell_says_the_same_as_the_english_one() -> None:
    english = read_document(published("keras_io_tf.md"))
    chinese = read_document(published("keras_io_tf_zh.txt"))
    compared = compare_code(english, chinese)
    assert 150 < compared.same
    assert compared.identical
    assert len(english.cells) == len(chinese.cells)


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_phases_and_loop_are_the_english_ones_by_reference(
    english: Scenario, chinese: Scenario
) -> None:
    assert english.section == chinese.section
    for phase in ("step", "evaluate", "on_log", "on_epoch_end"):
        assert english.phase(phase) is chinese.phase(phase)
    assert english.loop is chinese.loop
    assert english.backends == chinese.backends
    for ours, theirs in zip(chinese.setup, english.setup, strict=True):
        if isinstance(ours, ops.Continue):
            assert isinstance(theirs, ops.Continue)
            assert theirs.names == ours.names
        else:
            assert theirs is ours


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_controlled_draws_are_the_english_ones(english: Scenario, chinese: Scenario) -> None:
    assert english.stream == chinese.stream
    assert english.id != chinese.id


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_every_other_section_referred_to_is_the_translations_own(
    english: Scenario, chinese: Scenario
) -> None:
    assert [s.section for s in english.after] == [s.section for s in chinese.after]
    assert [s.section for s in english.trains_first] == [s.section for s in chinese.trains_first]
    referred = {*chinese.after, *chinese.continues, *chinese.trains_first}
    assert {s.guide.id for s in referred} <= {"keras_io_tf_zh"}


def test_titles_are_chinese_and_differ() -> None:
    titles = [scenario.title for scenario in keras_io_tf_zh.SCENARIOS]
    assert all(CHINESE.search(title) for title in titles)
    assert len(titles) == len(set(titles))
    assert ("zh", "en") == (keras_io_tf_zh.GUIDE.language, keras_io_tf.GUIDE.language)


def test_both_editions_publish_the_same_figures() -> None:
    root = REPOSITORY / "golden" / "published"
    english, chinese = (load_published(name, root) for name in ("keras_io_tf", "keras_io_tf_zh"))
    assert chinese.title == keras_io_tf_zh.GUIDE.title
    assert [(c.section, c.published) for c in english.claims if c.printed] == [
        (c.section, c.published) for c in chinese.claims if c.printed
    ]


def test_the_english_ledger_holds_for_the_translation_without_its_lines() -> None:
    words = [defect.id.partition("/")[2] for defect in keras_io_tf.DEFECTS]
    assert [f"keras_io_tf_zh/{word}" for word in words] == [d.id for d in keras_io_tf_zh.DEFECTS]
    assert {()} == {defect.lines for defect in keras_io_tf_zh.DEFECTS}
