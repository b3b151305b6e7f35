"""The guide that the documentation shows runs as printed, with the commands printed below it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.tools.parity import parity

PAGE = (REPOSITORY / "docs" / "adding-a-guide.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first fenced block in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found.group(1)


def test_the_guide_is_run_recorded_and_checked_as_printed(tmp_path: Path) -> None:
    path = tmp_path / "guides" / "tiny" / "__init__.py"
    assert f"`{path.relative_to(tmp_path)}`" in PAGE
    path.parent.mkdir(parents=True)
    path.write_text(block("python"), encoding="utf-8")
    said = []
    for line in block("console").splitlines():
        command = shlex.split(line)
        assert ["$", "parity"] == command[:2]
        called = parity(*command[2:], cwd=tmp_path)
        assert 0 == called.code, called.err
        said.append(called.out.splitlines()[0])
    assert said[0].startswith("tiny/loop@tensorflow: 41 steps")
    assert "2 goldens written, 0 unchanged; 1 references written, 1 horizons measured" == said[1]
    assert said[2].startswith("all 1 runs passed")
