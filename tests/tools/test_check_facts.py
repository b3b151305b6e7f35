"""Findings that say the same on several backends or of a translation are one fact."""

from __future__ import annotations

import pytest
from attrs import evolve

from core.check.compare.claims import KNOWN
from core.check.judging import CheckReport, Result, Status
from core.trace.finding import Finding, FindingCode, Severity
from tests.tools.example_checks import whole_check
from tools.cli.check_facts import Fact, facts_of


def _finding(where: str, message: str = "m", evidence: str = "e") -> Finding:
    return Finding(FindingCode.GOLDEN_MISMATCH, where, message, evidence)


def _result(scenario: str, backend: str, *findings: Finding, shares: str = "") -> Result:
    return Result(scenario, backend, Status.FAILED, findings, 1.0, shares=shares)


def _facts(*results: Result) -> tuple[Fact, ...]:
    return facts_of(CheckReport(results, (), 1.0))


@pytest.fixture(scope="module")
def whole() -> CheckReport:
    """All scenarios on all backends, with the notes of the ledger."""
    return whole_check()


def test_one_reason_in_the_ledger_is_one_fact_however_many_figures_show_it(
    whole: CheckReport,
) -> None:
    of_r = [r for r in whole.results if r.scenario == "r_style/gan"]
    assert 24 == sum(len(result.findings) for result in of_r)
    (fact,) = facts_of(evolve(whole, results=tuple(of_r)))
    assert ("tensorflow", "jax", "torch") == fact.backends
    assert "the two summaries number the layers" in fact.message
    assert "r_style/gan, published on line 393, on tensorflow, jax, torch; and 7 more like it" == (
        fact.where
    )
    assert 8 == len(fact.evidence)
    assert KNOWN not in "".join(fact.evidence)


def test_a_reason_that_names_its_backend_is_one_fact_too(whole: CheckReport) -> None:
    of_dcgan = [r for r in whole.results if r.scenario == "dcgan_article/dcgan"]
    (fact,) = facts_of(evolve(whole, results=tuple(of_dcgan)))
    assert ("jax", "torch") == fact.backends
    assert "each applies the sigmoid twice where tensorflow finds the logits" == fact.message
    assert ["jax", "jax", "torch", "torch"] == [text.partition(":")[0] for text in fact.evidence]


def test_no_finding_of_a_whole_check_is_lost(whole: CheckReport) -> None:
    facts = facts_of(whole)
    told = {one.finding for fact in facts for one in fact.found}
    told |= {one.finding for fact in facts for one in fact.also}
    found = {finding for result in whole.results for finding in result.findings}
    assert told == found


def test_evidence_that_differs_says_whose_it_is() -> None:
    (fact,) = _facts(
        _result("toy/a", "jax", _finding("toy/a@jax: loss", evidence="0.1")),
        _result("toy/a", "torch", _finding("toy/a@torch: loss", evidence="0.2")),
    )
    assert ("jax: 0.1", "torch: 0.2") == fact.evidence
    assert "toy/a@jax, torch: loss" == fact.where


def test_other_places_words_severities_and_sections_are_other_facts() -> None:
    first = _finding("toy/a@jax: loss")
    others = (
        evolve(first, where="toy/a@jax: other"),
        evolve(first, message="another"),
        evolve(first, severity=Severity.NOTE),
        evolve(first, code=FindingCode.GOLDEN_MISSING),
    )
    facts = _facts(
        _result("toy/a", "jax", first, *others), _result("toy/b", "jax", _finding("toy/b@jax"))
    )
    assert 6 == len(facts)
    assert Severity.NOTE is facts[0].severity


def test_a_translation_is_named_beside_its_original_wherever_its_lines_are() -> None:
    def found(guide: str, line: int, figure: str) -> Finding:
        evidence = f"published {figure}, observed 3 (line {line})"
        return _finding(f"{guide}/a, published on line {line}", evidence=evidence)

    shares = "toy@jax (native)"
    originals = [found("toy", 5, "1"), found("toy", 9, "2")]
    copies = [found("toy_zh", 4, "1"), found("toy_zh", 7, "2")]
    facts = _facts(
        _result("toy/a", "jax", *originals), _result("toy_zh/a", "jax", *copies, shares=shares)
    )
    assert [
        ("toy/a, published on line 5, on jax", ["toy_zh/a, published on line 4"]),
        ("toy/a, published on line 9, on jax", ["toy_zh/a, published on line 7"]),
    ] == [(fact.where, [one.finding.where for one in fact.also]) for fact in facts]


def test_a_translation_s_own_finding_stays_its_own() -> None:
    shares = "toy@jax (native)"
    original = _result("toy/a", "jax", _finding("toy/a@jax", evidence="0.1"))
    for other in (_finding("toy_zh/a@jax", evidence="0.2"), _finding("toy_zh/a@jax", "another")):
        assert 2 == len(_facts(original, _result("toy_zh/a", "jax", other, shares=shares)))
    alone = _result("toy_zh/a", "jax", _finding("toy_zh/a@jax", evidence="0.1"))
    assert 2 == len(_facts(original, alone))


def test_two_translations_stand_beside_one_original() -> None:
    shares = "toy@jax (native)"
    (fact,) = _facts(
        _result("toy/a", "jax", _finding("toy/a@jax")),
        *(
            _result(f"{guide}/a", "jax", _finding(f"{guide}/a@jax"), shares=shares)
            for guide in ("toy_zh", "toy_fr")
        ),
    )
    assert ["toy_zh/a", "toy_fr/a"] == [one.scenario for one in fact.also]


def test_a_disagreement_is_said_once_for_a_translation() -> None:
    results = (
        _result("toy/a", "jax"),
        _result("toy_zh/a", "jax", shares="toy@jax (native)"),
    )
    stray = tuple(_finding(f"{guide}/a@jax and @torch: loss") for guide in ("toy", "toy_zh"))
    (fact,) = facts_of(CheckReport(results, stray, 1.0))
    assert ("toy/a@jax and @torch: loss", ()) == (fact.where, fact.backends)
    assert 1 == len(fact.also)
