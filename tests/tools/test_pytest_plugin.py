"""`pytest --parity`, as in a project that has the one module and not this package."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import frozen
from junitparser import Failure, JUnitXml, Skipped

from core.processes import program
from tests.conftest import REPOSITORY

PLUGIN = REPOSITORY / "tools" / "wheel" / "loop_parity" / "plugin"
PYTEST = (
    *(sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider"),
    *("-p", "pytest_parity", "--parity"),
)
COUNTING = """# Counting

```python
for step in range(2):
    print(f"Seen so far: {32 * (step + 1)} samples")
```

```
Seen so far: 32 samples
Seen so far: 65 samples
```

## A function

```python
def unused():
    return 1
```

## A table

```python
import nowhere_at_all as n
```

## What is in it

```python
n.show()
```

## Closing words

No code, no test.
"""
ACCEPTED = """accept:
  - {code: never-called, document: "docs/*.md", reason: for the exercise, expires: 2999-12-31}
  - {code: claim-count, document: "docs/*.md", reason: a new edition, expires: 2020-01-31}
"""


@frozen
class Ran:
    """What a run of pytest said: its code, what it printed, the outcome of each test by name."""

    code: int
    out: str
    outcomes: Mapping[str, list[str]]


def run_pytest(folder: Path, *arguments: str) -> Ran:
    """Runs pytest on a folder, with our module beside it and nothing of ours imported."""
    command = shlex.join(program("tools.cli"))
    own = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(PLUGIN)}
    done = subprocess.run(
        [*PYTEST, "--parity-command", command, "--junitxml=result.xml", *arguments],
        cwd=folder,
        env=dict(os.environ) | own,
        capture_output=True,
        text=True,
        check=False,
    )
    parsed = JUnitXml.fromfile(str(folder / "result.xml"))
    outcomes = {
        case.name: [type(result).__name__ for result in case.result]
        for suite in parsed
        for case in suite
    }
    return Ran(done.returncode, done.stdout + done.stderr, outcomes)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One run over two documents and what is none."""
    folder = tmp_path_factory.mktemp("project")
    docs = folder / "docs"
    docs.mkdir()
    (docs / "counting.md").write_text(COUNTING)
    (docs / "good.md").write_text("# Good\n\n```python\nprint(1)\n```\n")
    (docs / "module.py").write_text("raise RuntimeError('no document')\n")
    (docs / "words.md").write_text("# Words\n\nNo code.\n")
    (folder / "accepted.yml").write_text(ACCEPTED)
    return run_pytest(folder, "-rs", "--parity-args=--accept accepted.yml", "docs")


def test_each_section_with_code_is_a_test(ran: Ran) -> None:
    assert {
        "counting": [Failure.__name__],
        "a-function": [],
        "a-table": [Failure.__name__],
        "what-is-in-it": [Skipped.__name__],
        "good": [],
    } == ran.outcomes
    assert 1 == ran.code


def test_a_failure_names_the_documents_line_the_evidence_and_the_remedy(ran: Ran) -> None:
    assert "docs/counting.md:10: error claim-count: samples is not what" in ran.out
    assert "evidence: published 65, observed 64" in ran.out
    assert "docs/counting.md:23: error cell-error: ModuleNotFoundError" in ran.out
    assert "Traceback" not in ran.out


def test_a_section_that_is_skipped_says_why_at_its_heading(ran: Ran) -> None:
    line = COUNTING.split("\n").index("## What is in it") + 1
    assert f"docs/counting.md:{line}: follows from cell 2, which failed before" in ran.out


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\n```python\nprint(1)\n```\n")
    ran = run_pytest(tmp_path, "--parity-command", "/nowhere/parity", "good.md")
    assert 2 == ran.code
    assert "/nowhere/parity cannot be run" in ran.out


def test_the_module_imports_nothing_of_ours() -> None:
    source = (PLUGIN / "pytest_parity.py").read_text(encoding="utf-8")
    imports = [row for row in source.splitlines() if row.startswith(("import ", "from "))]
    assert imports
    assert not [row for row in imports if row.split()[1].split(".")[0] in ("core", "tools")]
