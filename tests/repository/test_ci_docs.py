"""What `docs/validate-in-ci.md` gives to copy is what the program takes."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from core.documents.accepting import read_accept_file
from tests.conftest import REPOSITORY
from tools.cli.verb_validate import command

TEXT = (REPOSITORY / "docs" / "validate-in-ci.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
OPTIONS = {option for parameter in command.params for option in parameter.opts}


def test_the_file_of_accepted_findings_is_one(tmp_path: Path) -> None:
    (path := tmp_path / "accepted.yml").write_text(BLOCKS[0], encoding="utf-8")
    assert ["never-called"] == [entry.code for entry in read_accept_file(path)]


def test_the_workflow_has_a_job_whose_steps_use_or_run_something() -> None:
    workflow = yaml.safe_load(BLOCKS[1])
    steps = workflow["jobs"]["validate"]["steps"]
    assert [True] * len(steps) == [("uses" in step) != ("run" in step) for step in steps]
    ran = [str(step["run"]) for step in steps if "run" in step]
    assert any(row.startswith("parity validate docs --accept") for row in ran)


def test_every_option_of_validate_that_is_shown_exists() -> None:
    shown = {
        option
        for row in re.findall(r"parity validate [^`\n]*(?:\n +--[^`\n]*)*", TEXT)
        for option in re.findall(r"--[\w-]+", row)
    }
    assert {"--accept", "--junit", "--github", "--repair"} <= shown
    assert set() == shown - OPTIONS
