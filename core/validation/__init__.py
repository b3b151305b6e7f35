"""Validating published documents: run them, judge every figure, tie them to their scenarios."""

from core.validation.declared import Declared
from core.validation.report import DocumentReport, Patch
from core.validation.validate import Settings, validate

__all__ = ["Declared", "DocumentReport", "Patch", "Settings", "validate"]
