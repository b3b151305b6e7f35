"""A verdict for every figure a document publishes.

Whole numbers and summary tables are exact; losses and accuracies are judged as trends over their
sequence, with the tolerances measured for published guides (`core.check.compare.claim_tolerances`);
times as ratios between sections; saved pictures exist. What lies beyond a cut of the step budget,
or in a cell that did not run, is `not reached`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from attrs import field, frozen

from core.check.compare.claim_tolerances import (
    ADVERSARIAL,
    FLOOR,
    OTHER_IMAGES,
    SAME_IMAGES,
    SAMPLING_Z,
    Tolerances,
)
from core.check.compare.verdict import Outcome
from core.documents.reading import DocumentClaim, FigureKind
from core.documents.validation.matching import Address, Pair, series
from core.sandbox.guest.events import CellResult, CellStatus, FileWritten, Line
from core.sandbox.host import ExecutionRecord
from core.trace.finding import Finding, FindingCode, Severity

MEDIAN_ERROR = 1.2533
"""Standard error of a median over that of a mean, of normal draws."""
TIME_FACTOR = 4.0
"""How far a ratio of two times may lie from the published one: it weighs the cost of dispatching
operations against arithmetic, which differs between processors (`core.check.compare.claims`)."""
EXACT = (FigureKind.COUNT, FigureKind.EPOCH, FigureKind.STEP)
TABLES = (FigureKind.LAYER, FigureKind.PARAMS)
CODES = {
    FigureKind.LAYER: FindingCode.CLAIM_SHAPE,
    FigureKind.PARAMS: FindingCode.CLAIM_PARAMS,
    FigureKind.LOSS: FindingCode.CLAIM_TREND,
    FigureKind.ACCURACY: FindingCode.CLAIM_TREND,
    FigureKind.FIGURE: FindingCode.CLAIM_TREND,
    FigureKind.TIME: FindingCode.CLAIM_SPEEDUP,
}


@frozen
class FigureVerdict:
    """The verdict on one published figure.

    Attributes:
        claim: the figure.
        verdict: the outcome.
        observed: what the run printed in its place.
        finding: what to report; figures judged together share one.
    """

    claim: DocumentClaim
    verdict: Outcome
    observed: float | str | None
    finding: Finding | None = None


@frozen
class Judging:
    """What the judging of figures needs to know about a run.

    Attributes:
        record: the execution.
        same_data: whether it trained on the data that the document trained on.
        cut_before: cells whose training depends on training that the budget had cut short.
        stand_ins: for a full listing that was not run, the cell it repeats that trained most.
    """

    record: ExecutionRecord
    same_data: bool
    cut_before: frozenset[int]
    stand_ins: Mapping[int, int] = field(factory=dict)

    def cell(self, index: int) -> CellResult:
        """How a cell went."""
        return self.record.cells[self.stand_ins.get(index, index)]

    @property
    def shortened_somewhere(self) -> bool:
        """Whether any cell was cut short or failed, so that a file may not have been saved."""
        return any(
            cell.cut is not None or cell.status not in (CellStatus.OK, CellStatus.SKIPPED)
            for cell in self.record.cells
        )

    def unreached(self, pair: Pair) -> bool:
        """Whether the run did not get as far as a figure."""
        cell = self.cell(pair.claim.cell)
        if cell.status is not CellStatus.OK:
            return True
        if pair.found is None:
            return cell.cut is not None
        return pair.found.printed.after_cut

    def shortened(self, pair: Pair) -> bool:
        """Whether less training than published came before a figure."""
        return pair.claim.cell in self.cut_before


def judge_figures(pairs: Sequence[Pair], judging: Judging) -> list[FigureVerdict]:
    """Judge every published figure, in order."""
    found: dict[int, FigureVerdict] = {}
    sequences: dict[Address, list[int]] = defaultdict(list)
    times: list[int] = []
    for number, pair in enumerate(pairs):
        kind = pair.claim.kind
        if kind is FigureKind.IMAGE:
            found[number] = _image(pair, judging)
        elif kind is FigureKind.ABSENT:
            found[number] = _absent(pair, judging)
        elif kind is FigureKind.TIME:
            times.append(number)
        elif pair.found is None or judging.unreached(pair):
            found[number] = _missing(pair, judging)
        elif kind in TABLES or kind in EXACT or _whole(pair.claim):
            found[number] = _exact(pair, judging)
        else:
            sequences[series(pair.claim)].append(number)
    for numbers in sequences.values():
        found |= _sequence(numbers, pairs, judging)
    found |= _times(times, pairs, judging)
    return [found[number] for number in range(len(pairs))]


def claim_finding(
    code: FindingCode,
    severity: Severity,
    claims: Sequence[DocumentClaim],
    message: str,
    evidence: str,
) -> Finding:
    """A finding about figures of a document."""
    lines = sorted({claim.line for claim in claims})
    span = f"{lines[0]}" if len(lines) == 1 else f"{lines[0]}-{lines[-1]}"
    return Finding(
        code=code,
        severity=severity,
        where=f"{claims[0].path}:{span}",
        message=message,
        evidence=evidence,
        remedy="run the cell again and publish what it prints, or mend the code that prints it",
    )


def _whole(claim: DocumentClaim) -> bool:
    return claim.kind is FigureKind.FIGURE and claim.printed.lstrip("+-").isdigit()


def _missing(pair: Pair, judging: Judging) -> FigureVerdict:
    claim = pair.claim
    if judging.unreached(pair):
        return FigureVerdict(claim, Outcome.NOT_REACHED, None)
    code = CODES.get(claim.kind, FindingCode.CLAIM_COUNT)
    severity = Severity.ERROR if claim.kind in (*TABLES, *EXACT) else Severity.WARNING
    finding = claim_finding(
        code,
        severity,
        [claim],
        f"the document publishes {claim.name} {claim.printed}; its code prints no such figure",
        f"published {claim.text!r}; the cell ran to its end",
    )
    return FigureVerdict(claim, Outcome.NOT_REPRODUCED, None, finding)


def _shown(pair: Pair) -> str:
    assert pair.found is not None
    figure = pair.found.figure
    if figure.kind is FigureKind.LAYER:
        return f"{figure.name} ({figure.layer}) {figure.output_shape} {figure.printed}"
    return figure.printed


def _exact(pair: Pair, judging: Judging) -> FigureVerdict:
    assert pair.found is not None
    claim, figure = pair.claim, pair.found.figure
    published: tuple[object, ...] = (claim.value,)
    observed: tuple[object, ...] = (figure.value,)
    if claim.kind is FigureKind.LAYER:
        published += (claim.name, claim.layer, claim.output_shape)
        observed += (figure.name, figure.layer, figure.output_shape)
    if published == observed:
        return FigureVerdict(claim, Outcome.HOLDS, _value(pair))
    if judging.shortened(pair) and claim.kind not in TABLES:
        return FigureVerdict(claim, Outcome.NOT_REACHED, _value(pair))
    severity = Severity.WARNING if claim.kind is FigureKind.FIGURE else Severity.ERROR
    finding = claim_finding(
        CODES.get(claim.kind, FindingCode.CLAIM_COUNT)
        if claim.kind in TABLES
        else FindingCode.CLAIM_COUNT,
        severity,
        [claim],
        f"{claim.name} is not what the document publishes",
        f"published {_published(claim)}, observed {_shown(pair)}",
    )
    return FigureVerdict(claim, Outcome.DIFFERS, _value(pair), finding)


def _published(claim: DocumentClaim) -> str:
    if claim.kind is FigureKind.LAYER:
        return f"{claim.name} ({claim.layer}) {claim.output_shape} {claim.printed}"
    return claim.printed


def _value(pair: Pair) -> float | str | None:
    assert pair.found is not None
    if pair.claim.kind is FigureKind.LAYER:
        return _shown(pair)
    return pair.found.figure.value


def _image(pair: Pair, judging: Judging) -> FigureVerdict:
    claim = pair.claim
    files = [written.path for written in judging.record.of(FileWritten)]
    if any(path.rpartition("/")[2] == claim.name for path in files):
        return FigureVerdict(claim, Outcome.HOLDS, claim.name)
    if judging.shortened_somewhere:
        return FigureVerdict(claim, Outcome.NOT_REACHED, None)
    finding = claim_finding(
        FindingCode.CLAIM_COUNT,
        Severity.WARNING,
        [claim],
        f"the document shows {claim.name}; its code saved no such file",
        f"files saved: {', '.join(files[:5]) or 'none'}",
    )
    return FigureVerdict(claim, Outcome.NOT_REPRODUCED, None, finding)


def _absent(pair: Pair, judging: Judging) -> FigureVerdict:
    claim = pair.claim
    cell = judging.cell(claim.cell)
    if cell.status is not CellStatus.OK or cell.cut is not None or judging.shortened(pair):
        return FigureVerdict(claim, Outcome.NOT_REACHED, None)
    rows = [row for row in judging.record.of(Line) if row.line == claim.line]
    if not rows:
        return FigureVerdict(claim, Outcome.HOLDS, "nothing printed")
    finding = claim_finding(
        FindingCode.STALE_OUTPUT,
        Severity.WARNING,
        [claim],
        "the code prints what the published output does not show",
        f"{len(rows)} lines, the first {rows[0].text!r}",
    )
    return FigureVerdict(claim, Outcome.DIFFERS, f"{len(rows)} lines", finding)


def _tolerances(claim: DocumentClaim, judging: Judging) -> Tolerances:
    if claim.name in ("d_loss", "g_loss"):
        return ADVERSARIAL
    return SAME_IMAGES if judging.same_data else OTHER_IMAGES


def _sequence(
    numbers: Sequence[int], pairs: Sequence[Pair], judging: Judging
) -> dict[int, FigureVerdict]:
    """Judge a sequence of floats by its trend."""
    mine = [pairs[number] for number in numbers]
    if mine[0].claim.kind is FigureKind.ACCURACY:
        problem = _accuracies(mine, judging)
    else:
        problem = _level(mine, judging)
    verdict, finding = Outcome.HOLDS, None
    if problem is not None:
        short = any(judging.shortened(pair) for pair in mine)
        verdict = Outcome.NOT_REACHED if short else Outcome.DIFFERS
        if not short:
            claims = [pair.claim for pair in mine]
            finding = claim_finding(FindingCode.CLAIM_TREND, Severity.WARNING, claims, *problem)
    return {n: FigureVerdict(pairs[n].claim, verdict, _value(pairs[n]), finding) for n in numbers}


def _accuracies(pairs: Iterable[Pair], judging: Judging) -> tuple[str, str] | None:
    for pair in pairs:
        assert pair.found is not None
        allowed = _tolerances(pair.claim, judging)
        published, observed = pair.claim.value or 0.0, pair.found.figure.value
        low, high = allowed.share * published, published + allowed.excess
        if published < FLOOR:
            low, high = 0.0, FLOOR
        if observed is None or not low <= observed <= high:
            evidence = (
                f"published {pair.claim.printed}, observed {pair.found.figure.printed}, "
                f"allowed {low:.3f}..{high:.3f} (line {pair.claim.line})"
            )
            return f"{pair.claim.name} is not what the document publishes", evidence
    return None


def _level(pairs: Sequence[Pair], judging: Judging) -> tuple[str, str] | None:
    """Whether a sequence keeps the published one's level, as the median of logarithms of ratios."""
    allowed = _tolerances(pairs[0].claim, judging)
    ratios = []
    for pair in pairs:
        assert pair.found is not None
        observed, published = pair.found.figure.value, pair.claim.value or 0.0
        if observed is None or not math.isfinite(observed):
            evidence = f"observed {pair.found.figure.printed} (line {pair.claim.line})"
            return f"{pair.claim.name} is no finite number", evidence
        if (observed < 0) != (published < 0) and abs(observed - published) > FLOOR:
            evidence = f"published {published:.6g}, observed {observed:.6g}"
            return f"{pair.claim.name} has another sign", f"{evidence} (line {pair.claim.line})"
        size, wanted = max(abs(observed), FLOOR), max(abs(published), FLOOR)
        ratios.append(math.log(size / wanted))
    if len(ratios) == 1:
        factor = allowed.first
    else:
        centre = median(ratios)
        scatter = math.sqrt(sum((r - centre) ** 2 for r in ratios) / (len(ratios) - 1))
        # Each ratio compares two draws, so that it scatters by the root of two times as much.
        spread = min(scatter, math.sqrt(2) * allowed.spread)
        factor = allowed.drift + SAMPLING_Z * MEDIAN_ERROR * spread / math.sqrt(len(ratios))
    level = median(ratios)
    if abs(level) <= factor:
        return None
    evidence = (
        f"the run's level is {math.exp(level):.2g} times the published one over {len(ratios)} "
        f"figures; allowed a factor of {math.exp(factor):.2g}"
    )
    return f"{pairs[0].claim.name} follows another trend", evidence


