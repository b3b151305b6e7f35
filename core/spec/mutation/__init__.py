"""Mutation operators: sections with one defect in them, to measure what a check sees."""

from core.spec.mutation.mutant import Mutant
from core.spec.mutation.operators import OPERATORS, Mutants, mutant, mutants

__all__ = ["OPERATORS", "Mutant", "Mutants", "mutant", "mutants"]
