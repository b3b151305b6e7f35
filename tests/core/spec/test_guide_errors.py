"""Whatever is wrong with a guide's file is one error: file, line, expected, remedy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import UsageError
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY
from tests.tools.parity import parity

TINY = (REPOSITORY / "tests" / "guides" / "tiny" / "__init__.py").read_text(encoding="utf-8")
CASES: dict[str, tuple[str, str, str, str]] = {
    # what is written, and instead of it; what the error says; expected or remedy
    "not imported": (
        "ops.BuildModel(",
        "BuildModel(",
        "NameError: name 'BuildModel'",
        "write ops.",
    ),
    "not known": ("layers.Dense(16", "layers.Dence(16", "AttributeError", "write layers.Dense"),
    "wrong import": ("    Adam,\n", "    Adm,\n", "cannot import name 'Adm'", "parts import Adam"),
    "misspelt": ("break_above", "brake_above", "TypeError", "did you mean break_above?"),
    "too few": ("Adam(1e-3)", "Adam(1e-3, 2, 3, 4, 5, 6)", "TypeError", "Adam(learning_rate, "),
    "missing": ('loop=Loop("data", ', "loop=Loop(", "TypeError", "Loop(dataset, batch, "),
    "no Python": ("SCENARIOS = (", "SCENARIOS = ((", "SyntaxError", "mend this line"),
    "a rule": ("layers.Dense(10)", "layers.Dense(0)", "Dense.units: units = 0", "a whole number"),
    "a spec": ('"grads", "tape", "loss"', '"grads", "tape", "lost"', "lost", "correct the name"),
    "a value": ("year=2026", "year=int('MMXXVI')", "ValueError: invalid literal", "mend this line"),
    "an exit": ("GUIDE = Guide(", "raise SystemExit(3)\nGUIDE = Guide(", "SystemExit: 3", "mend"),
}


@pytest.fixture(autouse=True)
def imports() -> Iterator[None]:
    """What a test puts on the path is forgotten after it."""
    path = list(sys.path)
    yield
    sys.path[:] = path


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    before, after, what, advice = CASES[case]
    assert 1 == TINY.count(before)
    path = tmp_path / f"guide_{case.replace(' ', '_')}" / "__init__.py"
    path.parent.mkdir()
    path.write_text(TINY.replace(before, after), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Catalog.load(REPOSITORY, [tmp_path])
    error = caught.value
    file, _, line = error.where.rpartition(":")
    assert str(path) == file
    assert 1 <= int(line) <= TINY.count("\n") + 1
    assert what in error.what
    assert advice in f"{error.expected}\n{error.remedy}"


def test_the_command_line_tells_it_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "tiny" / "__init__.py"
    path.parent.mkdir()
    path.write_text(TINY.replace("ops.MakeLoss(", "MakeLoss("), encoding="utf-8")
    called = parity("run", "tiny", "--scenarios", tmp_path, "--json")
    line = TINY[: TINY.index("ops.MakeLoss(")].count("\n") + 1
    assert 2 == called.code
    assert f"error: {path}:{line}: NameError: name 'MakeLoss' is not defined" in called.err
    assert 3 == len(called.err.splitlines())
    error = called.document()["error"]
    assert isinstance(error, dict)
    assert f"{path}:{line}" == error["where"]
