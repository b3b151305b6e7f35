"""Draws curves with Matplotlib as inline SVG: text stays text, colours are the page's own.

Matplotlib writes colours into the SVG. Each is drawn with a stand-in that is replaced by a CSS
variable, so that a chart follows the page into the dark.
"""

from __future__ import annotations

import io
import re
from functools import cache

import matplotlib as mpl
from attrs import frozen
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

INK, RULE = "ink", "rule"
COLOURS = ("tensorflow", "jax", "torch", "published", "baseline", "broken", INK, RULE)
DASHES = {"tensorflow": "-", "jax": (0, (5, 2)), "torch": (0, (1.5, 1.5)), "baseline": "-"}
_STAND_INS = {name: f"#0{number:x}beef" for number, name in enumerate(COLOURS)}


@frozen
class Curve:
    """A line."""

    colour: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    width: float = 1.6


@frozen
class Band:
    """The area between two lines."""

    colour: str
    xs: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@frozen
class Dots:
    """Single points, drawn hollow."""

    colour: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    marker: str = "o"


@frozen
class Limit:
    """A line that must not be crossed."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]


Shape = Curve | Band | Dots | Limit


def draw(
    name: str,
    shapes: tuple[Shape, ...],
    *,
    log: bool = False,
    size: tuple[float, float] = (5.8, 3.0),
    ticks: tuple[float, ...] | None = None,
    percent: bool = False,
) -> Markup:
    """Shapes over one pair of axes.

    Args:
        name: a word of its own on the page; ids in the SVG begin with it.
        shapes: what to draw, the first at the bottom.
        log: whether the vertical axis is logarithmic.
        size: width and height in inches of 72 units.
        ticks: where the horizontal axis has ticks; None leaves it to Matplotlib.
        percent: whether the vertical axis counts in hundredths.
    """
    # Everything in it is Matplotlib's: numbers of ours, no text of anybody's.
    return Markup(themed(_drawn(shapes, log, size, ticks, percent), name))  # noqa: S704


@cache
def _drawn(
    shapes: tuple[Shape, ...],
    log: bool,
    size: tuple[float, float],
    ticks: tuple[float, ...] | None,
    percent: bool,
) -> str:
    """Matplotlib's SVG; sections that share their numbers share the drawing."""
    with mpl.rc_context():
        mpl.rc("svg", fonttype="none", hashsalt="loop-parity")
        mpl.rc("font", size=10.5)
        mpl.rc("axes.spines", top=False, right=False)
        figure = Figure(figsize=size)
        figure.subplots_adjust(left=0.115, right=0.985, top=0.97, bottom=0.11)
        axes = figure.add_subplot()
        figure.patch.set_visible(False)
        axes.patch.set_visible(False)
        for order, shape in enumerate(shapes, start=2):
            _add(axes, shape, order)
        if log:
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter(FuncFormatter(_figure))
            axes.minorticks_off()
        elif percent:
            axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], min_n_ticks=3))
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
        if ticks is not None:
            axes.set_xticks(list(ticks))
        else:
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.margins(x=0.02)
        axes.grid(visible=True, axis="y", color=_STAND_INS[RULE], linewidth=0.6)
        axes.tick_params(colors=_STAND_INS[INK], length=0, pad=6)
        for side in ("left", "bottom"):
            axes.spines[side].set_color(_STAND_INS[RULE])
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def _add(axes: object, shape: Shape, order: int) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    match shape:
        case Curve():
            axes.plot(
                shape.xs,
                shape.ys,
                color=_STAND_INS[shape.colour],
                linewidth=shape.width,
                linestyle=DASHES.get(shape.colour, "-"),
                zorder=order,
                solid_capstyle="round",
            )
        case Band():
            axes.fill_between(
                shape.xs,
                shape.low,
                shape.high,
                facecolor=_STAND_INS[shape.colour],
                alpha=0.16,
                linewidth=0,
                zorder=order,
            )
        case Dots():
            axes.plot(
                shape.xs,
                shape.ys,
                linestyle="none",
                marker=shape.marker,
                markersize=4.5,
                markerfacecolor="none",
                markeredgecolor=_STAND_INS[shape.colour],
                markeredgewidth=1.3,
                zorder=order,
            )
        case Limit():
            axes.plot(
                shape.xs,
                shape.ys,
                color=_STAND_INS[INK],
                linewidth=1,
                linestyle=(0, (4, 3)),
                drawstyle="steps-mid",
                zorder=order,
            )


def _figure(value: float, _: object) -> str:
    """A tick of a logarithmic axis: plain where that is short."""
    return f"{value:g}" if 1e-3 <= value < 1e5 else f"{value:.0e}".replace("e-0", "e-")


def themed(svg: str, name: str) -> str:
    """Matplotlib's SVG as a part of a page: colours by variable, ids of its own, no preamble."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    for colour, stand_in in _STAND_INS.items():
        svg = svg.replace(stand_in, f"var(--c-{colour})")
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'xlink:href="#([^"]+)"', rf'xlink:href="#{name}-\1"', svg)
    svg = re.sub(r"<svg [^>]*?(viewBox=\"[^\"]+\")[^>]*>", _opening, svg, count=1)
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;\"]+;", "", svg)
    return re.sub(r"\n\s*", "\n", svg).strip()


def _opening(found: re.Match[str]) -> str:
    return (
        f'<svg {found[1]} xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" aria-hidden="true" focusable="false">'
    )
