"""What runs in somebody else's process needs Python and NumPy alone, and imports relatively."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

GUEST = REPOSITORY / "core" / "sandbox" / "guest"
FILES = sorted(GUEST.rglob("*.py"))
ALLOWED = sys.stdlib_module_names | {"numpy"}


def foreign(source: str, depth: int) -> list[str]:
    """The imports that a module of the guest may not have, those inside functions included.

    Args:
        source: the module's text.
        depth: packages of the guest around the module, itself included.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (not node.level or node.level > depth):
            found.append("." * node.level + (node.module or ""))
    return [name for name in found if name.partition(".")[0] not in ALLOWED]


def test_every_part_of_the_guest_is_looked_at() -> None:
    parts = {path.relative_to(GUEST).parts[0] for path in FILES}
    assert {"control", "dynamic.py", "events", "programs", "recorder"} <= parts
    assert any("in_r" in path.parts for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GUEST).as_posix())
def test_the_guest_imports_the_standard_library_numpy_and_itself(path: Path) -> None:
    depth = len(path.relative_to(GUEST).parts)
    assert [] == foreign(path.read_text(encoding="utf-8"), depth)


@pytest.mark.parametrize(
    "source",
    [
        "import attrs",
        "from core.errors import UsageError",
        "from core.sandbox.guest import events",
        "def f():\n    import tensorflow.python as tf",
        "from ... import host",
    ],
)
def test_anything_else_is_seen(source: str) -> None:
    assert 1 == len(foreign(source, 2))
