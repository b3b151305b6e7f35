"""Statements of Python and R, by their parsers."""

from core.document.syntax.grammar import Language
from core.document.syntax.statements import Statement, statements

__all__ = ["Language", "Statement", "statements"]
