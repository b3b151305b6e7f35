"""Comparing a trace with a golden: a pure function from two traces to findings.

It walks the *golden's* fields, so that something the obtained trace lacks is a finding, and then
whatever the obtained trace has besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from math import isfinite

from core.check.compare.losses import compare_losses
from core.check.compare.tolerance import TREND, Allowance, Tolerance, across_seeds
from core.trace import LogLine, ModelSummary, Trace
from core.trace.finding import Finding, mismatch


def _exact(trace: Trace, field: str, found: object, expected: object) -> Iterator[Finding]:
    if found != expected:
        yield mismatch(
            trace,
            field,
            f"{field} differs from the golden",
            f"found {found!r}, expected {expected!r}; rule: equal",
        )


def _models(trace: Trace, golden: Trace) -> Iterator[Finding]:
    expected = [model.name for model in golden.models]
    yield from _exact(trace, "models", [model.name for model in trace.models], expected)
    found = {model.name: model for model in trace.models}
    for model in golden.models:
        if model.name in found:
            yield from _model(trace, found[model.name], model)


def _model(trace: Trace, found: ModelSummary, golden: ModelSummary) -> Iterator[Finding]:
    place = f"models.{golden.name}"
    yield from _exact(trace, f"{place}.total_params", found.total_params, golden.total_params)
    trainable = (found.trainable_params, golden.trainable_params)
    yield from _exact(trace, f"{place}.trainable_params", *trainable)
    for index, (row, expected) in enumerate(zip_longest(found.layers, golden.layers)):
        yield from _exact(trace, f"{place}.layers[{index}]", row, expected)


def compare_structure(trace: Trace, golden: Trace) -> Iterator[Finding]:
    """Everything that no seed and no data set may change: identity, models, counts, names."""
    for field in ("scenario", "backend", "randomness", "execution", "precision"):
        yield from _exact(trace, field, getattr(trace, field), getattr(golden, field))
    yield from _models(trace, golden)
    yield from _exact(trace, "steps_per_epoch", trace.steps_per_epoch, golden.steps_per_epoch)
    for name, values in golden.losses.items():
        found = None if name not in trace.losses else len(trace.losses[name])
        yield from _exact(trace, f"losses.{name}: number of steps", found, len(values))
    for name, values in golden.metrics.items():
        found = None if name not in trace.metrics else len(trace.metrics[name])
        yield from _exact(trace, f"metrics.{name}: number of epochs", found, len(values))
    for name in sorted(trace.losses.keys() - golden.losses.keys()):
        yield from _exact(trace, f"losses.{name}", "a loss", "no such loss")
    for name in sorted(trace.metrics.keys() - golden.metrics.keys()):
        yield from _exact(trace, f"metrics.{name}", "a metric", "no such metric")
    yield from _log_shape(trace, golden.log)
    shapes = [(w.name, w.shape) for w in trace.final_weights]
    expected = [(w.name, w.shape) for w in golden.final_weights]
    yield from _exact(trace, "final_weights: names and shapes", shapes, expected)
    names = [(i.name, i.epoch, i.step, i.height, i.width) for i in trace.images]
    wanted = [(i.name, i.epoch, i.step, i.height, i.width) for i in golden.images]
    yield from _exact(trace, "images: names and sizes", names, wanted)
    for text in trace.warnings:
        if text not in golden.warnings:
            yield mismatch(
                trace,
                "warnings",
                "a warning that the golden run did not raise",
                f"found {text!r}; rule: no warning besides the golden's",
                code="new-warning",
            )
    for text in golden.warnings:
        if text not in trace.warnings:
            yield from _exact(trace, "warnings", "absent", text)


def _words(lines: Iterable[LogLine]) -> list[str]:
    """Log lines with every decimal number masked: those are compared where they were measured."""
    return [
        " ".join("#" if _is_decimal(word) else word for word in line.text.split(" "))
        for line in lines
    ]


def _is_decimal(word: str) -> bool:
    body = word.rstrip("s,")
    if not any(mark in body for mark in ".en"):  # whole numbers are counts and stay
        return False
    try:
        float(body)
    except ValueError:
        return False
    return True


def _log_shape(trace: Trace, golden: Sequence[LogLine]) -> Iterator[Finding]:
    pairs = zip_longest(_words(trace.log), _words(golden))
    for index, (found, expected) in enumerate(pairs):
        if found != expected:
            yield from _exact(trace, f"log[{index}]", found, expected)
            return  # the lines after the first difference are usually shifted


def _metrics(trace: Trace, golden: Trace, allowance: Allowance) -> Iterator[Finding]:
    for name, expected in golden.metrics.items():
        absolute = allowance.metric(name)
        pairs = zip(trace.metrics.get(name, ()), expected, strict=False)
        for epoch, (found, value) in enumerate(pairs):
            if not abs(found - value) <= absolute:
                yield mismatch(
                    trace,
                    f"metrics.{name}[{epoch}]",
                    f"{name} of epoch {epoch} left the golden's trend",
                    f"found {found:.4f}, expected {value:.4f}; rule: within {absolute:.2g}",
                )


def _weights(trace: Trace, golden: Trace, allowance: Allowance) -> Iterator[Finding]:
    if allowance.exact_start and trace.randomness == "controlled":
        yield from _exact(
            trace, "initial_weights (SHA-256)", trace.initial_weights, golden.initial_weights
        )
    for found, expected in zip(trace.final_weights, golden.final_weights, strict=False):
        relative = allowance.norm(expected.name)
        allowed = relative * expected.norm + 1e-3
        if not (isfinite(expected.norm) and abs(found.norm - expected.norm) <= allowed):
            yield mismatch(
                trace,
                f"final_weights.{expected.name}",
                "the norm of a weight left the golden's trend",
                f"found {found.norm:.6g}, expected {expected.norm:.6g}; "
                f"rule: within {relative:.2%}",
            )


def _images(trace: Trace, golden: Trace, levels: int) -> Iterator[Finding]:
    from core.run.runner.printing import decoded

    for found, expected in zip(trace.images, golden.images, strict=False):
        if (found.height, found.width) != (expected.height, expected.width):
            continue  # reported as structure
        largest = int(abs(decoded(found).astype(int) - decoded(expected).astype(int)).max())
        if largest > levels:
            yield mismatch(
                trace,
                f"images.{expected.name}",
                "a sample image differs from the golden's",
                f"largest difference {largest} gray levels; rule: at most {levels}",
            )


def compare(trace: Trace, golden: Trace, allowance: Allowance) -> list[Finding]:
    """Every difference that matters between a trace and a golden of the same seed and data.

    Args:
        trace: what a run did now.
        golden: what was recorded.
        allowance: how far two honest runs may lie apart: the golden's measured horizon.

    Returns:
        Findings, all of which fail a check; empty where the trace is as recorded.
    """
    findings = list(compare_structure(trace, golden))
    findings.extend(compare_losses(trace, golden, allowance))
    findings.extend(_metrics(trace, golden, allowance))
    findings.extend(_weights(trace, golden, allowance))
    if allowance.numeric_steps:
        findings.extend(_images(trace, golden, allowance.image_levels))
    return findings


def compare_trend(trace: Trace, golden: Trace, tolerance: Tolerance = TREND) -> list[Finding]:
    """What must hold for another seed, data set or random stream: structure and trend only."""
    wide = across_seeds(tolerance)
    findings = list(compare_structure(trace, golden))
    findings.extend(compare_losses(trace, golden, wide))
    findings.extend(_metrics(trace, golden, wide))
    return findings
