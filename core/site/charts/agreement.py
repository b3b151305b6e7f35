"""Is it the same loss? The difference between backends, step by step, under the golden's limit."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from core.site.charts.chart import BACKEND_NAMES, STEP, Chart
from core.site.charts.drawing import Curve, Limit, Shape, draw
from core.site.recorded import Recorded
from core.site.words.labels import label
from core.spec import Scenario
from core.spec.reading import reading
from core.trace.difference import relative_difference

FEWEST = 5  # a horizon of fewer steps is a sentence, not a chart
NOTE = label("relative-difference-from-tensorflow-at")


@frozen
class Pair:
    """Two backends compared over the first steps of controlled runs.

    Attributes:
        first: a backend.
        second: another.
        loss: the loss's name.
        steps: how many steps inside the horizon.
        equal: how many of these are bit-identical.
        largest: the largest relative difference among them.
        alike: whether both read the loss in the same way (`core.spec.reading`); where they do
            not, they train for different things, and the difference is no rounding.
    """

    first: str
    second: str
    loss: str
    steps: int
    equal: int
    largest: float
    alike: bool


def pairs(scenario: Scenario, recorded: Recorded) -> Iterator[Pair]:
    """Every pair of backends on every loss, inside the horizon that both goldens keep."""
    backends = list(recorded.controlled)
    for name in recorded.losses:
        for index, first in enumerate(backends):
            for second in backends[index + 1 :]:
                found = _differences(recorded, name, first, second)
                if found:
                    equal = sum(value == 0 for value in found)
                    alike = reading(scenario, first) == reading(scenario, second)
                    yield Pair(first, second, name, len(found), equal, max(found), alike)


def _horizon(recorded: Recorded, name: str, backend: str) -> int:
    horizon = recorded.controlled[backend].horizon
    return len(horizon.numeric(name)) if horizon is not None else 0


def _differences(recorded: Recorded, name: str, first: str, second: str) -> tuple[float, ...]:
    steps = min(_horizon(recorded, name, backend) for backend in (first, second))
    ours, theirs = (recorded.traces[b].losses.get(name, ())[:steps] for b in (first, second))
    return tuple(map(relative_difference, ours, theirs))


def agreement_charts(scenario: Scenario, recorded: Recorded) -> Iterator[Chart]:
    """A chart for each loss whose horizon is long enough."""
    if "tensorflow" not in recorded.controlled:
        return
    for name in recorded.losses:
        others = [
            b
            for b in recorded.controlled
            if b != "tensorflow" and reading(scenario, b) == reading(scenario, "tensorflow")
        ]
        found = {b: _differences(recorded, name, "tensorflow", b) for b in others}
        steps = min((len(values) for values in found.values()), default=0)
        horizon = recorded.controlled["tensorflow"].horizon
        if steps < FEWEST or horizon is None or not any(any(v) for v in found.values()):
            continue
        xs = tuple(float(x) for x in range(steps))
        shapes: list[Shape] = [Limit(xs, tuple(horizon.numeric(name)[:steps]))]
        shapes += [
            Curve(b, xs, tuple(v or float("nan") for v in values[:steps]), 1.3)
            for b, values in found.items()
        ]
        word = f"agreement-{name}".replace("_", "-")
        yield Chart(
            name=word,
            title=label("is-the-loss-the-same").format(name=name),
            note=NOTE.format(steps=f"{steps:,}"),
            svg=draw(word, tuple(shapes), log=True),
            legend=(
                *((b, BACKEND_NAMES[b]) for b in found),
                ("limit", label("limit-measured")),
            ),
            across=STEP,
            up=label("relative-difference"),
            head=(STEP, *(BACKEND_NAMES[b] for b in found), label("limit")),
            rows=tuple(
                (str(s), *(f"{found[b][s]:.1e}" for b in found), f"{horizon.numeric(name)[s]:.1e}")
                for s in _shown(steps)
            ),
        )


def _shown(steps: int) -> range:
    """Steps of the table: at most about fifty."""
    return range(0, steps, max(1, steps // 50))
