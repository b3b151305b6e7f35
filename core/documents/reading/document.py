"""A published document as data: sections, cells, outputs.

Line numbers are 1-based lines of the file, also in a notebook (lines of its JSON text), so that an
editor jumps to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from attrs import field, frozen

from core.trace.finding import Finding, FindingCode, Severity

CellLanguage = Literal["python", "r", "other"]


class Format(StrEnum):
    """How a document is written."""

    MARKDOWN = "markdown"
    R_MARKDOWN = "r-markdown"
    QUARTO = "quarto"
    NOTEBOOK = "notebook"
    TUTOBOOK = "tutobook"
    PYTHON_SCRIPT = "python-script"
    R_SCRIPT = "r-script"
    PAGE = "page"


class OutputKind(StrEnum):
    """What sort of output a cell shows.

    - `stream`: printed text.
    - `table`: text that holds a model summary.
    - `image`: a picture; `text` is its path or media type.
    - `result`: the value of a notebook cell's last expression, or a display of one.
    - `error`: a published traceback.
    """

    STREAM = "stream"
    TABLE = "table"
    IMAGE = "image"
    RESULT = "result"
    ERROR = "error"


@frozen
class Section:
    """A heading and what follows it.

    Attributes:
        index: 0-based number in the document.
        id: slug of the title, unique in the document.
        title: the heading's text; the document's title for what stands before any heading.
        level: 1 for the document's title, 2 for a section, and so on.
        line: the heading's line.
    """

    index: int
    id: str
    title: str
    level: int
    line: int


@frozen
class Output:
    """Something a cell published.

    Attributes:
        line: line of its first row.
        text: its text without marks of the format (HTML, `##`), `\\n` between rows; of an image
            the path or media type.
        kind: what sort of output.
        lines: line of each row of the text.
    """

    line: int
    text: str
    kind: OutputKind
    lines: tuple[int, ...]

    @property
    def rows(self) -> tuple[tuple[int, str], ...]:
        """Each row of the text with its line."""
        return tuple(zip(self.lines, self.text.split("\n"), strict=True))


@frozen
class SkippedLine:
    """A line of a cell that is not to be executed (`!pip`, a magic, a drive mount)."""

    line: int
    text: str
    reason: str


@frozen
class Cell:
    """A piece of code a reader would execute in one go.

    Attributes:
        index: 0-based number in the document.
        section: index of its section.
        language: `python`, `r`, or `other` (a shell command, say; never executed).
        line: line of its first row of code.
        source: the code as published, without marks of the format.
        lines: line of each row of the source.
        outputs: what it published.
        skip: why the document itself says it is not to be executed; `None` where it is.
        may_raise: whether the document says that an error here is meant.
        hidden: whether the document's rendering does not show the code.
        repeats: indexes of the earlier cells whose code it repeats, as a full listing does.
        skipped: single rows that are not to be executed.
        runnable: the source with those rows blanked (`pass` where Python needs a statement), so
            that row numbers stay the same.
    """

    index: int
    section: int
    language: CellLanguage
    line: int
    source: str
    lines: tuple[int, ...]
    outputs: tuple[Output, ...] = ()
    skip: str | None = None
    may_raise: bool = False
    hidden: bool = False
    repeats: tuple[int, ...] = ()
    skipped: tuple[SkippedLine, ...] = ()
    runnable: str = ""

    @property
    def full_listing(self) -> bool:
        """Whether the cell repeats earlier ones in full."""
        return bool(self.repeats)

    @property
    def code_lines(self) -> int:
        """Rows of code that are not blank."""
        return sum(1 for row in self.source.split("\n") if row.strip())

    def line_of(self, row: int) -> int:
        """The line of a 0-based row of the source; of the nearest row beyond its ends."""
        return self.lines[min(max(row, 0), len(self.lines) - 1)]


def _frozen_mapping(header: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(dict(header))


@frozen
class Document:
    """A document, read but not executed.

    Attributes:
        path: the file.
        format: how it is written.
        title: its title, the file's name where it has none.
        header: its front matter, or the `Key: value` head of a tutobook.
        sections: at least one.
        cells: every piece of code in order, those that are not executed included.
        findings: what is wrong with the document itself.
        prose: `zh` or `en`: the script its prose is written in, Chinese or any other.
        rendering: the document's own rendering, where it has no outputs and one lies beside it.
    """

    path: Path
    format: Format
    title: str
    header: Mapping[str, object] = field(converter=_frozen_mapping)
    sections: tuple[Section, ...]
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...] = ()
    prose: str = "en"
    rendering: Document | None = None

    @property
    def against(self) -> str | None:
        """The original that the document says it follows (`tether:`), if it says so."""
        named = self.header.get("tether")
        return named if isinstance(named, str) and named else None

    @property
    def language(self) -> CellLanguage:
        """The language most of its code is written in."""
        rows = {"python": 0, "r": 0, "other": 0}
        for cell in self.cells:
            rows[cell.language] += cell.code_lines
        if not rows["python"] and not rows["r"]:
            return "other"
        return "python" if rows["r"] <= rows["python"] else "r"

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Every output in order."""
        return tuple(output for cell in self.cells for output in cell.outputs)


def document_finding(
    code: FindingCode,
    path: Path,
    line: int | None,
    *,
    message: str,
    evidence: str,
    remedy: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    """A finding at a line of a document; severity and remedy are the code's, if not given."""
    return Finding(
        code,
        where=str(path) if line is None else f"{path}:{line}",
        message=message,
        evidence=evidence,
        remedy=code.remedy if remedy is None else remedy,
        severity=severity or code.severity,
    )
