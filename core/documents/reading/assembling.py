"""From a reader's blocks to a document: sections, cells with their outputs, full listings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from posixpath import basename

from attrs import define, evolve, field

from core.documents.claims.log_rows import last_state
from core.documents.claims.summary_tables import is_table_row
from core.documents.reading.blocks import (
    Block,
    Code,
    Heading,
    OutputBlock,
    Picture,
    Prose,
    Row,
    trimmed,
)
from core.documents.reading.document import (
    Cell,
    Document,
    Format,
    Output,
    OutputKind,
    Section,
    document_finding,
)
from core.documents.reading.listings import repeated_cells
from core.documents.reading.skipping import runnable, skipped_lines, skipped_rows, whole_cell_reason
from core.documents.reading.syntax import python_code, r_code
from core.trace.finding import Finding, FindingCode

_CHINESE = (0x3400, 0x9FFF)
_CHINESE_SHARE = 0.1


@define
class _Assembly:
    title: str
    sections: list[Section] = field(factory=list)
    cells: list[Cell] = field(factory=list)
    words: list[str] = field(factory=list)
    slugs: set[str] = field(factory=set)
    outputs: dict[int, list[Output]] = field(factory=dict)
    runs: int | None = None  # the last cell that runs

    def section(self) -> Section:
        if not self.sections:
            self.open(Heading(1, 1, self.title))
        return self.sections[-1]

    def open(self, heading: Heading) -> None:
        title = heading.title or self.title
        slug = slug_of(title)
        if slug in self.slugs:
            slug = f"{slug}-{len(self.sections)}"
        self.slugs.add(slug)
        section = Section(len(self.sections), slug, title, heading.level, heading.line)
        self.sections.append(section)

    def take(self, block: Block) -> None:
        match block:
            case Heading():
                self.open(block)
                self.words.append(block.title)
            case Prose():
                self.section()
                self.words.append(block.text)
            case Code():
                self.cells.append(_cell(block, len(self.cells), self.section().index))
                if self.cells[-1].language != "other" and self.cells[-1].skip is None:
                    self.runs = len(self.cells) - 1
            case OutputBlock():
                self._print(block)
            case Picture():
                self._show(block)

    def _print(self, block: OutputBlock) -> None:
        """Output belongs to the last cell that runs; before any, it is shown without a maker."""
        rows = trimmed(block.rows)
        if self.runs is None or not rows:
            return
        kind = block.kind
        if kind is OutputKind.STREAM and any(is_table_row(last_state(row.text)) for row in rows):
            kind = OutputKind.TABLE
        self._add(self.runs, _output(rows, kind))

    def _show(self, block: Picture) -> None:
        """A picture is an output of the last cell that runs."""
        if self.runs is not None and basename(block.source):
            self._add(self.runs, _output((Row(block.line, block.source),), OutputKind.IMAGE))

    def _add(self, owner: int, output: Output) -> None:
        self.outputs.setdefault(owner, []).append(output)


def assemble(
    path: Path,
    format: Format,  # noqa: A002 - the document's own word
    header: Mapping[str, object],
    blocks: Iterable[Block],
    findings: Sequence[Finding] = (),
) -> Document:
    """The document that blocks make, with what is wrong in its cells."""
    listed = list(blocks)
    title = _title(header, listed, path)
    assembly = _Assembly(title)
    for block in listed:
        assembly.take(block)
    assembly.section()
    cells = [
        evolve(cell, repeats=repeats, outputs=tuple(assembly.outputs.get(cell.index, ())))
        for cell, repeats in zip(assembly.cells, repeated_cells(assembly.cells), strict=True)
    ]
    wrong = [finding for cell in cells for finding in cell_findings(path, cell)]
    return Document(
        path=path,
        format=format,
        title=title,
        header=header,
        sections=tuple(assembly.sections),
        cells=tuple(cells),
        findings=(*findings, *wrong),
        prose=_prose_script(assembly.words),
    )


def _title(header: Mapping[str, object], blocks: Sequence[Block], path: Path) -> str:
    """The header's title, else the first heading of level 1, else the file's name."""
    named = header.get("title")
    if isinstance(named, str) and named.strip():
        return named.strip()
    headings = (b.title for b in blocks if isinstance(b, Heading) and b.level == 1 and b.title)
    return next(headings, path.stem)


def _cell(block: Code, index: int, section: int) -> Cell:
    source = "\n".join(row.text for row in block.rows)
    lines = tuple(row.line for row in block.rows)
    skip = block.skip or whole_cell_reason(source, block.language)
    rows = skipped_rows(source, block.language) if skip is None else {}
    return Cell(
        index=index,
        section=section,
        language=block.language,
        line=lines[0],
        source=source,
        lines=lines,
        skip=skip,
        may_raise=block.may_raise,
        hidden=block.hidden,
        skipped=skipped_lines(source, rows, lines),
        runnable=runnable(source, rows, block.language),
    )


def _output(rows: Sequence[Row], kind: OutputKind) -> Output:
    return Output(
        rows[0].line, "\n".join(row.text for row in rows), kind, tuple(row.line for row in rows)
    )


def cell_findings(path: Path, cell: Cell) -> list[Finding]:
    """That a cell to be executed is no valid code, if it is none."""
    if cell.skip is not None or cell.may_raise:
        return []
    if cell.language == "python":
        refusal = python_code.refusal(cell.runnable)
        if refusal is None:
            return []
        row, language, reason = refusal.row, "Python", refusal.reason
    elif cell.language == "r":
        wrong = r_code.refusal_row(cell.runnable)
        if wrong is None:
            return []
        row, language, reason = wrong, "R", "the parser stops here"
    else:
        return []
    text = cell.source.split("\n")[min(row, len(cell.lines) - 1)].strip()
    return [
        document_finding(
            FindingCode.CELL_ERROR,
            path,
            cell.line_of(row),
            message=f"cell {cell.index + 1} is not valid {language}: {reason}",
            evidence=f"the row reads {text[:120]!r}",
            remedy="correct the row, or mark the cell as one that is not executed",
        )
    ]


def slug_of(title: str) -> str:
    """A heading as an id: its letters and digits in lower case, `-` between words."""
    words = "".join(c.lower() if c.isalnum() else " " for c in title).split()
    return "-".join(words) or "section"


def _prose_script(words: Sequence[str]) -> str:
    """`zh` where a tenth of the letters are Chinese, else `en`."""
    letters = [c for text in words for c in text[:2000] if c.isalpha()]
    chinese = sum(_CHINESE[0] <= ord(c) <= _CHINESE[1] for c in letters)
    return "zh" if letters and chinese / len(letters) >= _CHINESE_SHARE else "en"
