"""A verdict for every figure a document publishes, against what its own cells printed.

This reads what stands in a figure's place; `core.check.compare.claim_judge` decides. Losses and
accuracies are judged over their sequence, times by their ratio to the first one, pictures by the
files that were saved. What lies beyond a cut of the step budget, or in a cell that did not run, is
`not reached`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median, stdev

from attrs import field, frozen

from core.check.compare.claim_judge import ClaimJudge, Problem, Reading, same_ratio, value_of
from core.check.compare.claim_tolerances import TIMES_FACTOR
from core.check.compare.judged import JudgedClaim
from core.documents.validation.matching import Address, Pair, series
from core.sandbox.guest.events import CellResult, CellStatus, FileWritten, Line
from core.sandbox.host import ExecutionRecord
from core.trace.claims import Claim, ClaimKind, ClaimVerdict
from core.trace.finding import FindingCode, Severity

EXACT = (ClaimKind.COUNT, ClaimKind.EPOCH, ClaimKind.STEP)
TABLES = (ClaimKind.LAYER, ClaimKind.PARAMS)


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
    def judge(self) -> ClaimJudge:
        """The judge of what it printed."""
        return ClaimJudge(self.same_data)

    @property
    def shortened_somewhere(self) -> bool:
        """Whether any cell was cut short or failed, so that a file may not have been saved."""
        return any(
            cell.cut is not None or cell.status not in (CellStatus.OK, CellStatus.SKIPPED)
            for cell in self.record.cells
        )

    def unreached(self, pair: Pair) -> bool:
        """Whether the run did not get as far as a figure."""
        cell = self.cell(pair.claim.at.cell)
        if cell.status is not CellStatus.OK:
            return True
        if pair.found is None:
            return cell.cut is not None
        return pair.found.printed.after_cut

    def shortened(self, pair: Pair) -> bool:
        """Whether less training than published came before a figure."""
        return pair.claim.at.cell in self.cut_before


def judge_figures(pairs: Sequence[Pair], judging: Judging) -> list[JudgedClaim]:
    """Judge every published figure, in order."""
    found: dict[int, JudgedClaim] = {}
    sequences: dict[Address, list[int]] = defaultdict(list)
    times: list[int] = []
    for number, pair in enumerate(pairs):
        kind = pair.claim.kind
        if kind is ClaimKind.IMAGE:
            found[number] = _image(pair, judging)
        elif kind is ClaimKind.ABSENT:
            found[number] = _absent(pair, judging)
        elif kind is ClaimKind.TIME:
            times.append(number)
        elif pair.found is None or judging.unreached(pair):
            found[number] = judging.judge.missing(pair.claim, reached=not judging.unreached(pair))
        elif kind in TABLES or kind in EXACT or _whole(pair.claim):
            found[number] = _exact(pair, judging)
        else:
            sequences[series(pair.claim)].append(number)
    for numbers in sequences.values():
        found |= _sequence(numbers, pairs, judging)
    found |= _times(times, pairs, judging)
    return [found[number] for number in range(len(pairs))]


def _whole(claim: Claim) -> bool:
    return claim.kind is ClaimKind.FIGURE and (claim.printed or "").lstrip("+-").isdigit()


def _exact(pair: Pair, judging: Judging) -> JudgedClaim:
    assert pair.found is not None
    claim, figure, observed = pair.claim, pair.found.figure, _observed(pair)
    if _form(claim) == _form(figure):
        return judging.judge.holds(claim, observed)
    if judging.shortened(pair) and claim.kind not in TABLES:
        return judging.judge.not_reached(claim, observed)
    whole = claim.kind is ClaimKind.FIGURE
    return judging.judge.differs(
        claim,
        observed,
        shown=figure.figure,
        code=FindingCode.CLAIM_COUNT if whole else None,
        severity=Severity.WARNING if whole else None,
    )


def _form(claim: Claim) -> tuple[object, ...]:
    """What must be equal where a figure is exact."""
    if claim.kind is ClaimKind.LAYER:
        return (claim.name, claim.layer, claim.output_shape, claim.params)
    return (claim.value,)


def _observed(pair: Pair) -> float | str | None:
    assert pair.found is not None
    figure = pair.found.figure
    return figure.figure if figure.kind is ClaimKind.LAYER else figure.value


def _image(pair: Pair, judging: Judging) -> JudgedClaim:
    claim, judge = pair.claim, judging.judge
    files = [written.path for written in judging.record.of(FileWritten)]
    if any(path.rpartition("/")[2] == claim.name for path in files):
        return judge.holds(claim, claim.name)
    if judging.shortened_somewhere:
        return judge.not_reached(claim)
    finding = judge.finding(
        FindingCode.CLAIM_COUNT,
        [claim],
        f"the document shows {claim.name}; its code saved no such file",
        f"files saved: {', '.join(files[:5]) or 'none'}",
        Severity.WARNING,
    )
    return JudgedClaim(claim, ClaimVerdict.NOT_REPRODUCED, None, finding)


def _absent(pair: Pair, judging: Judging) -> JudgedClaim:
    claim, judge = pair.claim, judging.judge
    cell = judging.cell(claim.at.cell)
    if cell.status is not CellStatus.OK or cell.cut is not None or judging.shortened(pair):
        return judge.not_reached(claim)
    rows = [row for row in judging.record.of(Line) if row.line == claim.line]
    if not rows:
        return judge.holds(claim, "nothing printed")
    finding = judge.finding(
        FindingCode.STALE_OUTPUT,
        [claim],
        "the code prints what the published output does not show",
        f"{len(rows)} lines, the first {rows[0].text!r}",
    )
    return JudgedClaim(claim, ClaimVerdict.DIFFERS, f"{len(rows)} lines", finding)


def _sequence(
    numbers: Sequence[int], pairs: Sequence[Pair], judging: Judging
) -> dict[int, JudgedClaim]:
    """Judge a sequence of floats by its trend."""
    mine = [pairs[number] for number in numbers]
    claims = [pair.claim for pair in mine]
    readings = [_reading(pair) for pair in mine]
    if claims[0].kind is ClaimKind.ACCURACY:
        found = (judging.judge.accuracy(one.claim, one.observed) for one in readings)
        problem = next(filter(None, found), None)
    else:
        problem = _level(readings, judging.judge)
    verdict, finding = ClaimVerdict.HOLDS, None
    if problem is not None and any(judging.shortened(pair) for pair in mine):
        verdict = ClaimVerdict.NOT_REACHED
    elif problem is not None:
        verdict = ClaimVerdict.DIFFERS
        finding = judging.judge.finding(FindingCode.CLAIM_TREND, claims, *problem)
    return {n: JudgedClaim(pairs[n].claim, verdict, _observed(pairs[n]), finding) for n in numbers}


def _reading(pair: Pair) -> Reading:
    assert pair.found is not None
    value = pair.found.figure.value
    observed = math.nan if value is None else value
    return Reading(pair.claim, observed, observed)


def _level(readings: Sequence[Reading], judge: ClaimJudge) -> Problem | None:
    if len(readings) == 1:
        return judge.level(readings, None)
    finite = all(math.isfinite(one.level) for one in readings)
    ratios = [one.ratio for one in readings] if finite else [0.0, 0.0]
    scatter = stdev(ratios, median(ratios))
    # Each ratio compares two draws, so that it scatters by the root of two times as much.
    most = math.sqrt(2) * judge.tolerances(readings[0].claim).spread
    return judge.level(readings, min(scatter, most))


def _times(
    numbers: Sequence[int], pairs: Sequence[Pair], judging: Judging
) -> dict[int, JudgedClaim]:
    """Judge times by their ratio to the first one published, as no other machine repeats them."""
    found: dict[int, JudgedClaim] = {}
    first: Pair | None = None
    for number in numbers:
        pair = pairs[number]
        claim = pair.claim
        if pair.found is None or judging.unreached(pair) or judging.shortened(pair):
            cell = judging.cell(claim.at.cell)
            reached = cell.cut is None and not judging.shortened(pair)
            missing = reached and cell.status is CellStatus.OK
            verdict = ClaimVerdict.NOT_REPRODUCED if missing else ClaimVerdict.NOT_REACHED
            found[number] = JudgedClaim(claim, verdict, None)
            continue
        first = first or pair
        found[number] = _ratio(pair, first, judging.judge)
    return found


def _ratio(pair: Pair, first: Pair, judge: ClaimJudge) -> JudgedClaim:
    assert pair.found is not None
    assert first.found is not None
    observed = value_of(pair.found.figure)
    published = value_of(pair.claim) / max(value_of(first.claim), 1e-9)
    ratio = observed / max(value_of(first.found.figure), 1e-9)
    if pair is first or same_ratio(ratio, published):
        return judge.holds(pair.claim, observed)
    finding = judge.finding(
        FindingCode.CLAIM_SPEEDUP,
        [first.claim, pair.claim],
        "two sections take times in another proportion than published",
        f"published {published:.2g}, observed {ratio:.2g}; allowed a factor of {TIMES_FACTOR:g}",
    )
    return JudgedClaim(pair.claim, ClaimVerdict.DIFFERS, observed, finding)
