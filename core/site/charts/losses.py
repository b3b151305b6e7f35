"""The loss over the whole training, on every backend, with the golden band."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.check.compare.losses import windows
from core.check.golden.golden import Golden
from core.site.charts.chart import BACKEND_NAMES, BAND, PUBLISHED, STEP, Chart
from core.site.charts.drawing import Band, Curve, Dots, Shape, draw
from core.site.recorded import Recorded
from core.site.texts import same
from core.site.words.labels import label
from core.trace.claims import ClaimKind

SINGLE = 300  # up to this many steps each is drawn, beyond it the means of windows
SPREAD = 12.0  # from this ratio of largest to smallest loss on, the axis is logarithmic
NOTE_MEANS = label("means-over-window-steps-of")
NOTE_STEPS = label("every-step-of-runs-with")


def loss_charts(recorded: Recorded) -> Iterator[Chart]:
    """A chart for each loss of a section."""
    for name in recorded.losses:
        if any(golden.trace.losses.get(name) for golden in recorded.controlled.values()):
            yield _chart(recorded, name)


def _points(golden: Golden, name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Steps and losses: single, or means of windows."""
    values = golden.trace.losses[name]
    if len(values) <= SINGLE:
        return tuple(range(len(values))), tuple(values)
    cut = windows(len(values), _window(golden))
    return (
        tuple((start + stop - 1) / 2 for start, stop in cut),
        tuple(sum(values[start:stop]) / (stop - start) for start, stop in cut),
    )


def _window(golden: Golden) -> int:
    return golden.horizon.window if golden.horizon is not None else 100


def _band(
    golden: Golden, name: str, xs: tuple[float, ...], ys: tuple[float, ...], floor: float
) -> Band | None:
    """What the golden allows around its own line."""
    if golden.horizon is None:
        return None
    if len(golden.trace.losses[name]) <= SINGLE:
        allowed = [
            abs(y) * limit for y, limit in zip(ys, golden.horizon.numeric(name), strict=False)
        ]
    else:
        allowed = [golden.horizon.mean(name, index, y) for index, y in enumerate(ys)]
    low = tuple(max(y - a, floor) for y, a in zip(ys, allowed, strict=False))
    high = tuple(y + a for y, a in zip(ys, allowed, strict=False))
    return Band(golden.trace.backend, xs[: len(low)], low, high)


def _chart(recorded: Recorded, name: str) -> Chart:
    lines: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
        backend: _points(golden, name)
        for backend, golden in recorded.controlled.items()
        if golden.trace.losses.get(name)
    }
    every = [y for _, ys in lines.values() for y in ys]
    per_epoch = next(iter(recorded.controlled.values())).trace.steps_per_epoch
    printed = [
        ((claim.epoch or 0) * per_epoch + (claim.step or 0), claim.value)
        for claim in recorded.claims(ClaimKind.LOSS, name)
        if claim.value is not None
    ]
    log = min(every) > 0 and max(every) / min(every) > SPREAD
    shapes: list[Shape] = []
    for backend, (xs, ys) in lines.items():
        band = _band(recorded.controlled[backend], name, xs, ys, min(every) / 2 if log else 0.0)
        if band is not None:
            shapes.append(band)
    if printed:
        shapes.append(Dots("published", tuple(x for x, _ in printed), tuple(y for _, y in printed)))
    shapes += [Curve(backend, xs, ys) for backend, (xs, ys) in lines.items()]
    single = all(
        len(recorded.controlled[backend].trace.losses[name]) <= SINGLE for backend in lines
    )
    window = _window(next(iter(recorded.controlled.values())))
    legend = [(backend, BACKEND_NAMES[backend]) for backend in lines]
    if any(isinstance(shape, Band) for shape in shapes):
        legend.append(("band", BAND))
    if printed:
        legend.append(("published", PUBLISHED))
    return Chart(
        name=f"loss-{name}".replace("_", "-"),
        title=label("loss-while-training").format(name=name),
        note=NOTE_STEPS if single else NOTE_MEANS.format(window=window),
        svg=draw(f"loss-{name}".replace("_", "-"), tuple(shapes), log=log),
        legend=tuple(legend),
        across=STEP,
        up=label("loss-logarithmic") if log else label("loss"),
        head=(STEP, *(same(BACKEND_NAMES[backend].en) for backend in lines)),
        rows=tuple(_rows(lines)),
    )


def _rows(
    lines: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]],
) -> Iterator[tuple[str, ...]]:
    longest = max((xs for xs, _ in lines.values()), key=len)
    for index, x in enumerate(longest):
        values = (f"{ys[index]:.4f}" if index < len(ys) else "" for _, ys in lines.values())
        yield (f"{x:,.0f}", *values)
