"""Comparing a trace with a golden, or with another run: a pure function from both to findings.

It walks the fields of *what it is compared with*, so that something the obtained trace lacks is a
finding, and then whatever the obtained trace has besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from math import isfinite

from core.check.compare.against import GOLDEN, Against, Compared
from core.check.compare.losses import compare_losses
from core.check.compare.tolerance import TREND, Allowance, Tolerance, across_seeds
from core.trace import LogLine, ModelSummary, Trace
from core.trace.finding import Finding, FindingCode


def _exact(compared: Compared, field: str, found: object, expected: object) -> Iterator[Finding]:
    if found != expected:
        yield compared.differs(
            field,
            f"{field} differs from the {compared.against.name}",
            f"found {found!r}, expected {expected!r}; rule: equal",
        )


def _models(compared: Compared) -> Iterator[Finding]:
    trace, base = compared.trace, compared.base
    expected = [model.name for model in base.models]
    yield from _exact(compared, "models", [model.name for model in trace.models], expected)
    found = {model.name: model for model in trace.models}
    for model in base.models:
        if model.name in found:
            yield from _model(compared, found[model.name], model)


def _model(compared: Compared, found: ModelSummary, base: ModelSummary) -> Iterator[Finding]:
    place = f"models.{base.name}"
    yield from _exact(compared, f"{place}.total_params", found.total_params, base.total_params)
    trainable = (found.trainable_params, base.trainable_params)
    yield from _exact(compared, f"{place}.trainable_params", *trainable)
    for index, (row, expected) in enumerate(zip_longest(found.layers, base.layers)):
        yield from _exact(compared, f"{place}.layers[{index}]", row, expected)


def compare_structure(trace: Trace, base: Trace, against: Against = GOLDEN) -> Iterator[Finding]:
    """Everything that no seed and no data set may change: identity, models, counts, names."""
    compared = Compared(trace, base, against)
    for field in ("scenario", "backend", "randomness", "execution", "precision"):
        yield from _exact(compared, field, getattr(trace, field), getattr(base, field))
    yield from _models(compared)
    yield from _exact(compared, "steps_per_epoch", trace.steps_per_epoch, base.steps_per_epoch)
    for name, values in base.losses.items():
        found = None if name not in trace.losses else len(trace.losses[name])
        yield from _exact(compared, f"losses.{name}: number of steps", found, len(values))
    for name, values in base.metrics.items():
        found = None if name not in trace.metrics else len(trace.metrics[name])
        yield from _exact(compared, f"metrics.{name}: number of epochs", found, len(values))
    for name in sorted(trace.losses.keys() - base.losses.keys()):
        yield from _exact(compared, f"losses.{name}", "a loss", "no such loss")
    for name in sorted(trace.metrics.keys() - base.metrics.keys()):
        yield from _exact(compared, f"metrics.{name}", "a metric", "no such metric")
    yield from _log_shape(compared)
    shapes = [(w.name, w.shape) for w in trace.final_weights]
    expected = [(w.name, w.shape) for w in base.final_weights]
    yield from _exact(compared, "final_weights: names and shapes", shapes, expected)
    names = [(i.name, i.epoch, i.step, i.height, i.width) for i in trace.images]
    wanted = [(i.name, i.epoch, i.step, i.height, i.width) for i in base.images]
    yield from _exact(compared, "images: names and sizes", names, wanted)
    for text in trace.warnings:
        if text not in base.warnings:
            yield compared.differs(
                "warnings",
                f"a warning that the {against.name} run did not raise",
                f"found {text!r}; rule: no warning besides the {against.name}'s",
                code=FindingCode.NEW_WARNING,
            )
    for text in base.warnings:
        if text not in trace.warnings:
            yield from _exact(compared, "warnings", "absent", text)


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


def _log_shape(compared: Compared) -> Iterator[Finding]:
    pairs = zip_longest(_words(compared.trace.log), _words(compared.base.log))
    for index, (found, expected) in enumerate(pairs):
        if found != expected:
            yield from _exact(compared, f"log[{index}]", found, expected)
            return  # the lines after the first difference are usually shifted


def _metrics(compared: Compared, allowance: Allowance) -> Iterator[Finding]:
    for name, expected in compared.base.metrics.items():
        absolute = allowance.metric(name)
        pairs = zip(compared.trace.metrics.get(name, ()), expected, strict=False)
        for epoch, (found, value) in enumerate(pairs):
            if not abs(found - value) <= absolute:
                yield compared.differs(
                    f"metrics.{name}[{epoch}]",
                    f"{name} of epoch {epoch} left the {compared.against.name}'s trend",
                    f"found {found:.4f}, expected {value:.4f}; rule: within {absolute:.2g}",
                )


def _weights(compared: Compared, allowance: Allowance) -> Iterator[Finding]:
    trace, base = compared.trace, compared.base
    if allowance.exact_start and trace.randomness == "controlled":
        yield from _exact(
            compared, "initial_weights (SHA-256)", trace.initial_weights, base.initial_weights
        )
    for found, expected in zip(trace.final_weights, base.final_weights, strict=False):
        relative = allowance.norm(expected.name)
        allowed = relative * expected.norm + 1e-3
        if not (isfinite(expected.norm) and abs(found.norm - expected.norm) <= allowed):
            yield compared.differs(
                f"final_weights.{expected.name}",
                f"the norm of a weight left the {compared.against.name}'s trend",
                f"found {found.norm:.6g}, expected {expected.norm:.6g}; "
                f"rule: within {relative:.2%}",
            )


def _images(compared: Compared, levels: int) -> Iterator[Finding]:
    from core.run.runner.printing import decoded

    for found, expected in zip(compared.trace.images, compared.base.images, strict=False):
        if (found.height, found.width) != (expected.height, expected.width):
            continue  # reported as structure
        largest = int(abs(decoded(found).astype(int) - decoded(expected).astype(int)).max())
        if largest > levels:
            yield compared.differs(
                f"images.{expected.name}",
                f"a sample image differs from the {compared.against.name}'s",
                f"largest difference {largest} grey levels; rule: at most {levels}",
            )


def compare_numbers(
    trace: Trace, base: Trace, allowance: Allowance, against: Against = GOLDEN
) -> Iterator[Finding]:
    """What an honest run of the same seed and data keeps: losses, metrics, weights, images."""
    compared = Compared(trace, base, against)
    yield from compare_losses(compared, allowance)
    yield from _metrics(compared, allowance)
    yield from _weights(compared, allowance)
    if allowance.numeric_steps:
        yield from _images(compared, allowance.image_levels)


def compare_trend_alone(
    trace: Trace, base: Trace, tolerance: Tolerance = TREND, against: Against = GOLDEN
) -> Iterator[Finding]:
    """What holds for any seed, data set or random stream, structure left out: losses, metrics."""
    compared, wide = Compared(trace, base, against), across_seeds(tolerance)
    yield from compare_losses(compared, wide)
    yield from _metrics(compared, wide)


def compare(trace: Trace, golden: Trace, allowance: Allowance) -> list[Finding]:
    """Every difference that matters between a trace and a golden of the same seed and data.

    Args:
        trace: what a run did now.
        golden: what was recorded.
        allowance: how far two honest runs may lie apart: the golden's measured horizon.

    Returns:
        Findings, all of which fail a check; empty where the trace is as recorded.
    """
    return [*compare_structure(trace, golden), *compare_numbers(trace, golden, allowance)]


def compare_trend(trace: Trace, golden: Trace, tolerance: Tolerance = TREND) -> list[Finding]:
    """What must hold for another seed, data set or random stream: structure and trend only."""
    return [*compare_structure(trace, golden), *compare_trend_alone(trace, golden, tolerance)]
