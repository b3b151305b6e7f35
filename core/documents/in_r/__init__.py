"""Executing the R cells of a document, by R itself, where R is installed.

`run_r(program)` runs them behind the guards of `core.sandbox.host` and gives the same record as a
Python document's; `r_available()` says what of R is here, and `RState.missing` what a document
lacks.
"""

from core.documents.in_r.program import RProgram, r_program_of
from core.documents.in_r.run import run_r
from core.documents.in_r.state import RState, r_available

__all__ = ["RProgram", "RState", "r_available", "r_program_of", "run_r"]
