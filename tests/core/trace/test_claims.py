"""Claims: strict in a claim file, as a document gives them where they have a place in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.trace.claims import Claim, ClaimKind, ClaimVerdict, Place

PLACE = Place(Path("a.md"), 0, 1, "loss: 0.5")


def test_a_claim_of_a_claim_file_has_exactly_the_fields_of_its_kind() -> None:
    with pytest.raises(ValueError, match="needs epoch, name, printed, printed_step, step, value"):
        Claim(ClaimKind.LOSS, "s", 3)
    with pytest.raises(ValueError, match="has no value"):
        Claim(ClaimKind.ABSENT, "s", 3, name="loss", value=0.5)


@pytest.mark.parametrize("kind", [ClaimKind.STEP, ClaimKind.FIGURE, ClaimKind.IMAGE])
def test_no_claim_file_holds_what_documents_alone_publish(kind: ClaimKind) -> None:
    with pytest.raises(ValueError, match=f"no claim file holds a claim of kind {kind}"):
        Claim(kind, "s", 3, name="x")


def test_a_claim_that_is_read_off_a_document_says_what_is_known() -> None:
    claim = Claim(ClaimKind.LOSS, "", 3, "loss", value=0.5, printed="0.5", place=PLACE)
    assert (PLACE, "loss 0.5", "0.5") == (claim.at, claim.published, claim.figure)
    with pytest.raises(ValueError, match="line must be at least 1"):
        Claim(ClaimKind.LOSS, "", 0, "loss", place=PLACE)


def test_a_claim_without_a_place_has_none() -> None:
    with pytest.raises(ValueError, match="line 3 was not read off a document"):
        _ = Claim(ClaimKind.ABSENT, "s", 3, name="loss").at


def test_the_verdicts_are_those_of_the_contract() -> None:
    assert ["holds", "differs", "not reproduced", "not reached"] == [str(v) for v in ClaimVerdict]
