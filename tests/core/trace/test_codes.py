"""The registry of findings."""

from __future__ import annotations

import ast
import re

import pytest

from core.trace.codes import FindingCode, Severity
from tests.repository.test_layout import tracked

REGISTRY = "core/trace/codes.py"
STABLE = """
cell-error cascade-error zero-steps never-called stale-output silent-loop claim-shape claim-params
claim-count claim-trend claim-speedup translation-drift rendering-stale deprecated-api
logits-ambiguity optimizer-rebound stale-variable weights-unchanged training-flag-missing
state-not-carried new-warning golden-missing golden-orphan golden-mismatch golden-unreadable
not-finite precision-leak
"""
"""What scripts and files of accepted findings were promised."""


@pytest.mark.parametrize("name", STABLE.split())
def test_a_code_that_was_promised_is_there(name: str) -> None:
    assert name in set(FindingCode)


@pytest.mark.parametrize("code", FindingCode)
def test_a_code_says_what_it_means_and_what_to_do(code: FindingCode) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", code)
    assert code.name == code.replace("-", "_").upper()
    assert code.meaning[0].isupper()
    assert code.meaning.endswith(".")
    assert code.remedy
    assert not code.remedy.endswith(".")
    assert isinstance(code.severity, Severity)


def test_a_code_is_its_name_and_found_by_it() -> None:
    assert "zero-steps" == f"{FindingCode.ZERO_STEPS}" == str(FindingCode.ZERO_STEPS)
    assert FindingCode.ZERO_STEPS is FindingCode._value2member_map_["zero-steps"]
    assert list(FindingCode) == sorted(FindingCode)


def test_no_code_is_spelled_anywhere_but_in_the_registry_and_none_is_idle() -> None:
    spelled, used = [], set()
    for path in tracked("core/*.py", "tools/*.py"):
        if path.as_posix().endswith(REGISTRY):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in set(FindingCode):
                spelled.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "FindingCode":
                used.add(node.attr)
    assert [] == spelled
    assert set() == {code.name for code in FindingCode} - used
