"""What the table of a check shows of a section on a backend."""

from __future__ import annotations

from collections.abc import Sequence

from core.check.compare.judged import JudgedClaim
from core.check.judging.numbers import Numbers
from core.check.judging.result import Figures
from core.trace import Trace
from core.trace.claims import ClaimKind, ClaimVerdict


def figures_of(
    numbers: Numbers | None,
    native: Trace | None,
    verdicts: Sequence[JudgedClaim],
    speedup: float | None,
) -> Figures:
    """The figures of a section on a backend.

    Args:
        numbers: its runs from stations, judged; None where there were none.
        native: its native run; None where there was none.
        verdicts: what became of the published claims.
        speedup: measured eager seconds over compiled seconds.
    """
    shown = numbers or Numbers()
    models = shown.models or (native.models if native else ())
    published = [
        v.claim.value
        for v in verdicts
        if v.claim.kind is ClaimKind.ACCURACY and v.claim.name == "val_acc"
    ]
    decided = [v for v in verdicts if v.verdict is not ClaimVerdict.NOT_REPRODUCED]
    accuracy = native.metrics.get("val_acc", ()) if native else ()
    return Figures(
        layers=sum(len(model.layers) for model in models),
        params=sum(model.total_params for model in models),
        first=dict(shown.first),
        last=dict(shown.last),
        reference_last=dict(shown.reference_last),
        accuracy=accuracy[-1] if accuracy else None,
        published_accuracy=published[-1] if published else None,
        largest_relative=shown.largest_relative,
        largest_share=shown.largest_share,
        compared_steps=shown.compared_steps,
        speedup=speedup,
        claims=len(decided),
        claims_held=sum(v.verdict is ClaimVerdict.HOLDS for v in decided),
    )
