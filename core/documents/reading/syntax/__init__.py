"""Statements of Python and R, by their parsers."""

from core.documents.reading.syntax.grammar import Language
from core.documents.reading.syntax.statements import Statement, statements

__all__ = ["Language", "Statement", "statements"]
