"""Keras's model summaries in printed text: Keras 3's boxes, also as R shows them, and Keras 2's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from attrs import define, field, frozen

_BAR = "│"
_OUTER = frozenset("┃│")
_BORDER = frozenset("┏┡├└┗━─┳╇┼┴┓┩┤┘_= \t")
_COLUMNS = ("Layer (type)", "Output Shape", "Param #")
_TOTALS = {"total": "total", "trainable": "trainable", "non-trainable": "non_trainable"}
_TOTALS["optimizer"] = "optimizer"
_TOTAL = re.compile(
    r"^\s*(?P<name>[A-Za-z-]+) params:\s+(?P<value>\d[\d,]*)(?:\s+\((?P<size>[^)]*)\))?\s*$"
)
_MODEL = re.compile(r'^\s*Model: "(?P<name>[^"]*)"\s*$')


@frozen
class LayerRow:
    """One layer of a summary.

    Attributes:
        line: line of its first row.
        model: name of the model, where the summary names it.
        index: 0-based row of the summary.
        name: the layer's name.
        layer: its class.
        output_shape: `None` for the batch dimension; `None` where it is not one plain shape.
        printed_shape: the shape as printed.
        params: scalars in the layer; `None` where the page shows `?`.
        text: the row as printed.
    """

    line: int
    model: str | None
    index: int
    name: str
    layer: str
    output_shape: tuple[int | None, ...] | None
    printed_shape: str
    params: int | None
    text: str


@frozen
class TotalRow:
    """One total of a summary: `total`, `trainable`, `non_trainable` or `optimizer` scalars."""

    line: int
    model: str | None
    name: str
    value: int
    printed: str
    size: str | None
    text: str


def is_table_row(text: str) -> bool:
    """Whether a row is part of a summary for sure."""
    return _is_header(text) or _TOTAL.match(text) is not None or _MODEL.match(text) is not None


def _is_header(text: str) -> bool:
    return _COLUMNS[0] in text and _COLUMNS[1] in text


@define
class _Layer:
    """A layer being read, perhaps over several rows."""

    line: int
    text: str
    cells: list[list[str]] = field(factory=list)


@define
class SummaryReader:
    """Takes rows one by one; knows which belong to a summary and what they say."""

    model: str | None = None
    _columns: tuple[int, ...] | None = None
    _inside: bool = False
    _boxed: bool = False
    _layers: list[_Layer] = field(factory=list)
    _count: int = 0

    def take(self, line: int, text: str) -> list[LayerRow | TotalRow] | None:
        """What a row completes; `None` for a row that belongs to no summary."""
        if (named := _MODEL.match(text)) is not None:
            self.model = named["name"]
            return []
        if (total := _TOTAL.match(text)) is not None:
            done = self._end()
            name = _TOTALS.get(total["name"].lower())
            if name is None:
                return done or None
            value = int(total["value"].replace(",", ""))
            row = TotalRow(
                line, self.model, name, value, total["value"], total["size"], text.strip()
            )
            return [*done, row]
        if _is_header(text):
            done = self._end()
            self._inside, self._count = True, 0
            self._boxed = any(bar in text for bar in _OUTER)
            starts = [text.find(column) for column in (*_COLUMNS, "Connected to")]
            self._columns = tuple(start for start in starts if start >= 0)
            return done
        if not self._inside:
            return [] if text.strip() and set(text) <= _BORDER and len(text.strip()) > 20 else None
        return self._row(line, text)

    def _row(self, line: int, text: str) -> list[LayerRow | TotalRow] | None:
        if not text.strip():
            return []
        if set(text) <= _BORDER:
            done: list[LayerRow | TotalRow] = [*self._flush()]
            if text.strip()[0] in "└┗":
                self._inside = False
            return done
        cells = self._cells(text)
        if cells is None:
            self._inside = False
            return [*self._flush()] or None
        flushed: list[LayerRow | TotalRow] = []
        if not self._boxed and cells[2] and self._layers and self._layers[-1].cells[0][2]:
            flushed = [*self._flush()]  # rules only at the ends: each row with a count is a layer
        if not self._layers:
            self._layers.append(_Layer(line, text.strip()))
        self._layers[-1].cells.append(cells)
        return flushed

    def _cells(self, text: str) -> list[str] | None:
        """The three columns of a row; `None` where it is no row of this table."""
        if self._boxed:
            if _BAR not in text:
                return None
            parts = [part.strip() for part in text.strip().strip(_BAR).split(_BAR)]
            return [*parts, "", "", ""][:3] if len(parts) > 1 else None
        starts = self._columns or (0,)
        ends: Sequence[int | None] = [*starts[1:], None]
        parts = [text[a:b].strip() for a, b in zip(starts, ends, strict=True)]
        first = text[: starts[1]].strip() if len(starts) > 1 else text.strip()
        return [first, *parts[1:], "", ""][:3]

    def _flush(self) -> Iterator[LayerRow]:
        for layer in self._layers:
            name, kind = _name_and_class([row[0] for row in layer.cells])
            shape = " ".join(row[1] for row in layer.cells if row[1])
            count = next((row[2] for row in layer.cells if row[2]), "?").replace(",", "")
            if kind or shape:
                yield LayerRow(
                    line=layer.line,
                    model=self.model,
                    index=self._count,
                    name=name,
                    layer=kind,
                    output_shape=_shape(shape),
                    printed_shape=shape,
                    params=int(count) if count.isdigit() else None,
                    text=layer.text,
                )
                self._count += 1
        self._layers.clear()

    def _end(self) -> list[LayerRow | TotalRow]:
        done: list[LayerRow | TotalRow] = [*self._flush()]
        self._inside = False
        return done

    def finish(self) -> list[LayerRow | TotalRow]:
        """What is still unread when the text ends."""
        return self._end()


def _name_and_class(parts: Iterable[str]) -> tuple[str, str]:
    """`name (Class)` from the pieces a narrow column broke it into."""
    text = ""
    for part in parts:
        if not part:
            continue
        apart = text and part.startswith("(") and "(" not in text
        text = f"{text} {part}" if apart else text + part
    name, bracket, kind = text.partition("(")
    return name.strip(), kind.rstrip(")").strip() if bracket else ""


def _shape(text: str) -> tuple[int | None, ...] | None:
    """One plain shape, also where Keras 2 wraps an input's in a list."""
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, tuple):
        return None
    sizes = [size for size in value if size is None or isinstance(size, int)]
    return tuple(sizes) if len(sizes) == len(value) else None
