"""The README's commands exist, and its help is the program's."""

from __future__ import annotations

import re

import core.spec
import core.spec.layers
import core.spec.ops
import core.spec.parts
from core.spec import Scenario
from tests.conftest import REPOSITORY
from tools.cli.main import GROUPS

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
VERBS = [verb for verbs in GROUPS.values() for verb in verbs]


def test_every_verb_is_shown() -> None:
    assert [] == [verb for verb in VERBS if f"parity {verb}" not in README]


def test_every_command_shown_names_a_verb_that_exists() -> None:
    shown = re.findall(r"^\$ (?:\.venv/bin/)?parity ([a-z]+)", README, re.MULTILINE)
    assert shown
    assert set() == set(shown) - set(VERBS)


def test_every_make_target_shown_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    shown = re.findall(r"^\$ make ([a-z]+)", README, re.MULTILINE)
    assert shown
    assert set() == set(shown) - set(targets)


def test_the_guide_shown_is_one_in_fifteen_lines() -> None:
    shown = README.rpartition("```python\n")[2].partition("```")[0]
    assert 15 >= len(shown.splitlines())
    names: dict[str, object] = {}
    for module in (core.spec, core.spec.layers, core.spec.ops, core.spec.parts):
        names |= vars(module)
    exec(shown, names)
    scenarios = names["SCENARIOS"]
    assert isinstance(scenarios, tuple)
    assert [True] == [isinstance(scenario, Scenario) for scenario in scenarios]
