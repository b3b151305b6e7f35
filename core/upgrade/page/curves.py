"""Losses of two environments over each other, with the noise band, as a picture in SVG."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from core.check.golden.horizon import Horizon
from core.trace import Trace
from core.trace.difference import differences

_MOST = 400  # points of a curve; of more, each stands for the largest of its neighbours
_BASE, _MINE, _NOISE = "#4c78a8", "#e4572e", "#9aa5b1"
_FLOOR = 1e-9  # of the relative difference, on its logarithmic axis


def picture(base: Trace, mine: Trace, horizon: Horizon | None, names: tuple[str, str]) -> str:
    """A picture for each loss: the curves, and how far they lie apart against what noise does.

    Args:
        base: the baseline's controlled run.
        mine: the candidate's.
        horizon: how far honest runs may lie apart; None where it is not known.
        names: of the baseline and the candidate.

    Returns:
        The text of an SVG file.
    """
    losses = [name for name in base.losses if name in mine.losses]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "loop-parity", "font.size": 9}):
        rows = max(1, len(losses))
        figure = Figure(figsize=(9.0, 2.6 * rows), layout="constrained")
        axes = figure.subplots(rows, 2, squeeze=False)
        for row, name in enumerate(losses):
            _losses(axes[row][0], base, mine, horizon, name, names)
            _apart(axes[row][1], base, mine, horizon, name)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return out.getvalue()


def _losses(
    axes: Axes, base: Trace, mine: Trace, horizon: Horizon | None, name: str, names: tuple[str, str]
) -> None:
    one, other = (np.asarray(trace.losses[name], dtype=float) for trace in (base, mine))
    band = _limits(horizon, name, len(one))
    if band is not None:
        steps, low = _thinned(one * (1 - band), np.min)
        _, high = _thinned(one * (1 + band), np.max)
        axes.fill_between(steps, low, high, color=_NOISE, alpha=0.4, linewidth=0, label="noise")
    axes.plot(*_thinned(one, np.mean), color=_BASE, linewidth=1.4, label=names[0])
    axes.plot(*_thinned(other, np.mean), color=_MINE, linewidth=1.0, linestyle="--", label=names[1])
    axes.set(title=name, xlabel="step", ylabel="loss")
    _quiet(axes)
    axes.legend(loc="upper right", fontsize=7, framealpha=0.6)


def _apart(axes: Axes, base: Trace, mine: Trace, horizon: Horizon | None, name: str) -> None:
    values = np.maximum.accumulate(
        differences(mine.losses.get(name, ()), base.losses.get(name, ()))
    )
    values = np.where(np.isfinite(values), np.maximum(values, _FLOOR), 1.0)
    limits = _limits(horizon, name, len(values))
    if limits is not None:
        steps, high = _thinned(np.maximum(limits, _FLOOR), np.max)
        axes.fill_between(
            steps, _FLOOR, high, color=_NOISE, alpha=0.4, linewidth=0, label="what noise does"
        )
    axes.plot(*_thinned(values, np.max), color=_MINE, linewidth=1.2, label="so far at most")
    axes.set_yscale("log")
    axes.set(title=f"{name}: relative difference", xlabel="step", ylim=(_FLOOR, None))
    _quiet(axes)
    axes.legend(loc="lower right", fontsize=7, framealpha=0.6)


def _limits(horizon: Horizon | None, name: str, steps: int) -> NDArray[np.float64] | None:
    """How far honest runs lie apart at each step; beyond the numbers, as the trend may."""
    if horizon is None or name not in horizon.losses or not steps:
        return None
    numeric = list(horizon.numeric(name))[:steps]
    trends: Sequence[float] = horizon.trends.get(name, ())
    rest = [
        trends[min(step // horizon.window, len(trends) - 1)] if trends else math.nan
        for step in range(len(numeric), steps)
    ]
    found = np.asarray([*numeric, *rest], dtype=float)
    return np.where(np.isfinite(found), found, np.nan)


def _thinned(
    values: NDArray[np.float64], take: object
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Steps and values, at most so many that they can be seen."""
    if len(values) <= _MOST:
        return np.arange(len(values), dtype=float), values
    groups = np.array_split(values, _MOST)
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])], dtype=float)
    assert callable(take)
    return starts, np.asarray([float(take(group)) for group in groups])


def _quiet(axes: Axes) -> None:
    """No frame, and a grey that can be read on light and dark."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color("#808890")
    axes.tick_params(colors="#808890")
    for text in (axes.title, axes.xaxis.label, axes.yaxis.label):
        text.set_color("#808890")
