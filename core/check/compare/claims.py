"""Published claims against a trace: which figures of a guide a run shows.

Structure (shapes, layers, parameters, counts) is exact and an error where it differs; losses and
accuracies are trends and warnings (`core.check.compare.claim_trends`); speed-ups are notes; times
are not judged on their own, for no other machine can reproduce them. Nothing here runs or writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from core.check.compare.claim_trends import judge_accuracy, judge_losses
from core.check.compare.verdict import Outcome, Run, Verdict, findings_of
from core.trace import LayerRow, LogLine, ModelSummary, Trace
from core.trace.claims import Claim, ClaimKind
from core.trace.finding import FindingCode, Severity

__all__ = ["Outcome", "Verdict", "findings_of", "judge_claims"]

SPEEDUP_FACTOR = 4.0
"""A speed-up holds within this factor of the published ratio, and above 1. The ratio weighs the
cost of dispatching an operation against arithmetic, which differs between processors: 2-core x86
measured 20 where the guide's machine showed 10, and both are what the page calls much faster."""

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
) -> list[Verdict]:
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

    Returns:
        One verdict for each claim, in order. Claims that are judged together share a finding.

    Raises:
        ValueError: the claims are of more than one section.
    """
    if len({claim.section for claim in claims}) > 1:
        raise ValueError("claims of several sections cannot be judged against one trace")
    run = Run(trace.scenario, full_length, same_images)
    log = _read_log(trace.log)
    losses = judge_losses([c for c in claims if c.kind is ClaimKind.LOSS], trace, run)
    verdicts = []
    for claim in claims:
        verdict = Verdict(claim, Outcome.NOT_REPRODUCED, None)
        match claim.kind:
            case ClaimKind.LOSS:
                verdict = losses[claim]
            case ClaimKind.ACCURACY:
                complete = full_length or _complete(claim.epoch or 0, claims, trace)
                verdict = judge_accuracy(claim, trace, run, complete)
            case ClaimKind.COUNT | ClaimKind.EPOCH:
                verdict = _judge_count(claim, claims, log, run)
            case ClaimKind.ABSENT:
                verdict = _judge_absent(claim, log, run)
            case ClaimKind.LAYER | ClaimKind.OUTPUT | ClaimKind.PARAMS:
                verdict = _judge_model(claim, claims, trace, run)
            case ClaimKind.SPEEDUP:
                verdict = _judge_speedup(claim, speedup, run)
            case ClaimKind.TIME:
                pass
        verdicts.append(_excuse(verdict, known_defects or {}))
    return verdicts


def _excuse(verdict: Verdict, known: Mapping[int, str]) -> Verdict:
    finding, reason = verdict.finding, known.get(verdict.claim.line)
    if finding is None or reason is None:
        return verdict
    evidence = f"{finding.evidence}; known defect of the guide: {reason}"
    note = evolve(finding, severity=Severity.NOTE, evidence=evidence)
    return evolve(verdict, finding=note)


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


def _judge_count(claim: Claim, claims: Sequence[Claim], log: _Log, run: Run) -> Verdict:
    epoch = claim.epoch or 0
    observed: int | None
    if claim.kind is ClaimKind.EPOCH:
        observed = log.headings[epoch] if epoch < len(log.headings) else None
        last = max(c.epoch or 0 for c in claims if c.kind is ClaimKind.EPOCH)
        extra = log.headings[last + 1 :] if run.full_length and epoch == last else ()
        if extra:
            return _differs(
                claim,
                FindingCode.CLAIM_COUNT,
                f"{len(log.headings)} epochs",
                "The run goes on.",
                run,
            )
    elif claim.name == "batches":
        observed = log.batches.get(epoch)
    else:
        observed = log.samples.get((epoch, claim.printed_step or 0))
    if observed is None:
        return run.missing(claim, FindingCode.CLAIM_COUNT)
    if observed == claim.value:
        return Verdict(claim, Outcome.HOLDS, observed)
    return _differs(claim, FindingCode.CLAIM_COUNT, observed, "A count differs.", run)


def _judge_absent(claim: Claim, log: _Log, run: Run) -> Verdict:
    pattern = _LOGGED[claim.name or ""]
    logged = sum(pattern.search(line) is not None for line in log.lines)
    if logged:
        message = "The run logs what the guide's own run never printed."
        return _differs(claim, FindingCode.CLAIM_COUNT, f"{logged} lines", message, run)
    return Verdict(claim, Outcome.HOLDS if run.full_length else Outcome.NOT_REACHED, 0)


def _judge_model(claim: Claim, claims: Sequence[Claim], trace: Trace, run: Run) -> Verdict:
    code = FindingCode.CLAIM_PARAMS if claim.kind is ClaimKind.PARAMS else FindingCode.CLAIM_SHAPE
    model = next((m for m in trace.models if m.name == claim.model), None)
    if model is None:
        # Models are built before the first step, so a shortened run shows them too.
        return evolve(run, full_length=True).missing(claim, code)
    if claim.kind is ClaimKind.PARAMS:
        observed = _params(model, claim.name or "")
        if observed == claim.value:
            return Verdict(claim, Outcome.HOLDS, observed)
        return _differs(claim, code, observed, "A parameter count differs.", run)
    rows = [row for row in model.layers if row.kind != "InputLayer"]
    if claim.kind is ClaimKind.OUTPUT:
        shape = rows[-1].output_shape if rows else ()
        if shape == claim.output_shape:
            return Verdict(claim, Outcome.HOLDS, str(shape))
        return _differs(claim, code, str(shape), "An output shape differs.", run)
    return _judge_layer(claim, claims, rows, run)


def _judge_layer(
    claim: Claim, claims: Sequence[Claim], rows: Sequence[LayerRow], run: Run
) -> Verdict:
    index = claim.index or 0
    if index >= len(rows):
        return _differs(
            claim, FindingCode.CLAIM_SHAPE, f"{len(rows)} layers", "A layer is missing.", run
        )
    row = rows[index]
    observed = f"{row.name} ({row.kind}) {row.output_shape} {row.params}"
    form = (row.name, row.kind, row.output_shape) == (claim.name, claim.layer, claim.output_shape)
    if not form:
        return _differs(claim, FindingCode.CLAIM_SHAPE, observed, "A layer differs.", run)
    if row.params != claim.params:
        return _differs(
            claim, FindingCode.CLAIM_PARAMS, observed, "A layer's parameters differ.", run
        )
    last = max(c.index or 0 for c in claims if c.model == claim.model)
    if index == last and len(rows) > last + 1:
        found = f"{len(rows)} layers"
        return _differs(claim, FindingCode.CLAIM_SHAPE, found, "The model has further layers.", run)
    return Verdict(claim, Outcome.HOLDS, observed)


def _params(model: ModelSummary, name: str) -> int:
    if name == "non_trainable":
        return model.total_params - model.trainable_params
    return model.trainable_params if name == "trainable" else model.total_params


def _judge_speedup(claim: Claim, measured: float | None, run: Run) -> Verdict:
    if measured is None:
        return Verdict(claim, Outcome.NOT_REPRODUCED, None)
    published = claim.value or 1.0
    if max(1.0, published / SPEEDUP_FACTOR) < measured <= published * SPEEDUP_FACTOR:
        return Verdict(claim, Outcome.HOLDS, measured)
    message = "The compiled step is not faster by the published ratio."
    return _differs(claim, FindingCode.CLAIM_SPEEDUP, measured, message, run)


def _differs(
    claim: Claim,
    code: FindingCode,
    observed: float | str,
    message: str,
    run: Run,
) -> Verdict:
    shown = observed if isinstance(observed, str) else f"{observed:.6g}"
    evidence = f"observed {shown}, published {claim.published}"
    finding = run.finding(code, [claim.line], message, evidence)
    return Verdict(claim, Outcome.DIFFERS, observed, finding)