def _times(
    numbers: Sequence[int], pairs: Sequence[Pair], judging: Judging
) -> dict[int, FigureVerdict]:
    """Judge times by their ratio to the first one published, as no other machine repeats them."""
    found: dict[int, FigureVerdict] = {}
    first: Pair | None = None
    for number in numbers:
        pair = pairs[number]
        claim = pair.claim
        if pair.found is None or judging.unreached(pair) or judging.shortened(pair):
            reached = judging.cell(claim.cell).cut is None and not judging.shortened(pair)
            ran = judging.cell(claim.cell).status is CellStatus.OK
            outcome = Outcome.NOT_REPRODUCED if reached and ran else Outcome.NOT_REACHED
            found[number] = FigureVerdict(claim, outcome, None)
            continue
        first = first or pair
        found[number] = _ratio(pair, first)
    return found


def _ratio(pair: Pair, first: Pair) -> FigureVerdict:
    assert pair.found is not None
    assert first.found is not None
    observed, base = pair.found.figure.value, first.found.figure.value
    published = (pair.claim.value or 0.0) / max(first.claim.value or 0.0, 1e-9)
    ratio = (observed or 0.0) / max(base or 0.0, 1e-9)
    if pair is first or abs(math.log(max(ratio, 1e-9) / max(published, 1e-9))) <= math.log(
        TIME_FACTOR
    ):
        return FigureVerdict(pair.claim, Outcome.HOLDS, observed)
    finding = claim_finding(
        FindingCode.CLAIM_SPEEDUP,
        Severity.NOTE,
        [first.claim, pair.claim],
        "two sections take times in another proportion than published",
        f"published {published:.2g}, observed {ratio:.2g}; allowed a factor of {TIME_FACTOR:g}",
    )
    return FigureVerdict(pair.claim, Outcome.DIFFERS, observed, finding)
