"""Recognises a known guide by its code, however its prose or name changed.

What is known of a guide's code is data, `code.json` in the guide's folder: fingerprints of its
statements, section by section; none of its text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from attrs import asdict, field, frozen
from cattrs import Converter

from core.documents.reading.document import Document
from core.documents.reading.listings import cell_digests
from core.errors import SpecError

FORMAT = 1
FILE = "code.json"
RECOGNISED = 0.8
"""Twice the shared statements over the statements of both: from here on a document is a guide.
The two Keras guides on TensorFlow, the likest of different ones, share 0.71."""
_SECTION_SHARE = 0.5
"""A section or cell belongs to the scenario that holds at least this share of its statements."""


@frozen
class SectionCode:
    """What is known of one section's code.

    Attributes:
        section: id of the scenario's section.
        headings: ids of the document's sections it spans; none stands for all of them.
        statements: fingerprints of its statements, sorted.
    """

    section: str
    headings: tuple[str, ...]
    statements: tuple[str, ...]


@frozen
class GuideCode:
    """What is known of a guide's code.

    Attributes:
        format: format number of the file; this release reads `FORMAT`.
        guide: guide id.
        prose: script of the prose (`en`, `zh`): it alone tells a translation from its original.
        sections: its sections with scenarios, in order.
    """

    format: int
    guide: str
    prose: str
    sections: tuple[SectionCode, ...]

    @property
    def statements(self) -> frozenset[str]:
        """The fingerprints of all sections."""
        return frozenset(digest for section in self.sections for digest in section.statements)


def _proxied(mapping: Mapping[int, str]) -> Mapping[int, str]:
    return MappingProxyType(dict(mapping))


@frozen
class Recognition:
    """The guide that a document is an edition of.

    Attributes:
        guide: guide id.
        similarity: share of statements in common, 1 for the very code.
        sections: scenario section by index of the document's section, where one fits.
        cells: scenario section by index of the document's cell, where one fits.
    """

    guide: str
    similarity: float
    sections: Mapping[int, str] = field(converter=_proxied)
    cells: Mapping[int, str] = field(converter=_proxied)


def load_known(folder: Path) -> tuple[GuideCode, ...]:
    """What is known of the guides in a folder of guide packages.

    Raises:
        SpecError: a `code.json` that is damaged or of another format.
    """
    found = []
    for path in sorted(folder.glob(f"*/{FILE}")):
        try:
            known = Converter(forbid_extra_keys=True).structure(
                json.loads(path.read_text(encoding="utf-8")), GuideCode
            )
        except Exception as error:  # cattrs raises groups of what it finds
            raise _damaged(path, str(error) or type(error).__name__) from error
        if known.format != FORMAT:
            raise _damaged(path, f"format {known.format}")
        found.append(known)
    return tuple(found)


def _damaged(path: Path, what: str) -> SpecError:
    return SpecError(
        f"the guide's fingerprints cannot be read: {what}",
        where=str(path),
        expected=f"a code.json of format {FORMAT}",
        remedy="restore the file from the repository",
    )


def recognise(document: Document, known: Iterable[GuideCode]) -> Recognition | None:
    """The guide that a document is an edition of, `None` where it is none of those known.

    Of guides with the same code, the one whose prose is in the document's script.
    """
    own = frozenset[str]().union(*(cell_digests(cell) for cell in document.cells))
    scored = [
        (_alike(own, guide.statements), guide.prose == document.prose, guide) for guide in known
    ]
    best = max(scored, key=lambda one: one[:2], default=None)
    if best is None or best[0] < RECOGNISED:
        return None
    return follow(document, best[2])


def follow(document: Document, guide: GuideCode) -> Recognition:
    """A document as an edition of a guide, whether or not it would be recognised as one."""
    digests = [cell_digests(cell) for cell in document.cells]
    sections: dict[int, str] = {}
    for section in document.sections:
        inside = [
            d for d, c in zip(digests, document.cells, strict=True) if c.section == section.index
        ]
        fitting = _fitting(frozenset[str]().union(*inside), guide.sections)
        if fitting is not None:
            sections[section.index] = fitting
    cells: dict[int, str] = {}
    for cell, own in zip(document.cells, digests, strict=True):
        # Its section's scenario, if it fits: sections may share whole statements.
        around = [s for s in guide.sections if s.section == sections.get(cell.section)]
        fitting = _fitting(own, around) or _fitting(own, guide.sections)
        if fitting is not None:
            cells[cell.index] = fitting
    whole = frozenset[str]().union(*digests)
    return Recognition(guide.guide, _alike(whole, guide.statements), sections, cells)


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def _fitting(own: frozenset[str], sections: Sequence[SectionCode]) -> str | None:
    """The section that holds most of some statements, the more alike of two that hold as many."""
    if not own:
        return None
    held = [(len(own & {*s.statements}), _alike(own, frozenset(s.statements)), s) for s in sections]
    shared, _, best = max(held, key=lambda one: one[:2], default=(0, 0.0, None))
    return best.section if best is not None and shared >= _SECTION_SHARE * len(own) else None


def guide_code(guide: str, document: Document, headings: Mapping[str, Sequence[str]]) -> GuideCode:
    """What a guide's published document makes known of its code.

    Args:
        guide: guide id.
        document: the guide.
        headings: for each scenario section the ids of the document's sections it spans; none
            stands for all of them.
    """
    made = []
    for section, ids in headings.items():
        indexes = {s.index for s in document.sections if s.id in ids or not ids}
        inside = [cell_digests(cell) for cell in document.cells if cell.section in indexes]
        statements = frozenset[str]().union(*inside)
        made.append(SectionCode(section, tuple(ids), tuple(sorted(statements))))
    return GuideCode(FORMAT, guide, document.prose, tuple(made))


def write_known(known: GuideCode, folder: Path) -> Path:
    """Write what is known of a guide to its folder."""
    path = folder / known.guide / FILE
    path.write_text(
        json.dumps(asdict(known), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return path
