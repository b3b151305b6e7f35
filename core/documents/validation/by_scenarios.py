"""Judging a document's figures by declared scenarios, where its own language cannot run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from core.check.compare.claims import judge_claims
from core.check.compare.verdict import Outcome, Verdict
from core.documents.reading import DocumentClaim, Recognition, golden_claim
from core.documents.validation.figures import FigureVerdict
from core.spec import Scenario
from core.trace import Trace
from core.trace.claims import Claim


@frozen
class Stand:
    """What stands in for running a document: scenarios, their native traces, known defects."""

    scenarios: Sequence[Scenario]
    traces: Mapping[str, Trace]
    known_defects: Mapping[int, str]
    same_images: bool


def judge_by_scenarios(
    claims: Sequence[DocumentClaim], recognition: Recognition, stand: Stand
) -> list[FigureVerdict]:
    """Judge figures against traces of the scenarios that declare the same loops.

    A figure outside any scenario's section, or of a kind that no scenario shows, is
    `not reproduced` without a finding: nothing was run that could show it.
    """
    by_section = {scenario.section: scenario for scenario in stand.scenarios}
    verdicts: dict[int, FigureVerdict] = {}
    for section, scenario in by_section.items():
        golden: list[Claim] = []
        numbers: list[int] = []
        for number, claim in enumerate(claims):
            if recognition.cells.get(claim.cell) != section:
                continue
            made = golden_claim(claim, section)
            if made is not None:
                golden.append(made)
                numbers.append(number)
        judged = judge_claims(
            golden,
            stand.traces[scenario.id],
            full_length=scenario.loop.cap is None,
            same_images=stand.same_images,
            known_defects=stand.known_defects,
        )
        for number, verdict in zip(numbers, judged, strict=True):
            verdicts[number] = _figure(claims[number], verdict)
    return [
        verdicts.get(number, FigureVerdict(claim, Outcome.NOT_REPRODUCED, None))
        for number, claim in enumerate(claims)
    ]


def _figure(claim: DocumentClaim, verdict: Verdict) -> FigureVerdict:
    return FigureVerdict(claim, verdict.verdict, verdict.observed, verdict.finding)
