"""A verdict for every published figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.check.compare.judged import JudgedClaim
from core.documents.reading import Document, claims_of
from core.sandbox.guest.events import CellStatus, Cut
from core.trace.claims import ClaimKind, ClaimVerdict
from core.trace.finding import Severity
from tests.core.documents.validation.example_runs import document_at, judged, record_of, rows_of


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return document_at(tmp_path)


def outcomes(verdicts: list[JudgedClaim]) -> set[ClaimVerdict]:
    return {verdict.verdict for verdict in verdicts}


def failing(verdicts: list[JudgedClaim]) -> dict[str, str]:
    """The failing findings' codes, by the name of a figure they are about."""
    return {v.claim.name or "": v.finding.code for v in verdicts if v.finding and v.finding.fails}


def with_losses(document: Document, change: Callable[[float], float]) -> list[str]:
    rows = []
    for row in rows_of(document):
        head, colon, value = row.rpartition(": ")
        changed = f"{change(float(value)):.4f}" if "loss" in head else value
        rows.append(f"{head}{colon}{changed}")
    return rows


def test_the_document_publishes_what_the_tests_count_on(document: Document) -> None:
    kinds = [claim.kind for claim in claims_of(document)]
    counted = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    assert {
        ClaimKind.EPOCH: 2, ClaimKind.LOSS: 6, ClaimKind.COUNT: 6,
        ClaimKind.ACCURACY: 2, ClaimKind.TIME: 2,
    } == counted  # fmt: skip


def test_a_run_that_prints_what_is_published_holds(document: Document) -> None:
    verdicts = judged(document, record_of(document, rows_of(document)))
    assert {ClaimVerdict.HOLDS} == outcomes(verdicts)
    assert {} == failing(verdicts)


def test_losses_of_another_seed_hold_as_a_trend(document: Document) -> None:
    rows = with_losses(document, lambda value: value * 1.3)
    assert {} == failing(judged(document, record_of(document, rows)))


@pytest.mark.parametrize("factor", [0.02, 30.0])
def test_losses_of_another_size_do_not(document: Document, factor: float) -> None:
    rows = with_losses(document, lambda value: value * factor)
    verdicts = judged(document, record_of(document, rows))
    assert {"loss": "claim-trend"} == failing(verdicts)
    (finding,) = {v.finding for v in verdicts if v.finding}
    assert "loop.md:" in finding.where
    assert "over 6 figures" in finding.evidence


def test_a_loss_that_is_no_number_does_not_hold(document: Document) -> None:
    rows = with_losses(document, lambda _: float("nan"))
    verdicts = judged(document, record_of(document, rows))
    assert {"loss": "claim-trend"} == failing(verdicts)


def test_counts_are_exact(document: Document) -> None:
    rows = [row.replace("3232", "3233") for row in rows_of(document)]
    verdicts = judged(document, record_of(document, rows))
    assert {"samples": "claim-count"} == failing(verdicts)
    wrong = [v for v in verdicts if v.verdict is ClaimVerdict.DIFFERS]
    assert [3233.0, 3233.0] == [v.observed for v in wrong]
    assert {Severity.ERROR} == {v.finding.severity for v in wrong if v.finding}


def test_a_figure_that_the_code_no_longer_prints_is_missing(document: Document) -> None:
    rows = [row for row in rows_of(document) if "acc" not in row]
    verdicts = judged(document, record_of(document, rows))
    missing = [v.claim.name for v in verdicts if v.verdict is ClaimVerdict.NOT_REPRODUCED]
    assert ["val_acc", "val_acc"] == missing
    assert {"val_acc": "claim-trend"} == failing(verdicts)


def test_a_fallen_accuracy_does_not_hold(document: Document) -> None:
    rows = [row.replace("0.9000", "0.1000") for row in rows_of(document)]
    assert "val_acc" in failing(judged(document, record_of(document, rows)))


def test_times_are_judged_by_their_ratio_and_only_noted(document: Document) -> None:
    slower = [
        row.replace("4.00s", "40.00s").replace("1.00s", "10.00s") for row in rows_of(document)
    ]
    assert {ClaimVerdict.HOLDS} == outcomes(judged(document, record_of(document, slower)))
    skewed = [row.replace("1.00s", "90.00s") for row in rows_of(document)]
    verdicts = judged(document, record_of(document, skewed))
    assert {} == failing(verdicts)
    assert ["claim-speedup"] == [v.finding.code for v in verdicts if v.finding]


def test_what_lies_beyond_a_cut_is_not_reached(document: Document) -> None:
    cut = Cut("ended", 6, 150, 1, "steps")
    rows = rows_of(document)[:5]
    verdicts = judged(document, record_of(document, rows, cut=cut))
    assert {} == failing(verdicts)
    assert 5 == sum(v.verdict is ClaimVerdict.HOLDS for v in verdicts)
    assert 13 == sum(v.verdict is ClaimVerdict.NOT_REACHED for v in verdicts)


def test_what_was_printed_after_a_cut_is_not_judged(document: Document) -> None:
    cut = Cut("ended", 6, 150, 1, "steps")
    rows = [*rows_of(document)[:3], "Validation acc: 0.1000"]
    verdicts = judged(document, record_of(document, rows, cut=cut, cut_after=3))
    assert {} == failing(verdicts)


@pytest.mark.parametrize(
    "status", [CellStatus.ERROR, CellStatus.CASCADE, CellStatus.TIMEOUT, CellStatus.SKIPPED]
)
def test_figures_of_a_cell_that_did_not_run_are_not_reached(
    document: Document, status: CellStatus
) -> None:
    verdicts = judged(document, record_of(document, [], status=status))
    assert {ClaimVerdict.NOT_REACHED} == outcomes(verdicts)
    assert {} == failing(verdicts)


def test_a_trend_after_training_that_was_cut_short_is_not_judged(document: Document) -> None:
    rows = with_losses(document, lambda value: value * 50)
    record = record_of(document, rows)
    assert {} == failing(judged(document, record, cut_before=frozenset({0})))


TABLE = """# A model

```python
model.summary()
```

<div class="k-default-codeblock">
```
Model: "toy"
┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)    ┃ Output Shape ┃ Param # ┃
┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ dense (Dense)   │ (None, 8)    │   6,280 │
├─────────────────┼──────────────┼─────────┤
│ dense_1 (Dense) │ (None, 10)   │      90 │
└─────────────────┴──────────────┴─────────┘
 Total params: 6,370 (24.88 KB)
 Trainable params: 6,370 (24.88 KB)
 Non-trainable params: 0 (0.00 B)

```
</div>
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("6,280", "6,281", "claim-shape"),
        ("(None, 8) ", "(None, 9) ", "claim-shape"),
        ("dense_1", "dense_2", "claim-shape"),
        ("6,370 (24.88 KB)", "6,371 (24.88 KB)", "claim-params"),
    ],
)
def test_summary_tables_are_exact(tmp_path: Path, old: str, new: str, code: str) -> None:
    document = document_at(tmp_path, TABLE)
    rows = rows_of(document)
    assert {ClaimVerdict.HOLDS} == outcomes(judged(document, record_of(document, rows)))
    changed = [row.replace(old, new) for row in rows]
    assert {code} == set(failing(judged(document, record_of(document, changed))).values())
