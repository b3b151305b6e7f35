"""The page: matrix, environments, and one drawer for each scenario in each candidate."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from attrs import frozen

from core.templating import highlighted, styles, templates
from core.upgrade.rehearsal.report import Report, ResultRow
from core.upgrade.why.artifacts.own import Kept
from core.upgrade.why.why import SubjectWhy, Why

GLYPHS = {
    "identical": "=",
    "rounding": "≈",
    "random stream": "~",
    "same trend": "↗",
    "diverged": "≠",
    "broken": "✗",
    "unobserved": "∅",
    "undecided": "?",
    "timeout": "…",
}


@frozen
class Drawer:
    """What opens behind a cell of the matrix.

    Attributes:
        row: the verdict.
        why: what is known of it; None where that was not asked for.
        picture: the curves as SVG; empty where there are none.
    """

    row: ResultRow
    why: SubjectWhy | None = None
    picture: str = ""

    @property
    def image(self) -> str:
        """The picture as an address that needs no file."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.picture.encode()).decode()

    @property
    def patch(self) -> str:
        """The patch, coloured."""
        if self.why is None or self.why.broken is None or not self.why.broken.patch:
            return ""
        return highlighted(self.why.broken.patch, "diff")


def page(
    report: Report,
    drawers: Sequence[Drawer],
    whys: Sequence[Why] = (),
    files: Sequence[Kept] = (),
    command: str = "",
) -> str:
    """The page's text.

    Args:
        report: the rehearsal.
        drawers: one for each of its results, in their order.
        whys: what is known of each candidate.
        files: what became of a user's saved models.
        command: the command that made it.
    """
    cells = {(d.row.candidate, d.row.subject): (n, d) for n, d in enumerate(drawers)}
    template = templates("core.upgrade.page").get_template("drilldown.html")
    return template.render(
        report=report,
        drawers=list(enumerate(drawers)),
        candidates=list(dict.fromkeys(row.candidate for row in report.results)),
        subjects=list(dict.fromkeys(row.subject for row in report.results)),
        cells=cells,
        whys=whys,
        files=files,
        command=command,
        glyphs=GLYPHS,
        light=styles("default", ".patch"),
        dark=styles("github-dark", ".patch"),
    )
