"""Judging a document's figures by declared scenarios, where its own language cannot run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from core.check.compare.claims import judge_claims
from core.check.compare.judged import JudgedClaim
from core.documents.reading import Recognition, golden_claim
from core.spec import Scenario
from core.trace import Trace
from core.trace.claims import Claim, ClaimVerdict


@frozen
class Stand:
    """What stands in for running a document: scenarios, their native traces, known defects."""

    scenarios: Sequence[Scenario]
    traces: Mapping[str, Trace]
    known_defects: Mapping[int, str]
    same_images: bool


def judge_by_scenarios(
    claims: Sequence[Claim], recognition: Recognition, stand: Stand
) -> list[JudgedClaim]:
    """Judge figures against traces of the scenarios that declare the same loops.

    A figure outside any scenario's section, or of a kind that no scenario shows, is
    `not reproduced` without a finding: nothing was run that could show it.
    """
    by_section = {scenario.section: scenario for scenario in stand.scenarios}
    verdicts: dict[int, JudgedClaim] = {}
    for section, scenario in by_section.items():
        golden: list[Claim] = []
        numbers: list[int] = []
        for number, claim in enumerate(claims):
            if recognition.cells.get(claim.at.cell) != section:
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
            verdicts[number] = evolve(verdict, claim=claims[number])
    return [
        verdicts.get(number, JudgedClaim(claim, ClaimVerdict.NOT_REPRODUCED, None))
        for number, claim in enumerate(claims)
    ]
