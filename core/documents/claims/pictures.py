"""Pictures a document shows that its code saves."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename
from urllib.parse import unquote

from core.documents.claims.print_templates import PrintTemplate, file_name_templates
from core.documents.reading.document import Cell, Document, OutputKind
from core.trace.claims import Claim, ClaimKind, Place

_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def picture_claims(document: Document, cell: Cell) -> Iterator[Claim]:
    """The pictures shown after a cell whose names the document's code can have made."""
    shown = [output for output in cell.outputs if output.kind is OutputKind.IMAGE]
    templates: list[PrintTemplate] = []
    if shown:
        for other in document.cells:
            if other.language == "python":
                templates += file_name_templates(other.source, _SUFFIXES)
    for output in shown:
        name = unquote(basename(output.text))
        if any(template.match(name) is not None for template in templates):
            place = Place(document.path, cell.index, cell.section, output.text)
            yield Claim(ClaimKind.IMAGE, "", output.line, name, printed=name, place=place)
