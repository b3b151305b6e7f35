"""Nothing ran, or nothing was judged: that is no success."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.upgrade.rehearsal.report import EnvironmentRow, Report
from tests.tools.parity import parity
from tools.cli.upgrade_answer import nothing_compared

GUIDES = Path(__file__).parents[1] / "guides"
TINY = ("tiny", "--scenarios", GUIDES)  # declared for TensorFlow only
CALLS: dict[str, tuple[str | Path, ...]] = {
    "run": ("run", *TINY),
    "check": ("check", *TINY),
    "record": ("record", *TINY, "--reason", "none"),
    "horizon": ("horizon", *TINY),
    "sensitivity": ("sensitivity", *TINY),
}


@pytest.mark.parametrize("verb", CALLS)
def test_on_a_backend_that_the_guide_is_not_written_for_nothing_runs(verb: str) -> None:
    called = parity(*CALLS[verb], "--backend", "jax")
    assert 2 == called.code
    assert "nothing ran: tiny/loop does not run on jax" in called.err
    assert "remedy: --backend tensorflow" in called.err


@pytest.mark.parametrize("verb", CALLS)
def test_a_document_says_that_nothing_ran(verb: str) -> None:
    called = parity(*CALLS[verb], "--backend", "jax", "--backend", "torch", "--json")
    document = called.document()
    assert (2, verb) == (called.code, document["verb"])
    error = document["error"]
    assert isinstance(error, dict)
    assert "nothing ran: tiny/loop does not run on jax or torch" == error["what"]


def test_the_document_of_a_check_keeps_its_fields() -> None:
    document = parity(*CALLS["check"], "--backend", "jax", "--json").document()
    summary = document["summary"]
    assert isinstance(summary, dict)
    assert (0, []) == (summary["runs"], document["results"])


def test_a_check_whose_numbers_have_no_reference_says_why_nothing_ran() -> None:
    """Another seed's would take minutes, and native runs are TensorFlow's."""
    called = parity("check", "keras_io_tf/gan", "--backend", "jax", "--seed", "5")
    assert 2 == called.code
    assert "nothing ran; 1 skipped" in called.out
    assert "nothing ran: numbers of sections that draw noise were not judged" in called.err
    assert "--seed 12" in called.err
    assert "--full" in called.err


def test_a_backend_may_be_named_beside_another_that_runs() -> None:
    backends = ("--backend", "jax", "--backend", "tensorflow")
    called = parity("run", *TINY, *backends, "--steps", "1", "--json")
    assert (0, "tensorflow") == (called.code, called.document()["backend"])
    assert "left out: tiny/loop does not run on jax" in called.err


def test_a_rehearsal_that_compares_nothing_says_why() -> None:
    ready = EnvironmentRow("old", "ready")
    unready = Report((ready, EnvironmentRow("new", "unresolvable", message="no such")), ())
    assert ("new", "nothing was compared: unresolvable") == (
        nothing_compared(unready).where,
        nothing_compared(unready).what,
    )
    empty = Report((ready, EnvironmentRow("new", "ready")), (), left_out={"a/b": "no step"})
    assert "nothing was compared: a/b: no step" == nothing_compared(empty).what
