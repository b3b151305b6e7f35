"""Model summaries in the forms that documents show."""

from __future__ import annotations

from textwrap import dedent

from core.documents.claims.summary_tables import LayerRow, SummaryReader, TotalRow

BOX = """
    Model: "functional_1"
    ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┓
    ┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to      ┃
    ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━┩
    │ words (InputLayer)  │ (None, None)      │          0 │ -                 │
    ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
    │ bidirectional_long_ │ (None, None,      │    412,672 │ words[0][0]       │
    │ name (Bidirectional)│ 128)              │            │                   │
    ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
    │ lstm (LSTM)         │ [(None, 8),       │          ? │ bidirectional[0]… │
    │                     │ (None, 8)]        │            │                   │
    └─────────────────────┴───────────────────┴────────────┴───────────────────┘
     Total params: 412,672 (1.57 MB)
     Trainable params: 412,672 (1.57 MB)
     Non-trainable params: 0 (0.00 B)
     Optimizer params: 2 (12.00 B)
"""
RULES = """
    Model: "sequential"
    _________________________________________________________________
     Layer (type)                Output Shape              Param #
    =================================================================
     input_1 (InputLayer)        [(None, 784)]             0

     global_max_pooling2d (Glob  (None, 128)               0
     alMaxPooling2D)

     dense (Dense)               (None, 10)                1290

    =================================================================
    Total params: 1290
    _________________________________________________________________
"""


def read(text: str) -> tuple[list[LayerRow], list[TotalRow]]:
    reader = SummaryReader()
    found = []
    for line, row in enumerate(dedent(text).strip().split("\n"), start=1):
        found += reader.take(line, row) or []
    found += reader.finish()
    layers = [row for row in found if isinstance(row, LayerRow)]
    return layers, [row for row in found if isinstance(row, TotalRow)]


def test_a_box_with_wrapped_cells_and_a_fourth_column() -> None:
    layers, totals = read(BOX)
    assert [
        (5, 0, "words", "InputLayer", (None, None), 0),
        (7, 1, "bidirectional_long_name", "Bidirectional", (None, None, 128), 412672),
        (10, 2, "lstm", "LSTM", None, None),
    ] == [(r.line, r.index, r.name, r.layer, r.output_shape, r.params) for r in layers]
    assert "[(None, 8), (None, 8)]" == layers[2].printed_shape
    assert {"functional_1"} == {row.model for row in layers} == {row.model for row in totals}
    assert [
        ("total", 412672, "1.57 MB"),
        ("trainable", 412672, "1.57 MB"),
        ("non_trainable", 0, "0.00 B"),
        ("optimizer", 2, "12.00 B"),
    ] == [(row.name, row.value, row.size) for row in totals]


def test_rules_with_wrapped_names_and_totals_without_a_size() -> None:
    layers, totals = read(RULES)
    assert [
        ("input_1", "InputLayer", (None, 784), 0),
        ("global_max_pooling2d", "GlobalMaxPooling2D", (None, 128), 0),
        ("dense", "Dense", (None, 10), 1290),
    ] == [(row.name, row.layer, row.output_shape, row.params) for row in layers]
    assert [("total", "1290", None)] == [(row.name, row.printed, row.size) for row in totals]


def test_rows_outside_a_summary_are_left_to_others() -> None:
    reader = SummaryReader()
    assert reader.take(1, "loss: 0.5") is None
    assert reader.take(2, "│ a │ b │") is None
    assert [] == reader.finish()


def test_two_summaries_in_a_row_count_their_layers_from_zero() -> None:
    layers, _ = read(BOX + RULES)
    assert [0, 1, 2, 0, 1, 2] == [row.index for row in layers]
    assert "sequential" == layers[-1].model
