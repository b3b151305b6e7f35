"""What of R is found on a machine, by asking an `Rscript` that stands for the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.in_r import RState, r_available


def place_rscript(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a program called `Rscript` the only one on the path."""
    program = folder / "Rscript"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_a_machine_without_r_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    state = r_available()
    assert (None, frozenset()) == (state.rscript, state.packages)
    assert "no Rscript" in state.missing(())


def test_an_rscript_that_does_not_start_gives_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_rscript(tmp_path, "echo broken library >&2; exit 1", monkeypatch)
    state = r_available()
    assert state.rscript is None
    assert "broken library" in state.reason


def test_version_packages_and_libraries_are_what_r_says_whatever_a_profile_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = r"hello\nparity-probe\tversion\t4.2.2\nparity-probe\tlibrary\t/a b\n"
    said += r"parity-probe\tlibrary\t/c\nparity-probe\tpackage\treticulate\n"
    place_rscript(tmp_path, f"printf '{said}'", monkeypatch)
    state = r_available()
    assert "4.2.2" == state.version
    assert ("/a b", "/c") == state.libraries
    assert {"reticulate"} == state.packages
    assert "keras3" in state.reason


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ({"ggplot2"}, ""),
        ({"reticulate"}, ""),
        ({"reticulate", "keras3"}, "R 4.2.2 is here, without the R package keras3"),
        (
            {"tensorflow", "keras3"},
            "R 4.2.2 is here, without the R packages keras3, tensorflow",
        ),
    ],
)
def test_a_document_lacks_only_packages_that_lead_to_python(used: set[str], expected: str) -> None:
    state = RState("/usr/bin/Rscript", "4.2.2", frozenset({"reticulate"}))
    assert expected == state.missing(used)
