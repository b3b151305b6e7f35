"""What a printed program did against the trace of the runner on the same scenario."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from core.dialects.running.program_run import Ran
from core.run.data import ImageData
from core.spec import Scenario, ops
from core.trace import Trace
from core.trace.difference import relative_difference


@frozen
class Agreement:
    """How far a program and the runner agree.

    Attributes:
        steps: training steps whose losses were compared.
        same_steps: how many of them are bit-identical.
        differences: what differs, in words; empty where everything is equal.
    """

    steps: int
    same_steps: int
    differences: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether losses, readings, printed lines, images and final weights are all equal."""
        return not self.differences


def compare(ran: Ran, trace: Trace) -> Agreement:
    """A loop's program against the trace, both of as many steps."""
    differences: list[str] = []
    steps, same = trace.steps, trace.steps
    for name, expected in trace.losses.items():
        found = ran.losses[name]
        if len(found) != len(expected):
            differences.append(f"{name}: {len(found)} steps, the runner takes {len(expected)}")
        wrong = _differing(found, expected)
        same = min(same, len(found) - len(wrong), len(expected) - len(wrong))
        if wrong:
            first = wrong[0]
            differences.append(
                f"{name} at step {first}: {found[first]!r}, the runner's {expected[first]!r}"
            )
    differences += _readings(ran, trace)
    differences += _lines(ran, trace)
    for image in trace.images:
        if ran.images.get(image.name) != image.pixels:
            differences.append(f"image {image.name} has other pixels")
    if ran.finished and ran.digest != trace.final_digest:
        differences.append("the final weights differ")
    return Agreement(steps, same, tuple(differences))


def _differing(found: Sequence[float], expected: Sequence[float]) -> list[int]:
    """The steps whose numbers differ, as far as both go."""
    return [n for n, apart in enumerate(map(relative_difference, found, expected)) if apart]


def _readings(ran: Ran, trace: Trace) -> list[str]:
    return [
        f"{name}: {tuple(ran.metrics.get(name, ()))}, the runner's {values}"
        for name, values in trace.metrics.items()
        if tuple(ran.metrics.get(name, ())) != tuple(values)
    ]


def _lines(ran: Ran, trace: Trace) -> list[str]:
    """Differences of the printed lines; those that hold a time are compared up to their figures."""
    expected = [line.text for line in trace.log]
    if ran.finished and len(expected) != len(ran.log):
        return [f"{len(ran.log)} printed lines, the runner's {len(expected)}"]
    for line, found in zip(trace.log, ran.log, strict=False):
        if not line.timed and line.text != found:
            return [f"printed {found!r}, the runner {line.text!r}"]
    return []


def compare_fit(ran: Ran, trace: Trace, sizes: Sequence[int]) -> Agreement:
    """`fit` against the trace: its reports are means over an epoch, which the losses must give.

    Keras adds up `loss · batch size` and the sizes in single precision; so do we.

    Args:
        ran: what `fit` reported.
        trace: the runner's trace.
        sizes: the batch sizes of one epoch.
    """
    (losses,) = trace.losses.values()
    expected = means(losses, sizes)
    found = [batch.loss for batch in ran.means]
    differences: list[str] = []
    if len(found) != len(expected):
        differences.append(f"{len(found)} steps, the loop takes {len(expected)}")
    wrong = _differing(found, expected)
    if wrong:
        first = wrong[0]
        differences.append(
            f"mean loss after step {first}: {found[first]!r}, the loop's {expected[first]!r}"
        )
    differences += _readings(ran, trace)
    if ran.digest != trace.final_digest:
        differences.append("the final weights differ")
    compared = min(len(found), len(expected))
    return Agreement(compared, compared - len(wrong), tuple(differences))


def means(losses: Sequence[float], sizes: Sequence[int]) -> list[float]:
    """The running means of an epoch's losses, as Keras's `Mean` computes them."""
    found = []
    total = count = np.float32(0.0)
    for step, loss in enumerate(losses):
        place = step % len(sizes)
        if place == 0:
            total = count = np.float32(0.0)
        size = np.float32(sizes[place])
        total = np.float32(total + np.float32(loss) * size)
        count = np.float32(count + size)
        found.append(float(total / count))
    return found


def batch_sizes(scenario: Scenario, images: ImageData) -> list[int]:
    """The sizes of an epoch's batches, the smaller last one included."""
    opened = scenario.maker(scenario.loop.dataset, ops.OpenDataset)
    count = _count(scenario.origin(scenario.loop.dataset).section, opened.source, images)
    whole, rest = divmod(count, opened.batch)
    return [opened.batch] * whole + ([rest] if rest else [])


def _count(scenario: Scenario, arrays: str, images: ImageData) -> int:
    made = scenario.origin(arrays)
    match made.op:
        case ops.LoadImages(parts=parts):
            return len(images.x_train) + (len(images.x_test) if "test" in parts else 0)
        case ops.SplitData(train=train, source=source, reserve=reserve):
            whole = _count(made.section, source, images)
            return whole - reserve if train == arrays else reserve
    raise KeyError(arrays)
