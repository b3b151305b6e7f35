"""Break it yourself: seeded defects, the lines that make them, and what they do to the curve."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from attrs import frozen
from markupsafe import Markup

from core.dialects import DIALECTS, Printing
from core.diff.rows import Piece, side
from core.errors import UsageError
from core.site.breaking.measured import WINDOW, Measured, Measurements, read
from core.site.breaking.seeded import BASE, Seeded, seeded
from core.site.charts.chart import EPOCH, STEP, Chart
from core.site.charts.drawing import Curve, Dots, draw
from core.site.code import statement
from core.site.pages.page import Page
from core.site.texts import Text
from core.site.words.labels import label
from core.spec.catalog import Catalog

TITLE = label("break-it-yourself")
SOUND_NAME = label("as-it-should-be")
BROKEN_NAME = label("with-the-defect")
_UP = {
    "loss": label("loss-logarithmic"),
    "train_acc": label("training-accuracy-2"),
    "val_acc": label("validation-accuracy-2"),
}
_CHART = {
    "loss": label("the-loss"),
    "train_acc": label("training-accuracy"),
    "val_acc": label("validation-accuracy"),
}
_NOTE = label("means-over-window-steps")


@frozen
class Shown:
    """One defect on the page.

    Attributes:
        seeded: the defect.
        chart: its curve beside the sound one.
        changes: statements of the sound program and of the broken one, where they differ.
        accuracies: the last reading of each metric, sound and broken.
    """

    seeded: Seeded
    chart: Chart
    changes: tuple[tuple[tuple[Markup, ...], tuple[Markup, ...]], ...]
    accuracies: tuple[tuple[Text, float, float], ...]


def breaking_page(catalog: Catalog) -> Page | None:
    """The page; None where the section that was broken is not in the catalog."""
    try:
        (section,) = catalog.select([BASE])
    except UsageError:
        return None
    measured = read()
    shown = tuple(_shown(seeded(section), measured))
    return Page(
        file="break.html",
        template="break.html",
        title=TITLE,
        values={"shown": shown, "measured": measured},
    )


def _shown(defects: Iterator[Seeded], measured: Measurements) -> Iterator[Shown]:
    every = list(defects)
    names = {
        one.scenario: one.id for one in every if one.scenario == one.sound and one.data == "mixed"
    }
    for one in every:
        reference = names[one.sound]
        if one.id == reference or not {one.id, reference} <= measured.curves.keys():
            continue
        good, bad = measured.curves[reference], measured.curves[one.id]
        yield Shown(
            one,
            _chart(one, good, bad),
            tuple(_changes(one)),
            tuple(
                (_UP[name], good.metrics[name][-1], bad.metrics[name][-1])
                for name in ("train_acc", "val_acc")
                if name in good.metrics and name in bad.metrics
            ),
        )


def _chart(one: Seeded, good: Measured, bad: Measured) -> Chart:
    what, word = one.lesson.shows, f"break-{one.id}"
    pair = (("baseline", good), ("broken", bad))
    if what == "loss":
        xs = tuple(WINDOW * (index + 0.5) for index in range(len(good.losses)))
        curves = {c: tuple(run.losses) for c, run in pair}
        shapes = tuple(Curve(c, xs[: len(ys)], ys, 1.8) for c, ys in curves.items())
        svg = draw(word, shapes, log=True, size=(5.8, 2.7))
        rows = tuple(zip(*((f"{x:.0f}" for x in xs), *_texts(curves)), strict=False))
        ticks = STEP
    else:
        epochs = tuple(float(e + 1) for e in range(len(good.metrics[what])))
        curves = {c: tuple(run.metrics[what]) for c, run in pair}
        lines = tuple(Curve(c, epochs, ys, 1.8) for c, ys in curves.items())
        dots = tuple(Dots(c, epochs, ys) for c, ys in curves.items())
        svg = draw(word, (*lines, *dots), percent=True, ticks=epochs, size=(5.8, 2.7))
        rows = tuple(zip(*((f"{e:.0f}" for e in epochs), *_texts(curves)), strict=False))
        ticks = EPOCH
    return Chart(
        name=word,
        title=_CHART[what],
        note=_NOTE.format(window=WINDOW) if what == "loss" else label("after-each-epoch"),
        svg=svg,
        legend=(("baseline", SOUND_NAME), ("broken", BROKEN_NAME)),
        across=ticks,
        up=_UP[what],
        head=(ticks, SOUND_NAME, BROKEN_NAME),
        rows=rows,
    )


def _texts(curves: dict[str, tuple[float, ...]]) -> Iterator[Iterator[str]]:
    for values in curves.values():
        yield (f"{value:.4f}" for value in values)


def _changes(one: Seeded) -> Iterator[tuple[tuple[Markup, ...], tuple[Markup, ...]]]:
    """The statements in which the two programs differ."""
    dialect = DIALECTS["tensorflow"]
    before, after = (
        side(dialect.program(spec, Printing())).pieces for spec in (one.sound, one.scenario)
    )
    matcher = SequenceMatcher(
        a=[_key(p) for p in before], b=[_key(p) for p in after], autojunk=False
    )
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield (
                tuple(statement(_bare(piece), "python") for piece in before[i:j]),
                tuple(statement(_bare(piece), "python") for piece in after[k:m]),
            )


def _key(piece: Piece) -> tuple[str, int]:
    return piece.code, piece.depth


def _bare(piece: Piece) -> Piece:
    """A statement at the margin, without its comment."""
    return Piece(piece.code, piece.ops)
