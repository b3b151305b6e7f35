"""Every figure that a document publishes in its outputs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve

from core.documents.claims.labels import labels_of
from core.documents.claims.log_rows import LogRow, last_state, read_log_row
from core.documents.claims.numbers import numbers_in
from core.documents.claims.pictures import picture_claims
from core.documents.claims.print_templates import PrintTemplate, print_templates
from core.documents.claims.summary_tables import LayerRow, SummaryReader, TotalRow
from core.documents.reading.alignment import matching_cells
from core.documents.reading.document import Cell, Document, OutputKind
from core.trace.claims import Claim, ClaimKind, Place

MOST_CLAIMS = 20_000
"""Claims read from one document."""

_MOST_TEMPLATES = 200
_R_INDEX = re.compile(r"^\s*\[\d+\]\s")  # R counts the values it shows
_ELIDED = frozenset({"...", "....", ".....", "…", "[...]"})


def claims_of(document: Document) -> tuple[Claim, ...]:
    """The figures a document publishes, in order; of its rendering where it has none itself.

    A figure's cell and section are always the document's own.
    """
    if document.rendering is None:
        return tuple(_claims(document))[:MOST_CLAIMS]
    match = matching_cells(document, document.rendering)
    found = []
    for claim in _claims(document.rendering):
        cell = match.get(claim.at.cell)
        if cell is not None:
            section = document.cells[cell].section
            found.append(evolve(claim, place=evolve(claim.at, cell=cell, section=section)))
    return tuple(found[:MOST_CLAIMS])


def _claims(document: Document) -> Iterator[Claim]:
    templates: list[PrintTemplate] = []
    count = 0
    for cell in document.cells:
        own: tuple[PrintTemplate, ...] = ()
        if cell.language != "other":
            own = print_templates(cell.source, cell.language)
            templates = [*own, *templates][:_MOST_TEMPLATES]  # its own first, then the latest
        for claim in _CellReader(document.path, cell, templates).claims(own):
            yield claim
            count += 1
        yield from picture_claims(document, cell)
        if count > MOST_CLAIMS:
            return


class _CellReader:
    """Reads the outputs of one cell."""

    def __init__(self, path: Path, cell: Cell, templates: Sequence[PrintTemplate]) -> None:
        self._path = path
        self._cell = cell
        self._templates = templates
        self._tables: list[Claim] = []
        self._rows: list[tuple[int, LogRow]] = []
        self._elided = False

    def claims(self, own: Sequence[PrintTemplate]) -> list[Claim]:
        """The cell's claims by line; `own` are its own print calls, for what they did not print."""
        self._read()
        logged = list(_LogReader(self).claims(self._rows))
        found = [*self._tables, *logged]
        if any(o.kind is OutputKind.STREAM for o in self._cell.outputs) and not self._elided:
            found += self._absent(own)
        return sorted(found, key=lambda claim: claim.line)

    def make(self, kind: ClaimKind, line: int, name: str, text: str, printed: str) -> Claim:
        """A claim of this cell."""
        place = Place(self._path, self._cell.index, self._cell.section, text.strip())
        return Claim(kind, "", line, name, printed=printed, place=place)

    def _read(self) -> None:
        """Sorts every row of text into tables and log rows."""
        summary = SummaryReader()
        downloading = False
        for output in self._cell.outputs:
            if output.kind in {OutputKind.IMAGE, OutputKind.ERROR}:
                continue
            for line, row_text in output.rows:
                text = last_state(row_text)
                self._elided |= text.strip() in _ELIDED
                rows = summary.take(line, text)
                if rows is not None:
                    self._tables += [self._table(row) for row in rows]
                    continue
                noise = downloading and "/step" in text
                downloading = text.startswith("Downloading data from") or noise
                if noise or downloading or _is_library_log(text):
                    continue
                if len(self._rows) > MOST_CLAIMS:
                    break
                if self._cell.language == "r":
                    text = _R_INDEX.sub("", text)
                if (row := read_log_row(text, self._templates)) is not None:
                    self._rows.append((line, row))
        self._tables += [self._table(row) for row in summary.finish()]

    def _table(self, row: LayerRow | TotalRow) -> Claim:
        if isinstance(row, TotalRow):
            claim = self.make(ClaimKind.PARAMS, row.line, row.name, row.text, row.printed)
            return evolve(claim, value=float(row.value), model=row.model, size=row.size)
        printed = "?" if row.params is None else str(row.params)
        claim = self.make(ClaimKind.LAYER, row.line, row.name, row.text, printed)
        return evolve(
            claim,
            params=row.params,
            model=row.model,
            index=row.index,
            layer=row.layer,
            output_shape=row.output_shape,
        )

    def _absent(self, own: Sequence[PrintTemplate]) -> Iterator[Claim]:
        """What the cell's code prints with figures in it, and its outputs do not show."""
        for template in own:
            if not template.holes or any(r.printed_by == template for _, r in self._rows):
                continue
            name = _figure_named(template, "1.5") or _figure_named(template, "1")
            if name is not None:
                line = self._cell.line_of(template.row)
                yield self.make(ClaimKind.ABSENT, line, name, template.text, "")


