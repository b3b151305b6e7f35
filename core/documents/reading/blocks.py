"""What every format's reader makes of a text, in order: headings, prose, code, outputs."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from core.documents.reading.document import CellLanguage, OutputKind


@frozen
class Row:
    """One row of text and its line in the file."""

    line: int
    text: str


def _rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(rows)


@frozen
class Heading:
    """A heading; level 1 is the document's title."""

    line: int
    level: int
    title: str


@frozen
class Prose:
    """Words between the code."""

    line: int
    text: str


@frozen
class Code:
    """Code to become a cell.

    Attributes:
        rows: its rows, at least one.
        language: what it is written in.
        skip: why it is not executed, where the document says so.
        may_raise: whether an error is meant.
        chunk: whether the format marks it as executable (`{r}`, `{code-cell}`).
        hidden: whether a rendering does not show it (`include=FALSE`, `echo=FALSE`).
    """

    rows: tuple[Row, ...] = field(converter=_rows)
    language: CellLanguage
    skip: str | None = None
    may_raise: bool = False
    chunk: bool = False
    hidden: bool = False


@frozen
class OutputBlock:
    """Output of the code before it."""

    rows: tuple[Row, ...] = field(converter=_rows)
    kind: OutputKind = OutputKind.STREAM


@frozen
class Picture:
    """A picture shown among prose."""

    line: int
    source: str


@frozen
class Untagged:
    """A code block that does not say what it holds: code or output, by its content."""

    rows: tuple[Row, ...] = field(converter=_rows)


Block = Heading | Prose | Code | OutputBlock | Picture
RawBlock = Block | Untagged


def trimmed(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows without blank ones at either end."""
    kept = list(rows)
    while kept and not kept[-1].text.strip():
        kept.pop()
    first = 0
    while first < len(kept) and not kept[first].text.strip():
        first += 1
    return tuple(kept[first:])


def numbered(text: str, first: int = 1) -> tuple[Row, ...]:
    """The rows of a text that begins on a line."""
    return tuple(Row(first + n, row) for n, row in enumerate(text.split("\n")))
