"""A document's losses against the declared scenarios'."""

from __future__ import annotations

import math

from attrs import evolve

from core.documents.validation.parity import Parity, applied_losses, compare_section
from scenarios.dcgan_article import SCENARIOS as ARTICLE
from scenarios.keras_io_tf import SCENARIOS as GUIDE
from tests.example_scenarios import CLASSIFIER
from tests.example_traces import TRACE

LOSS = TRACE.losses["loss"]
DECLARED = evolve(TRACE, losses={"loss": LOSS})


def test_equal_losses_are_bit_identical() -> None:
    section = compare_section(CLASSIFIER, {"loss": LOSS}, DECLARED)
    assert (250, None, "") == (section.steps, section.first, section.reason)
    parity = Parity("toy", 1.0, (section,))
    assert (250, True) == (parity.compared_steps, parity.bit_identical)


def test_a_shorter_run_is_compared_as_far_as_it_goes() -> None:
    section = compare_section(CLASSIFIER, {"loss": LOSS[:40]}, DECLARED)
    assert (40, None) == (section.steps, section.first)


def test_the_first_difference_is_told_with_both_values() -> None:
    changed = (*LOSS[:7], math.nextafter(LOSS[7], 1e9), *LOSS[8:])
    first = compare_section(CLASSIFIER, {"loss": changed}, DECLARED).first
    assert first is not None
    assert (7, "loss", LOSS[7]) == (first.step, first.loss, first.b)
    assert 0 < first.relative < 1e-15


def test_a_document_that_trains_longer_than_declared_differs() -> None:
    section = compare_section(CLASSIFIER, {"loss": (*LOSS, 0.1)}, DECLARED)
    assert section.first is not None
    assert (250, 250) == (section.steps, section.first.step)


def test_no_step_is_no_parity() -> None:
    section = compare_section(CLASSIFIER, {"loss": ()}, DECLARED)
    assert section.reason
    assert not Parity("toy", 1.0, (section,)).bit_identical


def test_losses_are_named_by_the_update_that_applies_them() -> None:
    assert ("loss",) == applied_losses(GUIDE[0])
    assert ("d_loss", "g_loss") == applied_losses(GUIDE[-1])
    assert ("g_loss", "d_loss") == applied_losses(ARTICLE[0])
