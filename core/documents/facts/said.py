"""An answer that a program gives."""

from __future__ import annotations

import ast

from attrs import field, frozen


@frozen
class Said:
    """Something a program says.

    Attributes:
        text: it, in words that can be compared.
        node: where; None where it is said by leaving something out.
    """

    text: str
    node: ast.AST | None = field(default=None, eq=False)
