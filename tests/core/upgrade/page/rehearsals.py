"""A made-up rehearsal with everything that a page can show."""

from __future__ import annotations

from pathlib import Path

import attrs

from core.diff.microscope.result import Located, Seen
from core.trace.difference import Difference
from core.upgrade.page.curves import picture
from core.upgrade.page.page import Drawer, page
from core.upgrade.rehearsal.report import EnvironmentRow, Report, ResultRow
from core.upgrade.rehearsal.verdict import Kind, Verdict
from core.upgrade.why.api import ApiChange
from core.upgrade.why.artifacts.exchange import Passage
from core.upgrade.why.artifacts.own import Kept
from core.upgrade.why.breaking import Break, Failure, Mended
from core.upgrade.why.meanings.changes import Changed
from core.upgrade.why.names import NameChange, WarningChange
from core.upgrade.why.why import SubjectWhy, Why
from tests.core.upgrade.rehearsal.runs import HORIZON, LOSSES, trace

BASE, NEW = "keras==3.0.5 tensorflow-cpu==2.16.2", "keras==3.9.2 tensorflow-cpu==2.16.2"
PATCH = "--- a/loop.md\n+++ b/loop.md\n@@ -2 +2 @@\n-metric.reset_states()\n+metric.reset_state()\n"
SEEN = Seen("1", "Call logits", 0, "layer 1", 6.8e-8)


def _row(subject: str, kind: Kind, difference: Difference | None = None) -> ResultRow:
    return ResultRow(subject, BASE, NEW, Verdict(kind, 40, "controlled: <evidence>", difference))


ROWS = (
    _row("toy/first", Kind.IDENTICAL),
    _row("toy/second", Kind.DIVERGED, Difference("loss", 5, 0.5, 1.0, 0.5, 0.5)),
    _row("loop.md", Kind.BROKEN),
)
REPORT = Report(
    (
        EnvironmentRow(BASE, "ready", "tensorflow", "3.11.7", {"keras": "3.0.5"}, runs=4),
        EnvironmentRow(NEW, "ready", "tensorflow", "3.11.7", {"keras": "3.9.2"}, runs=2),
    ),
    ROWS,
)
FIRST = Failure(3, 2, "AttributeError", "no attribute 'reset_states'")
SUBJECTS = (
    SubjectWhy("toy/first"),
    SubjectWhy(
        "toy/second",
        api=(ApiChange("keras.layers.LeakyReLU", "default changed", "slope=0.3", "slope=0.2"),),
        warnings=WarningChange(new=("UserWarning: new <b>",)),
        located=Located(3, SEEN, (), SEEN, SEEN, 1.0, True),
    ),
    SubjectWhy(
        "loop.md",
        api=(ApiChange("metrics.Metric.reset_states", "removed"),),
        broken=Break(
            FIRST,
            cascade=(Failure(4, 6, "NameError", "name 'x'"),),
            mended=(
                Mended("`reset_states` becomes `reset_state`", 2, (Failure(5, 9, "E", "2nd"),)),
            ),
            patch=PATCH,
        ),
    ),
)
WHY = Why(
    NEW,
    meanings=(
        Changed("leaky-relu-slope", "LeakyReLU()", "slope 0.3", "slope 0.2", "-0.3 and -0.2"),
    ),
    names=(NameChange("Adam", "variables", ("m",), ("momentum",)),),
    subjects=SUBJECTS,
)
FILES = (Kept(Path("mine.keras"), (Passage(BASE, NEW, "mine", ".keras", 2e-8),)),)


def example_page() -> str:
    """The page of that rehearsal."""
    base = trace()
    mine = attrs.evolve(base, losses={"loss": (*LOSSES[:5], *(2 * v for v in LOSSES[5:]))})
    curves = picture(base, mine, HORIZON, (BASE, NEW))
    pictures = ("", curves, "")
    drawers = [Drawer(*parts) for parts in zip(ROWS, SUBJECTS, pictures, strict=True)]
    return page(REPORT, drawers, (WHY,), FILES, "parity upgrade …")
