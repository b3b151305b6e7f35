"""Validating published documents: run them, judge every figure, tie them to their scenarios."""

from core.documents.validation.declared import Declared
from core.documents.validation.report import DocumentReport, Patch
from core.documents.validation.settings import Settings
from core.documents.validation.validate import validate

__all__ = ["Declared", "DocumentReport", "Patch", "Settings", "validate"]
