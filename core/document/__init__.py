"""Published documents: sections, cells, outputs, and the claims they make; nothing is executed."""

from core.document.claims.claim import DocumentClaim, golden_claim
from core.document.claims.extraction import claims_of
from core.document.claims.labels import FigureKind
from core.document.claims.log_rows import LogTemplate
from core.document.claims.print_templates import PrintTemplate, print_templates
from core.document.document import (
    Cell,
    Document,
    Format,
    Output,
    OutputKind,
    Section,
    SkippedLine,
    document_finding,
)
from core.document.drift import CodeComparison, CodeDifference, compare_code, drift_findings
from core.document.known import GuideCode, Recognition, follow, load_known, recognise
from core.document.reading import read_document

__all__ = [
    "Cell",
    "CodeComparison",
    "CodeDifference",
    "Document",
    "DocumentClaim",
    "FigureKind",
    "Format",
    "GuideCode",
    "LogTemplate",
    "Output",
    "OutputKind",
    "PrintTemplate",
    "Recognition",
    "Section",
    "SkippedLine",
    "claims_of",
    "compare_code",
    "document_finding",
    "drift_findings",
    "follow",
    "golden_claim",
    "load_known",
    "print_templates",
    "read_document",
    "recognise",
]
