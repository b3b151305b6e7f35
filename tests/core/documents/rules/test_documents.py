"""Course documents: nothing is found in a correct one, each planted defect at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.documents.rules.documents import Found, documents, marked, validated

pytestmark = pytest.mark.timeout(1800)  # twenty documents

CORRECT, PLANTED = documents("correct"), documents("planted")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    return validated([*CORRECT, *PLANTED], tmp_path_factory.mktemp("results"))


def test_there_are_enough_of_them_in_every_format() -> None:
    assert 12 <= len(CORRECT)
    assert {".md", ".ipynb", ".py", ".qmd", ".Rmd"} == {path.suffix for path in CORRECT}


@pytest.mark.parametrize("name", [path.name for path in CORRECT])
def test_nothing_is_found_in_a_correct_document(found: dict[str, Found], name: str) -> None:
    assert () == found[name].findings
    assert {"ok"} == set(found[name].statuses) or name.endswith(".Rmd")


@pytest.mark.parametrize("path", PLANTED, ids=lambda path: str(path.name))
def test_each_planted_defect_is_found_and_nothing_else(found: dict[str, Found], path: Path) -> None:
    assert marked(path) == found[path.name].findings


def test_every_rule_has_a_planted_defect() -> None:
    codes = {code for path in PLANTED for _, code in marked(path)}
    assert {
        "deprecated-api",
        "logits-ambiguity",
        "never-called",
        "optimizer-rebound",
        "seed-without-effect",
        "shared-initializer",
        "silent-loop",
        "stale-output",
        "stale-variable",
        "state-not-carried",
        "training-flag-missing",
        "weights-unchanged",
        "zero-steps",
    } == codes
