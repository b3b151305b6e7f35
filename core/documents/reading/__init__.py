"""Published documents: sections, cells, outputs, and the claims they make; nothing is executed."""

from core.documents.claims.extraction import claims_of
from core.documents.claims.golden import golden_claim
from core.documents.claims.log_rows import LogTemplate
from core.documents.claims.print_templates import PrintTemplate, print_templates
from core.documents.reading.document import (
    Cell,
    Document,
    Format,
    Output,
    OutputKind,
    Section,
    SkippedLine,
    document_finding,
)
from core.documents.reading.drift import (
    CodeComparison,
    CodeDifference,
    compare_code,
    drift_findings,
)
from core.documents.reading.known import GuideCode, Recognition, follow, load_known, recognise
from core.documents.reading.reader import read_document

__all__ = [
    "Cell",
    "CodeComparison",
    "CodeDifference",
    "Document",
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
