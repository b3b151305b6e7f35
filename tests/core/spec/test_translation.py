"""A translated section: the original's spec under another guide."""

from __future__ import annotations

import pytest

from core.errors import SpecError
from core.spec import Guide
from core.spec.translation import translated
from scenarios.keras_io_tf.compiled import COMPILED
from scenarios.keras_io_tf.first_loop import FIRST_LOOP
from scenarios.keras_io_tf.metrics import METRICS

GUIDE = Guide(id="other", title="Another", year=2024, language="zh")


def test_a_chain_of_sections_refers_to_its_own() -> None:
    first = translated(FIRST_LOOP, GUIDE, "one")
    metrics = translated(METRICS, GUIDE, "two", earlier=(first,))
    compiled = translated(COMPILED, GUIDE, "three", earlier=(first, metrics))
    assert ("other/compiled", "three") == (compiled.id, compiled.title)
    assert (metrics,) == compiled.continues
    assert (first, metrics) == compiled.after
    assert COMPILED.stream == compiled.stream
    assert COMPILED.step is compiled.step


def test_a_translation_of_a_translation_keeps_the_first_lineage() -> None:
    once = translated(FIRST_LOOP, GUIDE, "one")
    twice = translated(once, Guide(id="third", title="Third", year=2025), "again")
    assert FIRST_LOOP.stream == twice.stream


def test_a_section_whose_forerunner_is_not_translated_is_refused() -> None:
    with pytest.raises(SpecError, match="no translation of keras_io_tf/first_loop"):
        translated(METRICS, GUIDE, "two")
