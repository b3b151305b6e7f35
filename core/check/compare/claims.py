"""Published claims against a trace: which figures of a guide a run shows.

This reads what a trace shows in a figure's place; `core.check.compare.claim_judge` decides. Times
are not judged on their own, for no other machine can reproduce them. Nothing here runs or writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from core.check.compare.claim_judge import ClaimJudge, same_ratio
from core.check.compare.claim_seeds import judge_by_seeds
from core.check.compare.claim_trends import judge_accuracy, judge_losses
from core.check.compare.judged import JudgedClaim
from core.check.trends.recorded import SeedRun
from core.trace import LayerRow, LogLine, ModelSummary, Trace
from core.trace.claims import Claim, ClaimKind, ClaimVerdict
from core.trace.finding import FindingCode, Severity

KNOWN = "known defect of the guide: "
"""What stands in a finding's evidence before the reason why the figure is known to be wrong."""

_EPOCH = re.compile(r"^Start(?:ing)?(?: of)? epoch:?\s+(\d+)")
_STEP = re.compile(r"\bat step (\d+):")
_SAMPLES = re.compile(r"^Seen so far: (\d+) samples")
_BATCHES = re.compile(r"\bwith (\d+) batches")
_LOGGED = {
    "loss": re.compile(r"^Training loss"),
    "d_loss": re.compile(r"^discriminator loss"),
    "g_loss": re.compile(r"^adversarial loss"),
    "samples": _SAMPLES,
}


@frozen
class _Log:
    """The counts a run logged: epoch headings in order, samples by epoch and printed step."""

    headings: tuple[int, ...]
    samples: Mapping[tuple[int, int], int]
    batches: Mapping[int, int]
    lines: tuple[str, ...]


def judge_claims(
    claims: Sequence[Claim],
    trace: Trace,
    *,
    full_length: bool = True,
    same_images: bool = False,
    speedup: float | None = None,
    known_defects: Mapping[int, str] | None = None,
    on_mnist: Sequence[SeedRun] = (),
) -> list[JudgedClaim]:
    """Judge the claims of one section against a run of it.

    Args:
        claims: the section's claims, as `PublishedGuide.of_section` gives them.
        trace: the run.
        full_length: whether the run was as long as the guide's. If it was not, figures beyond
            its end are `not reached` and not findings; if it was, they are findings.
        same_images: whether the run trained on MNIST, as the guides did. Trends are then held
            more tightly than on other handwriting.
        speedup: measured seconds of the slower section over those of the faster one, if they
            were measured.
        known_defects: why the guide's figure on a line is known to be wrong or outdated, by
            line. A finding there becomes a note that says so.
        on_mnist: recorded runs of the section on MNIST, where recorded seeds judge the run. What
            is published of its trend is then judged by them, not by the run.

    Returns:
        One verdict for each claim, in order. Claims that are judged together share a finding.

    Raises:
        ValueError: the claims are of more than one section.
    """
    if len({claim.section for claim in claims}) > 1:
        raise ValueError("claims of several sections cannot be judged against one trace")
    judge = ClaimJudge(same_images, trace.scenario)
    log = _read_log(trace.log)
    by_seeds = judge_by_seeds(claims, trace, judge, on_mnist)
    logged = [c for c in claims if c.kind is ClaimKind.LOSS and c not in by_seeds]
    losses = judge_losses(logged, trace, judge, full_length)
    judged = []
    for claim in claims:
        match claim.kind:
            case _ if claim in by_seeds:
                one = by_seeds[claim]
            case ClaimKind.LOSS:
                one = losses[claim]
            case ClaimKind.ACCURACY:
                complete = full_length or _complete(claim.epoch or 0, claims, trace)
                one = judge_accuracy(claim, trace, judge, complete, full_length)
            case ClaimKind.COUNT | ClaimKind.EPOCH:
                one = _judge_count(claim, claims, log, judge, full_length)
            case ClaimKind.ABSENT:
                one = _judge_absent(claim, log, judge, full_length)
            case ClaimKind.LAYER | ClaimKind.OUTPUT | ClaimKind.PARAMS:
                one = _judge_model(claim, claims, trace, judge)
            case ClaimKind.SPEEDUP if speedup is not None:
                one = _judge_speedup(claim, speedup, judge)
            case _:
                one = JudgedClaim(claim, ClaimVerdict.NOT_REPRODUCED, None)
        judged.append(_excuse(one, known_defects or {}))
    return judged


def _excuse(judged: JudgedClaim, known: Mapping[int, str]) -> JudgedClaim:
    finding, reason = judged.finding, known.get(judged.claim.line)
    if finding is None or reason is None:
        return judged
    evidence = f"{finding.evidence}; {KNOWN}{reason}"
    note = evolve(finding, severity=Severity.NOTE, evidence=evidence)
    return evolve(judged, finding=note)


