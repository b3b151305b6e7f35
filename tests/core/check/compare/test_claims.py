"""Judging claims: counts, epochs, layers, parameters, speed-ups, and what a run does not show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from attrs import evolve

from core.check.compare.claims import judge_claims
from core.check.compare.judged import JudgedClaim, findings_of
from core.trace import LayerRow, LogLine, ModelSummary, Trace
from core.trace.claims import Claim, ClaimKind, ClaimVerdict
from core.trace.finding import Severity
from core.trace.published import load_published
from tests.core.check.compare.claim_runs import (
    CLASSIFIER_SECTIONS,
    DISCRIMINATOR,
    EMPTY,
    GENERATOR,
    MNIST,
    classifier_run,
    gan_run,
)

ROOT = Path(__file__).resolve().parents[4] / "golden" / "published"
EXACT = {ClaimKind.COUNT, ClaimKind.EPOCH, ClaimKind.LAYER, ClaimKind.PARAMS, ClaimKind.OUTPUT}


def _claims(guide: str, section: str, kinds: set[ClaimKind] | None = None) -> list[Claim]:
    claims = load_published(guide, ROOT).of_section(section)
    return [claim for claim in claims if kinds is None or claim.kind in kinds]


def _outcomes(verdicts: Sequence[JudgedClaim]) -> set[ClaimVerdict]:
    return {verdict.verdict for verdict in verdicts}


def _failing(verdicts: Sequence[JudgedClaim]) -> list[tuple[str, Severity, str | None]]:
    return [
        (v.finding.code, v.finding.severity, v.claim.name)
        for v in verdicts
        if v.finding is not None
    ]


@pytest.mark.parametrize(("guide", "section"), CLASSIFIER_SECTIONS)
def test_counts_and_epochs_of_a_faithful_run_hold(guide: str, section: str) -> None:
    claims = _claims(guide, section, EXACT)
    verdicts = judge_claims(claims, classifier_run(MNIST[guide], section))
    assert claims == [verdict.claim for verdict in verdicts]
    assert {ClaimVerdict.HOLDS} == _outcomes(verdicts)


def test_layers_parameters_and_outputs_of_a_faithful_gan_hold() -> None:
    verdicts = judge_claims(_claims("keras_io_tf", "gan", EXACT), gan_run())
    assert {ClaimVerdict.HOLDS} == _outcomes(verdicts)
    assert {"conv2d (Conv2D) (None, 14, 14, 64) 640", 74_625} <= {v.observed for v in verdicts}


def test_another_batch_size_fails_every_sample_count_and_nothing_else() -> None:
    run = classifier_run(evolve(MNIST["keras_io_tf"], batch=33), "first_loop")
    failing = _failing(judge_claims(_claims("keras_io_tf", "first_loop", EXACT), run))
    assert failing == [("claim-count", Severity.ERROR, "samples")] * 48


def test_an_epoch_too_many_and_an_epoch_too_few_fail() -> None:
    claims = _claims("keras_io_tf", "first_loop", {ClaimKind.EPOCH})
    run = classifier_run(MNIST["keras_io_tf"], "first_loop", epochs=4)
    outcomes = [verdict.verdict for verdict in judge_claims(claims, run)]
    assert outcomes == [ClaimVerdict.HOLDS, ClaimVerdict.HOLDS, ClaimVerdict.DIFFERS]
    run = classifier_run(MNIST["keras_io_tf"], "first_loop", epochs=2)
    verdicts = judge_claims(claims, run)
    assert ClaimVerdict.NOT_REPRODUCED is verdicts[2].verdict
    assert _failing(verdicts) == [("claim-count", Severity.ERROR, None)]


def test_epochs_counted_from_another_number_fail() -> None:
    run = classifier_run(evolve(MNIST["r_style"], one_based=False), "first_loop")
    verdicts = judge_claims(_claims("r_style", "first_loop", {ClaimKind.EPOCH}), run)
    assert {ClaimVerdict.DIFFERS} == _outcomes(verdicts)


def test_a_full_length_run_that_takes_no_step_fails_every_loss_and_count() -> None:
    claims = _claims("keras_io_tf", "metrics", {ClaimKind.LOSS, ClaimKind.COUNT})
    verdicts = judge_claims(claims, evolve(EMPTY, losses={"loss": ()}))
    assert {ClaimVerdict.NOT_REPRODUCED} == _outcomes(verdicts)
    assert all(verdict.finding is not None and verdict.finding.fails for verdict in verdicts)


def test_figures_beyond_the_end_of_a_shortened_run_are_not_reached() -> None:
    setting = MNIST["keras_io_tf"]
    whole = classifier_run(setting, "metrics")
    run = evolve(
        whole,
        losses={"loss": whole.losses["loss"][:150]},
        metrics={"train_acc": (0.3,), "val_acc": (0.5,)},
        log=whole.log[:5],
    )
    verdicts = judge_claims(_claims("keras_io_tf", "metrics"), run, full_length=False)
    reached = {(v.claim.kind, v.claim.epoch, v.claim.step): v.verdict for v in verdicts}
    assert ClaimVerdict.HOLDS is reached[ClaimKind.COUNT, 0, 100]
    assert ClaimVerdict.HOLDS is reached[ClaimKind.LOSS, 0, 100]
    assert ClaimVerdict.NOT_REACHED is reached[ClaimKind.COUNT, 0, 200]
    assert ClaimVerdict.NOT_REACHED is reached[ClaimKind.LOSS, 0, 200]
    assert ClaimVerdict.NOT_REACHED is reached[ClaimKind.EPOCH, 1, None]
    assert ClaimVerdict.NOT_REACHED is reached[ClaimKind.ACCURACY, 0, None]
    assert findings_of(verdicts) == ()


def test_a_shortened_run_is_judged_on_what_it_reached() -> None:
    run = classifier_run(evolve(MNIST["keras_io_tf"], batch=64), "metrics", epochs=1)
    verdicts = judge_claims(_claims("keras_io_tf", "metrics", EXACT), run, full_length=False)
    assert ("claim-count", Severity.ERROR, "samples") in _failing(verdicts)


def _row(change: Callable[[LayerRow], LayerRow]) -> Trace:
    layers = list(DISCRIMINATOR.layers)
    layers[2] = change(layers[2])
    return _with(evolve(DISCRIMINATOR, layers=tuple(layers)))


def _with(discriminator: ModelSummary) -> Trace:
    return evolve(gan_run(), models=(discriminator, GENERATOR))


@pytest.mark.parametrize(
    ("run", "code", "name"),
    [
        (_row(lambda row: evolve(row, name="conv2d_2")), "claim-shape", "conv2d_1"),
        (_row(lambda row: evolve(row, kind="Conv2DTranspose")), "claim-shape", "conv2d_1"),
        (_row(lambda row: evolve(row, output_shape=(None, 7, 7, 64))), "claim-shape", "conv2d_1"),
        (_row(lambda row: evolve(row, params=73_855)), "claim-params", "conv2d_1"),
        (_with(evolve(DISCRIMINATOR, total_params=74_626)), "claim-params", "total"),
        (_with(evolve(DISCRIMINATOR, trainable_params=74_624)), "claim-params", "trainable"),
        (_with(evolve(DISCRIMINATOR, trainable_params=74_624)), "claim-params", "non_trainable"),
        (_with(evolve(DISCRIMINATOR, layers=DISCRIMINATOR.layers[:-1])), "claim-shape", "dense_6"),
        (
            _with(evolve(DISCRIMINATOR, layers=DISCRIMINATOR.layers + DISCRIMINATOR.layers[1:2])),
            "claim-shape",
            "dense_6",
        ),
        (evolve(gan_run(), models=(GENERATOR,)), "claim-shape", "conv2d"),
        (evolve(gan_run(), models=(GENERATOR,)), "claim-params", "total"),
        (evolve(gan_run(), models=(DISCRIMINATOR,)), "claim-shape", None),
    ],
)
def test_each_change_of_a_model_fails_the_claim_about_it(
    run: Trace, code: str, name: str | None
) -> None:
    for full_length in (True, False):
        verdicts = judge_claims(_claims("keras_io_tf", "gan", EXACT), run, full_length=full_length)
        assert (code, Severity.ERROR, name) in _failing(verdicts)


def test_the_input_layer_is_no_row_of_a_summary() -> None:
    rows = (LayerRow("input_layer", "InputLayer", (None, 28, 28, 1), 0), *DISCRIMINATOR.layers)
    verdicts = judge_claims(
        _claims("keras_io_tf", "gan", EXACT), _with(evolve(DISCRIMINATOR, layers=rows))
    )
    assert {ClaimVerdict.HOLDS} == _outcomes(verdicts)


def test_todays_layer_names_differ_from_the_r_page_and_the_ledger_makes_that_a_note() -> None:
    claims = _claims("r_style", "gan", {ClaimKind.LAYER})
    verdicts = judge_claims(claims, gan_run())
    lines = [verdict.claim.line for verdict in verdicts if verdict.finding is not None]
    assert lines == [393, 395, 397, 399, 436, 440, 445, 448]
    excused = judge_claims(claims, gan_run(), known_defects=dict.fromkeys(lines, "older names"))
    assert {Severity.NOTE} == {finding.severity for finding in findings_of(excused)}
    assert all("older names" in finding.evidence for finding in findings_of(excused))


def test_a_known_defect_on_another_line_excuses_nothing() -> None:
    claims = _claims("r_style", "gan", {ClaimKind.LAYER})
    verdicts = judge_claims(claims, gan_run(), known_defects={394: "older names"})
    assert {Severity.ERROR} == {finding.severity for finding in findings_of(verdicts)}


def test_the_r_sections_that_print_no_loss_hold_only_for_a_silent_run() -> None:
    compiled = _claims("r_style", "compiled", {ClaimKind.ABSENT, ClaimKind.EPOCH})
    silent = tuple(LogLine(f"Start of epoch  {number}") for number in (1, 2))
    published = evolve(EMPTY, losses={"loss": ()}, log=silent)
    assert {ClaimVerdict.HOLDS} == _outcomes(judge_claims(compiled, published))
    intended = classifier_run(MNIST["r_style"], "compiled")
    failing = _failing(judge_claims(compiled, intended))
    assert [("claim-count", Severity.ERROR, name) for name in ("loss", "samples")] == failing
    gan = _claims("r_style", "gan", {ClaimKind.ABSENT})
    assert {ClaimVerdict.DIFFERS} == _outcomes(judge_claims(gan, gan_run()))
    assert {ClaimVerdict.HOLDS} == _outcomes(judge_claims(gan, evolve(gan_run(), log=silent[:1])))


def test_the_article_counts_its_batches() -> None:
    claims = _claims("dcgan_article", "dcgan", EXACT)
    for batches, outcomes in (
        (2143, {ClaimVerdict.HOLDS}),
        (2142, {ClaimVerdict.HOLDS, ClaimVerdict.DIFFERS}),
    ):
        log = (LogLine(f"Starting epoch 1 with {batches} batches..."),)
        assert outcomes == _outcomes(judge_claims(claims, evolve(EMPTY, log=log)))


def test_times_are_not_judged_and_are_no_findings() -> None:
    claims = _claims("keras_io_tf", "metrics", {ClaimKind.TIME})
    verdicts = judge_claims(claims, evolve(EMPTY, seconds=46.06))
    assert {ClaimVerdict.NOT_REPRODUCED} == _outcomes(verdicts)
    assert findings_of(verdicts) == ()


@pytest.mark.parametrize(
    ("measured", "outcome"),
    [
        (None, ClaimVerdict.NOT_REPRODUCED),
        (10.0, ClaimVerdict.HOLDS),
        (20.0, ClaimVerdict.HOLDS),
        (2.6, ClaimVerdict.HOLDS),
        (2.4, ClaimVerdict.DIFFERS),
        (0.9, ClaimVerdict.DIFFERS),
        (41.0, ClaimVerdict.DIFFERS),
    ],
)
def test_a_speedup_is_a_ratio_and_never_more_than_a_note(
    measured: float | None, outcome: ClaimVerdict
) -> None:
    claims = _claims("keras_io_tf", "compiled", {ClaimKind.SPEEDUP})
    (verdict,) = judge_claims(claims, EMPTY, speedup=measured)
    assert outcome is verdict.verdict
    found = [(finding.code, finding.severity) for finding in findings_of([verdict])]
    assert found == ([("claim-speedup", Severity.NOTE)] if outcome is ClaimVerdict.DIFFERS else [])


@pytest.mark.parametrize(
    ("measured", "message"),
    [
        (41.0, "the compiled step is faster by more than published"),
        (2.4, "the compiled step is faster, but by less than published"),
        (0.9, "the compiled step is not faster than the eager one"),
    ],
)
def test_only_a_step_that_is_not_faster_is_called_so(measured: float, message: str) -> None:
    claims = _claims("keras_io_tf", "compiled", {ClaimKind.SPEEDUP})
    (finding,) = findings_of(judge_claims(claims, EMPTY, speedup=measured))
    assert message == finding.message
    assert f"observed {measured:.6g}" in finding.evidence


def test_claims_of_two_sections_are_refused() -> None:
    claims = [*_claims("r_style", "metrics"), *_claims("r_style", "gan")]
    with pytest.raises(ValueError, match="several sections"):
        judge_claims(claims, EMPTY)


def test_a_finding_says_where_what_and_what_was_expected() -> None:
    run = evolve(_row(lambda row: evolve(row, params=1)), scenario="keras_io_tf/gan")
    (finding,) = findings_of(judge_claims(_claims("keras_io_tf", "gan", EXACT), run))
    assert finding.where == "keras_io_tf/gan, published on line 717"
    assert finding.evidence == (
        "published conv2d_1 (Conv2D) (None, 7, 7, 128) 73856, "
        "observed conv2d_1 (Conv2D) (None, 7, 7, 128) 1"
    )
