"""`compile` and `fit`: the same training without a loop of one's own."""

from core.dialects.fit.dialect import FitDialect, FitInOrder
from core.dialects.fit.notes import Note, notes

__all__ = ["FitDialect", "FitInOrder", "Note", "notes"]
