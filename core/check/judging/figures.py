"""What the table of a check shows of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from core.check.compare.judged import JudgedClaim
from core.check.judging.against_golden import Judged
from core.check.judging.result import Figures
from core.trace.claims import ClaimKind, ClaimVerdict
from core.trace.difference import relative_difference


def figures_of(
    judged: Mapping[str, Judged],
    verdicts: Sequence[JudgedClaim],
    speedup: float | None,
) -> Figures:
    """The figures of a scenario on a backend.

    Args:
        judged: its traces, by randomness.
        verdicts: what became of the published claims.
        speedup: measured eager seconds over compiled seconds.
    """
    controlled = judged["controlled"].trace
    golden = judged["controlled"].golden
    native = judged["native"].trace
    horizon = golden.horizon if golden else None
    steps = horizon.numeric_steps if horizon else 0
    largest = share = None
    recorded = golden.trace.losses if golden else {}
    if measured := judged["controlled"].horizon:
        apart = [
            (step, relative, _share(relative, limit))
            for name, values in recorded.items()
            for step, (relative, limit) in enumerate(
                zip(
                    map(relative_difference, controlled.losses.get(name, ()), values),
                    measured.numeric(name),
                    strict=False,
                )
            )
        ]
        largest = max((relative for step, relative, _ in apart if step < steps), default=None)
        share = max((part for _, _, part in apart), default=None)
    published = [
        v.claim.value
        for v in verdicts
        if v.claim.kind is ClaimKind.ACCURACY and v.claim.name == "val_acc"
    ]
    decided = [v for v in verdicts if v.verdict is not ClaimVerdict.NOT_REPRODUCED]
    accuracy = native.metrics.get("val_acc", ())
    return Figures(
        layers=sum(len(model.layers) for model in controlled.models),
        params=sum(model.total_params for model in controlled.models),
        first={name: values[0] for name, values in controlled.losses.items() if values},
        last={name: values[-1] for name, values in controlled.losses.items() if values},
        golden_last={name: values[-1] for name, values in recorded.items() if values},
        accuracy=accuracy[-1] if accuracy else None,
        published_accuracy=published[-1] if published else None,
        largest_relative=largest,
        largest_share=share,
        compared_steps=min(steps, controlled.steps) if golden else 0,
        speedup=speedup,
        claims=len(decided),
        claims_held=sum(v.verdict is ClaimVerdict.HOLDS for v in decided),
    )


def _share(relative: float, limit: float) -> float:
    """A difference as a share of its limit; a limit of 0 allows none."""
    return relative / limit if limit else math.inf if relative else 0.0