def _complete(epoch: int, claims: Sequence[Claim], trace: Trace) -> bool:
    """Whether a shortened run got past the last step the guide logs in an epoch."""
    logged = [c.step for c in claims if c.epoch == epoch and c.step is not None]
    taken = min(trace.steps_per_epoch, trace.steps - epoch * trace.steps_per_epoch)
    return taken > max(logged, default=-1)


def _read_log(log: Sequence[LogLine]) -> _Log:
    lines = tuple(line.strip() for entry in log for line in entry.text.splitlines())
    headings: list[int] = []
    samples: dict[tuple[int, int], int] = {}
    batches: dict[int, int] = {}
    step = 0
    for line in lines:
        if heading := _EPOCH.search(line):
            headings.append(int(heading[1]))
        epoch = max(0, len(headings) - 1)
        if number := _BATCHES.search(line):
            batches.setdefault(epoch, int(number[1]))
        if number := _STEP.search(line):
            step = int(number[1])
        if number := _SAMPLES.search(line):
            samples.setdefault((epoch, step), int(number[1]))
    return _Log(tuple(headings), samples, batches, lines)


def _judge_count(
    claim: Claim, claims: Sequence[Claim], log: _Log, judge: ClaimJudge, full_length: bool
) -> JudgedClaim:
    epoch = claim.epoch or 0
    observed: int | None
    if claim.kind is ClaimKind.EPOCH:
        observed = log.headings[epoch] if epoch < len(log.headings) else None
        last = max(c.epoch or 0 for c in claims if c.kind is ClaimKind.EPOCH)
        if full_length and epoch == last and log.headings[last + 1 :]:
            shown = f"{len(log.headings)} epochs"
            return judge.differs(claim, shown, shown=shown, message="the run goes on")
    elif claim.name == "batches":
        observed = log.batches.get(epoch)
    else:
        observed = log.samples.get((epoch, claim.printed_step or 0))
    if observed is None:
        return judge.missing(claim, reached=full_length)
    return judge.exact(claim, observed)


def _judge_absent(claim: Claim, log: _Log, judge: ClaimJudge, full_length: bool) -> JudgedClaim:
    pattern = _LOGGED[claim.name or ""]
    logged = sum(pattern.search(line) is not None for line in log.lines)
    if logged:
        shown, message = f"{logged} lines", "the run logs what the guide's own run never printed"
        return judge.differs(claim, shown, shown=shown, message=message)
    return judge.holds(claim, 0) if full_length else judge.not_reached(claim, 0)


def _judge_model(
    claim: Claim, claims: Sequence[Claim], trace: Trace, judge: ClaimJudge
) -> JudgedClaim:
    model = next((m for m in trace.models if m.name == claim.model), None)
    if model is None:
        return judge.missing(claim)  # built before the first step, however short the run
    if claim.kind is ClaimKind.PARAMS:
        return judge.exact(claim, _params(model, claim.name or ""))
    rows = [row for row in model.layers if row.kind != "InputLayer"]
    if claim.kind is ClaimKind.OUTPUT:
        shape = rows[-1].output_shape if rows else ()
        if shape == claim.output_shape:
            return judge.holds(claim, str(shape))
        return judge.differs(claim, str(shape), shown=str(shape))
    return _judge_layer(claim, claims, rows, judge)


def _judge_layer(
    claim: Claim, claims: Sequence[Claim], rows: Sequence[LayerRow], judge: ClaimJudge
) -> JudgedClaim:
    index, count = claim.index or 0, f"{len(rows)} layers"
    if index >= len(rows):
        return judge.differs(claim, count, shown=count, message="a layer is missing")
    row = rows[index]
    shown = f"{row.name} ({row.kind}) {row.output_shape} {row.params}"
    form = (row.name, row.kind, row.output_shape) == (claim.name, claim.layer, claim.output_shape)
    if not form:
        return judge.differs(claim, shown, shown=shown)
    if row.params != claim.params:
        return judge.differs(claim, shown, shown=shown, code=FindingCode.CLAIM_PARAMS)
    last = max(c.index or 0 for c in claims if c.model == claim.model)
    if index == last and len(rows) > last + 1:
        return judge.differs(claim, count, shown=count, message="the model has further layers")
    return judge.holds(claim, shown)


def _params(model: ModelSummary, name: str) -> int:
    if name == "non_trainable":
        return model.total_params - model.trainable_params
    return model.trainable_params if name == "trainable" else model.total_params


def _judge_speedup(claim: Claim, measured: float, judge: ClaimJudge) -> JudgedClaim:
    if measured > 1.0 and same_ratio(measured, claim.value or 1.0):
        return judge.holds(claim, measured)
    if measured <= 1.0:
        message = "the compiled step is not faster than the eager one"
    elif measured < (claim.value or 1.0):
        message = "the compiled step is faster, but by less than published"
    else:
        message = "the compiled step is faster by more than published"
    return judge.differs(claim, measured, shown=f"{measured:.6g}", message=message)
