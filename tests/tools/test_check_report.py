"""The check's table fits the terminal it is printed on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.check.judging import CheckReport, Result, Status
from core.check.judging.result import Figures
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY
from tools.cli.check_report import print_table
from tools.cli.printing import Printer

FIGURES = Figures(
    layers=14,
    params=1_414_530,
    first={"d_loss": 0.6803, "g_loss": 0.6918},
    last={"d_loss": 0.5942, "g_loss": 0.7216},
    golden_last={"d_loss": 0.5942, "g_loss": 0.7216},
    largest_relative=0.0,
    compared_steps=12,
    claims=13,
    claims_held=13,
)
RESULTS = (
    Result("keras_io_tf/gan", "tensorflow", Status.PASSED, (), 29.8, FIGURES),
    Result("r_style/compiled~intended", "torch", Status.FAILED, (), 8.1, FIGURES),
)


Printed = Callable[[int], str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Printed:
    """The tables as they are printed at some width."""

    def at(width: int) -> str:
        monkeypatch.delenv("COLUMNS", raising=False)
        print_table(Printer(width), CheckReport(RESULTS, (), 1.0), Catalog.load(REPOSITORY))
        return capsys.readouterr().out

    return at


@pytest.mark.parametrize("width", [80, 139, 160])
def test_losses_sections_and_verdicts_are_whole_at_every_width(
    width: int, printed: Printed
) -> None:
    text = printed(width)
    for words in (
        "gan",
        "compiled~intended",
        "tensorflow",
        "0.5942",
        "0.7216",
        "✓ passed",
        "✗ failed",
    ):
        assert words in text
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= width


def test_a_narrow_terminal_is_wide_enough(printed: Printed) -> None:
    text = printed(60)
    assert max(len(line) for line in text.splitlines()) <= 60
    assert "…" not in text


def test_a_wide_terminal_shows_parameters_and_claims_too(printed: Printed) -> None:
    assert "1,414,530" in printed(160)
    assert "13/13" in printed(160)
    assert "1,414,530" not in printed(80)
