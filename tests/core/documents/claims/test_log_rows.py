"""Printed rows as templates and figures."""

from __future__ import annotations

from core.documents.claims.log_rows import LogTemplate, last_state, read_log_row
from core.documents.claims.print_templates import print_templates

TEMPLATES = print_templates(
    'print(f"loss (for 1 batch) at step {step}: {float(loss_value):.4f}")', "python"
)


def test_numbers_that_the_code_prints_as_they_stand_belong_to_the_template() -> None:
    row = read_log_row("loss (for 1 batch) at step 100: 0.5", TEMPLATES)
    assert row is not None
    assert "loss (for 1 batch) at step #: #" == row.template.text
    assert ["step", "float(loss_value)"] == [figure.expression for figure in row.figures]


def test_without_the_code_every_number_is_computed() -> None:
    row = read_log_row("loss (for 1 batch) at step 100: 0.5", ())
    assert row is not None
    assert "loss (for # batch) at step #: #" == row.template.text
    assert [None] * 3 == [figure.expression for figure in row.figures]


def test_a_row_without_computed_numbers_makes_no_claim() -> None:
    assert read_log_row("Training ...", ()) is None
    assert (
        read_log_row("phase 2 begins", print_templates('print("phase 2 begins")', "python")) is None
    )
    assert read_log_row("9" * 5000, ()) is None


def test_a_runs_row_matches_the_template_whatever_its_blanks_and_numbers() -> None:
    template = LogTemplate("Losses after mini-batch #: generator #, time #s")
    assert ("50", "6.1e-01", "3") == template.match(
        "  Losses after mini-batch    50: generator 6.1e-01, time 3s"
    )
    assert ("1", "nan", "-2.5") == template.match(
        "Losses after mini-batch 1: generator nan, time -2.5s"
    )
    assert template.match("Losses after mini-batch x: generator 1, time 3s") is None
    assert template.match("Losses after mini-batch 1: generator 1, time 3s more") is None


def test_marks_of_regular_expressions_are_plain_text() -> None:
    assert ("3",) == LogTemplate("a (b) [c] * #.").match("a (b) [c] * 3.")


def test_a_progress_bar_is_read_in_its_last_state_without_colours() -> None:
    bar = "\r\x1b[1m1/5\x1b[0m loss: 2.4\b\b\b\r\x1b[1m5/5\x1b[0m loss: 0.7"
    assert "5/5 loss: 0.7" == last_state(bar)
    assert "plain" == last_state("plain")
    row = read_log_row(bar, ())
    assert row is not None
    assert "#/# loss: #" == row.template.text
