"""A page of R."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define

from core.dialects.program import Statement
from core.dialects.python.page import Page
from core.dialects.r.layout import wrapped


@define(eq=False)
class RPage(Page):
    """An R program being printed; blocks are closed by a line of their own."""

    def code(
        self, text: str, ops: Sequence[str] = (), comment: str = "", *, gap: bool = False
    ) -> None:
        """Prints one statement, wrapped where it is a call that is too long."""
        if comment in self.said:
            comment = ""
        elif comment:
            self.said.add(comment)
        if "\n" not in text:
            text = wrapped(text, 2 * self.depth)
        self.statements.append(
            Statement(
                text, self.depth, tuple(self.id(op) for op in ops), comment, gap, self.heading
            )
        )
        self.heading = ""

    def put(
        self,
        name: str,
        value: str,
        ops: Sequence[str] = (),
        comment: str = "",
        *,
        gap: bool = False,
    ) -> None:
        """Prints `name <- value`."""
        self.code(f"{name} <- {value}", ops, comment, gap=gap)
