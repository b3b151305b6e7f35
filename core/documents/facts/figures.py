"""Numbers that code says."""

from __future__ import annotations

import ast

_FOLDED = (ast.Add, ast.Sub, ast.Mult, ast.Div)


def figure(node: ast.AST) -> float | None:
    """The value of a number, or of a sum, difference, product or quotient of numbers."""
    match node:
        case ast.Constant(value=value) if type(value) in (int, float):
            assert isinstance(value, int | float)
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value_ = figure(operand)
            return None if value_ is None else -value_
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _FOLDED):
            one, other = figure(left), figure(right)
            if one is None or other is None:
                return None
            match op:
                case ast.Add():
                    return one + other
                case ast.Sub():
                    return one - other
                case ast.Mult():
                    return one * other
            return one / other if other else None
    return None
