"""Accuracies after each epoch, on every backend, with the golden band."""

from __future__ import annotations

from collections.abc import Iterator

from core.site.charts.chart import BACKEND_NAMES, BAND, EPOCH, PUBLISHED, Chart
from core.site.charts.drawing import Band, Curve, Dots, Shape, draw
from core.site.recorded import Recorded
from core.site.texts import same
from core.site.words.labels import label
from core.trace.claims import ClaimKind

_NAMES = {
    "train_acc": label("training-accuracy"),
    "val_acc": label("validation-accuracy"),
}
NOTE = label("after-each-epoch-with-the")
MARKERS = {"tensorflow": "s", "jax": "^", "torch": "v"}


def accuracy_charts(recorded: Recorded) -> Iterator[Chart]:
    """A chart for each metric of a section."""
    for name in recorded.metrics:
        lines = {b: t.metrics[name] for b, t in recorded.traces.items() if t.metrics.get(name)}
        if lines:
            yield _chart(recorded, name, lines)


def _chart(recorded: Recorded, name: str, lines: dict[str, tuple[float, ...]]) -> Chart:
    epochs = max(map(len, lines.values()))
    shapes: list[Shape] = []
    for backend, values in lines.items():
        xs, horizon = _epochs(values), recorded.controlled[backend].horizon
        if horizon is not None:
            allowed = horizon.metric(name)
            low, high = (tuple(v + sign * allowed for v in values) for sign in (-1, 1))
            if len(xs) == 1:
                xs, low, high = (0.9, 1.1), low * 2, high * 2
            shapes.append(Band(backend, xs, low, high))
    printed = [c for c in recorded.claims(ClaimKind.ACCURACY, name) if c.value is not None]
    if printed:
        points = {1.0 + (c.epoch or 0): c.value or 0.0 for c in printed}
        shapes.append(Dots("published", tuple(points), tuple(points.values())))
    for backend, values in lines.items():
        shapes.append(Curve(backend, _epochs(values), values))
        shapes.append(Dots(backend, _epochs(values), values, MARKERS[backend]))
    legend = [(b, BACKEND_NAMES[b]) for b in lines] + [("band", BAND)]
    if printed:
        legend.append(("published", PUBLISHED))
    word = f"accuracy-{name}".replace("_", "-")
    by_epoch = {c.epoch or 0: c.printed or "" for c in printed}
    return Chart(
        name=word,
        title=_NAMES.get(name, same(name)),
        note=NOTE,
        svg=draw(
            word,
            tuple(shapes),
            ticks=tuple(float(e + 1) for e in range(epochs)),
            percent=True,
            size=(5.8, 2.6),
        ),
        legend=tuple(legend),
        across=EPOCH,
        up=label("accuracy"),
        head=(EPOCH, *(BACKEND_NAMES[b] for b in lines), *([PUBLISHED] if printed else [])),
        rows=tuple(
            (
                str(epoch + 1),
                *(f"{v[epoch]:.4f}" if epoch < len(v) else "" for v in lines.values()),
                *([by_epoch.get(epoch, "")] if printed else []),
            )
            for epoch in range(epochs)
        ),
    )


def _epochs(values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(1.0 + index for index in range(len(values)))
