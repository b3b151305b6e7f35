"""The command line starts without a framework."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.tools.parity import parity

HEAVY = ("tensorflow", "jax", "torch", "keras", "sklearn", "scipy", "numpy", "rich", "cattrs")
PROBE = """
import json, sys
from tools.cli.main import run
code = run(sys.argv[1:])
print(json.dumps([code, [name for name in {heavy} if name in sys.modules]]), file=sys.stderr)
"""


def imported(*arguments: str) -> tuple[int, list[str]]:
    """The exit code of a call, and which heavy packages it imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(heavy=HEAVY), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    code, names = json.loads(done.stderr.strip().splitlines()[-1])
    return code, names


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("list",), ("list", "--json")])
def test_help_and_list_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert (0, []) == imported(*arguments)


def test_importing_core_imports_no_framework() -> None:
    code = (
        "import core, pkgutil, importlib, sys\n"
        "for found in pkgutil.walk_packages(core.__path__, 'core.'):\n"
        "    if not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
        "print([n for n in ('tensorflow', 'jax', 'torch', 'keras') if n in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout


def test_help_groups_the_verbs_and_names_each() -> None:
    called = parity("--help")
    assert 0 == called.code
    assert "This repository:" in called.out
    for verb in ("list", "check", "run", "record"):
        assert f"\n  {verb} " in called.out


def test_list_json_has_the_contract_fields() -> None:
    document = parity("list", "--json").document()
    assert (1, "list") == (document["format"], document["verb"])
    environment = document["environment"]
    assert isinstance(environment, dict)
    assert {"python", "platform", "cpu", "keras", "tensorflow"} <= environment.keys()
    scenarios = document["scenarios"]
    assert isinstance(scenarios, list)
    by_id = {scenario["id"]: scenario for scenario in scenarios}
    assert ["keras_io_tf/metrics"] == by_id["keras_io_tf/compiled"]["continues"]
    for scenario in scenarios:
        assert {"id", "guide", "section", "backends", "continues"} <= scenario.keys()


def test_list_defects_shows_what_evidence_and_what_runs_instead() -> None:
    called = parity("list", "--defects")
    assert 0 == called.code
    for words in ("keras_io_tf/tracked_losses", "what:", "evidence:", "here instead:"):
        assert words in called.out