class _LogReader:
    """Gives log rows their epoch and step."""

    def __init__(self, cell: _CellReader) -> None:
        self._cell = cell
        self._epoch: int | None = None
        self._step: int | None = None

    def claims(self, rows: Sequence[tuple[int, LogRow]]) -> Iterator[Claim]:
        """The claims of a cell's log rows."""
        kinds = [f for _, row in rows for f in row.figures]
        epochs = [f.number.value for f in kinds if f.label.kind is ClaimKind.EPOCH]
        steps = [f.number.value for f in kinds if f.label.kind is ClaimKind.STEP]
        first_epoch = 1 if epochs and epochs[0] >= 1 else 0
        first_step = 1 if steps and min(steps) >= 1 else 0
        often = Counter(row.template.text for _, row in rows)
        stepping = {often[row.template.text] for _, row in rows if _own_step(row) is not None}
        for line, row in rows:
            own_step = _own_step(row)
            for figure in row.figures:
                if figure.label.kind is ClaimKind.EPOCH:
                    epoch = max(int(figure.number.value) - first_epoch, 0)
                    self._step = None if epoch != self._epoch else self._step
                    self._epoch = epoch
            self._step = own_step if own_step is not None else self._step
            inherits = own_step is not None or often[row.template.text] in stepping
            step = self._step if inherits else None
            per_epoch = bool(epochs) and often[row.template.text] == len(set(epochs))
            yield from self._row(line, row, step, first_step, per_epoch)

    def _row(
        self, line: int, row: LogRow, step: int | None, first_step: int, per_epoch: bool
    ) -> Iterator[Claim]:
        only_steps = all(f.label.kind is ClaimKind.STEP for f in row.figures)
        for position, figure in enumerate(row.figures):
            kind, name = figure.label.kind, figure.label.name
            if kind is ClaimKind.STEP and not only_steps:
                continue
            if kind is ClaimKind.TIME and name == "time":
                name = "epoch" if per_epoch and self._epoch is not None else "section"
            share = 100.0 if figure.number.unit == "%" else 1.0
            claim = self._cell.make(kind, line, name, row.text, figure.number.printed)
            yield evolve(
                claim,
                value=figure.number.value / share,
                place=evolve(
                    claim.at,
                    template=row.template.text,
                    position=position,
                    expression=figure.expression,
                ),
                epoch=self._epoch,
                step=None if step is None else max(step - first_step, 0),
                printed_step=step,
            )


def _figure_named(template: PrintTemplate, number: str) -> str | None:
    """Which figure a row would show, were this number in each of its holes."""
    row = "".join(p if isinstance(p, str) else number for p in template.pieces)
    numbers = numbers_in(row)
    labels = labels_of(row, numbers, [None] * len(numbers))
    return next((x.name for x in reversed(labels) if x.kind is not ClaimKind.FIGURE), None)


def _own_step(row: LogRow) -> int | None:
    for figure in row.figures:
        if figure.label.kind is ClaimKind.STEP and figure.number.value >= 0:
            return int(figure.number.value)
    return None


def _is_library_log(text: str) -> bool:
    """Whether a row is a message of a library's logger: its times and places are no claims."""
    if text.startswith(("WARNING:", "INFO:", "ERROR:", "I0000 ", "W0000 ", "E0000 ")):
        return True
    return text[:4].isdigit() and text[4:5] == "-" and text[10:11] == " " and text[13:14] == ":"
