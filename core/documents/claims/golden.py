"""The golden form of a document's claim: as a claim file holds it and a scenario's run shows it."""

from __future__ import annotations

from attrs import evolve

from core.trace.claims import Claim, ClaimKind


def golden_claim(claim: Claim, section: str) -> Claim | None:
    """A document's claim as a claim of a scenario's section, without its place.

    `None` for figures that no claim file holds: other numbers, pictures, steps on their own,
    optimizer scalars, layers of several outputs.
    """
    model = claim.model or "model"
    if claim.kind is ClaimKind.LAYER:
        if claim.output_shape is None or claim.params is None:
            return None
        return evolve(claim, section=section, model=model, printed=None, place=None)
    if claim.kind is ClaimKind.PARAMS:
        if claim.size is None or claim.name == "optimizer":
            return None
        return evolve(claim, section=section, model=model, place=None)
    if claim.kind is ClaimKind.ABSENT:
        return Claim(ClaimKind.ABSENT, section, claim.line, name=claim.name)
    return _logged(claim, section)


def _logged(claim: Claim, section: str) -> Claim | None:
    """The golden form of a figure in a log row."""
    kind = claim.kind
    wanted = {
        ClaimKind.LOSS: claim.printed_step is not None,
        ClaimKind.COUNT: claim.name in {"samples", "batches"},
        ClaimKind.EPOCH: True,
        ClaimKind.ACCURACY: True,
        ClaimKind.TIME: claim.name in {"epoch", "section"},
    }
    if not wanted.get(kind, False):
        return None
    stepped = kind is ClaimKind.LOSS or kind is ClaimKind.COUNT
    return Claim(
        kind=kind,
        section=section,
        line=claim.line,
        name=None if kind is ClaimKind.EPOCH else claim.name,
        epoch=None if kind is ClaimKind.TIME and claim.name == "section" else claim.epoch or 0,
        step=claim.step if stepped else None,
        printed_step=claim.printed_step if stepped else None,
        value=claim.value,
        printed=claim.printed,
    )
