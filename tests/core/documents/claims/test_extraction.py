"""Figures of any document: epochs, steps, sections, absence."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.reading import claims_of, golden_claim
from core.trace.claims import Claim, ClaimKind
from tests.core.documents.reading.reading_text import document


def claims(folder: Path, code: str, output: str, language: str = "python") -> list[Claim]:
    text = f"```{language}\n{code}\n```\n\n```\n{output}\n```\n"
    return list(claims_of(document(folder, "guide.md", text)))


@pytest.mark.parametrize(
    ("printed", "epochs"), [((0, 1), [0, 1]), ((1, 2), [0, 1]), ((10, 20), [9, 19]), ((4,), [3])]
)
def test_epochs_count_from_zero_whatever_is_printed(
    tmp_path: Path, printed: tuple[int, ...], epochs: list[int]
) -> None:
    output = "\n".join(f"Epoch {n}: loss 0.5" for n in printed)
    found = [c.epoch for c in claims(tmp_path, "f()", output) if c.kind is ClaimKind.LOSS]
    assert epochs == found


@pytest.mark.parametrize(("first", "expected"), [(0, [0, 100, 0]), (1, [0, 100, 0])])
def test_steps_count_from_zero_within_their_epoch(
    tmp_path: Path, first: int, expected: list[int]
) -> None:
    rows = []
    for epoch, steps in ((1, (0, 100)), (2, (0,))):
        rows.append(f"Epoch {epoch}")
        rows += [f"step {n + first} loss 0.5\nSeen {9 * (n + 1)} samples" for n in steps]
        rows.append("accuracy 0.5")
    found = claims(tmp_path, "f()", "\n".join(rows))
    for kind in (ClaimKind.LOSS, ClaimKind.COUNT):
        assert expected == [claim.step for claim in found if claim.kind is kind]
    assert [None, None] == [c.step for c in found if c.kind is ClaimKind.ACCURACY]


def test_times_are_of_epochs_where_every_epoch_has_one_else_of_the_section(tmp_path: Path) -> None:
    each = claims(tmp_path, "f()", "Epoch 1\ntook 2.5s\nEpoch 2\ntook 3.5s")
    once = claims(tmp_path, "f()", "Epoch 1\nEpoch 2\ntook 6.0s")
    assert ["epoch", "epoch"] == [c.name for c in each if c.kind is ClaimKind.TIME]
    assert ["section"] == [c.name for c in once if c.kind is ClaimKind.TIME]


def test_percentages_are_shares(tmp_path: Path) -> None:
    (claim,) = claims(tmp_path, "f()", "Test accuracy: 93.5%")
    assert ("test_acc", 0.935, "93.5") == (claim.name, claim.value, claim.printed)


def test_steps_on_their_own_are_claims_and_beside_others_their_address(tmp_path: Path) -> None:
    assert [ClaimKind.STEP] == [c.kind for c in claims(tmp_path, "f()", "Step 100")]
    (loss,) = claims(tmp_path, "f()", "Step 100: loss 0.5")
    assert (ClaimKind.LOSS, 100, 1) == (loss.kind, loss.printed_step, loss.at.position)


def test_downloads_and_messages_of_libraries_claim_nothing(tmp_path: Path) -> None:
    output = (
        "Downloading data from https://example.org/mnist.npz\n"
        "11490434/11490434 ━━━━ 0s 0us/step\n"
        "2024-01-02 10:11:12.123456: I tensorflow/core.cc:10] 3 things\n"
        "WARNING: 5 tensors\n"
        "loss 0.5"
    )
    assert ["0.5"] == [claim.printed for claim in claims(tmp_path, "f()", output)]


def test_colours_of_a_terminal_are_no_part_of_what_was_printed(tmp_path: Path) -> None:
    output = '\x1b[1mModel: "net"\x1b[0m\n'
    output += "\x1b[1m Total params: \x1b[0m\x1b[38;5;34m1,024\x1b[0m (4.00 KB)"
    (claim,) = claims(tmp_path, "f()", output)
    assert (ClaimKind.PARAMS, "total", "net", "1,024", "4.00 KB") == (
        claim.kind, claim.name, claim.model, claim.printed, claim.size,
    )  # fmt: skip


def test_r_counts_of_shown_values_claim_nothing(tmp_path: Path) -> None:
    assert ["0.25"] == [c.printed for c in claims(tmp_path, "print(x)", "## [1] 0.25", "r")]


PRINTS = (
    'for epoch in range(2):\n    print(f"epoch {epoch}")\n    if log: print(f"loss {loss:.2f}")'
)


def test_a_print_whose_rows_are_missing_is_a_claim_of_absence(tmp_path: Path) -> None:
    found = claims(tmp_path, PRINTS, "epoch 0\nepoch 1")
    (absent,) = (claim for claim in found if claim.kind is ClaimKind.ABSENT)
    assert ("loss", 4, "loss {loss}") == (absent.name, absent.line, absent.at.text)


@pytest.mark.parametrize("output", ["epoch 0\n...", "epoch 0\nloss 0.50"])
def test_nothing_is_absent_where_it_shows_or_the_output_is_cut(tmp_path: Path, output: str) -> None:
    kinds = {claim.kind for claim in claims(tmp_path, PRINTS, output)}
    assert ClaimKind.ABSENT not in kinds


def test_functions_of_earlier_cells_print_too(tmp_path: Path) -> None:
    text = (
        '```python\ndef log(x):\n    print(f"loss (of 2): {x:.2f}")\n```\n\n'
        "Words.\n\n```python\nlog(1)\n```\n\n```\nloss (of 2): 0.50\n```\n"
    )
    (claim,) = claims_of(document(tmp_path, "guide.md", text))
    assert ("x", 1, "loss (of 2): #") == (
        claim.at.expression, claim.at.cell, claim.at.template,
    )  # fmt: skip


def test_golden_forms(tmp_path: Path) -> None:
    output = "Epoch 1\nstep 50: loss 0.5\nSeen 99 samples\nval accuracy 0.25\ntook 3.0s\nrate 0.1"
    made = [golden_claim(claim, "here") for claim in claims(tmp_path, "f()", output)]
    assert [
        ClaimKind.EPOCH, ClaimKind.LOSS, ClaimKind.COUNT, ClaimKind.ACCURACY, ClaimKind.TIME, None,
    ] == [claim.kind if claim is not None else None for claim in made]  # fmt: skip
    loss = made[1]
    assert loss is not None
    assert ("here", 0, 49, 50) == (loss.section, loss.epoch, loss.step, loss.printed_step)
