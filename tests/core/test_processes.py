"""Programs of ours run in processes of their own."""

import subprocess

from core.processes import program
from tests.conftest import REPOSITORY


def test_a_module_runs_with_what_it_is_given() -> None:
    command = program("json.tool", "--compact")
    done = subprocess.run(
        command, input='{"a": 1}', cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert '{"a":1}\n' == done.stdout
