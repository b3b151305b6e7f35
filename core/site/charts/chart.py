"""A chart as a page shows it: drawing, legend and the same numbers as a table."""

from __future__ import annotations

from attrs import field, frozen
from markupsafe import Markup

from core.site.texts import Text, same
from core.site.words.labels import label

BACKEND_NAMES = {"tensorflow": same("TensorFlow"), "jax": same("JAX"), "torch": same("torch")}
PUBLISHED = label("printed-in-the-guide")
BAND = label("golden-band")
STEP = label("training-step")
EPOCH = label("epoch")


@frozen
class Chart:
    """One chart.

    Attributes:
        name: a word of its own on the page.
        title: what it shows.
        note: how to read it.
        svg: the drawing.
        legend: what each colour stands for; `band` and `limit` are no colours but shapes.
        across: what the horizontal axis counts.
        up: what the vertical axis measures.
        head: the table's headings.
        rows: the table's rows, as text.
    """

    name: str
    title: Text
    note: Text
    svg: Markup = field(repr=False)
    legend: tuple[tuple[str, Text], ...]
    across: Text
    up: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
