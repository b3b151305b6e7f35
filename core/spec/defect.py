"""An entry of the ledger of guide defects."""

from __future__ import annotations

from attrs import field, frozen

from core.spec import rules


@frozen
class Defect:
    """What is wrong in a published text, how one can tell, and what we run instead.

    Attributes:
        id: `guide/section/word`.
        what: the defect in one sentence.
        evidence: what a reader sees who runs the published code.
        instead: what the scenario does.
    """

    id: str = field(validator=rules.text)
    what: str = field(validator=rules.text)
    evidence: str = field(validator=rules.text)
    instead: str = field(validator=rules.text)
