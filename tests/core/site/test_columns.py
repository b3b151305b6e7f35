"""Programs in columns: nothing is lost, and the same op stands in the same row."""

from __future__ import annotations

from collections import Counter

import pytest

from core.dialects import DIALECTS, Printing, Program, printed
from core.site.columns import Line, base, columns, is_op
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)


def programs(scenario: str) -> list[Program]:
    (section,) = CATALOG.select([scenario])
    return [printed(section, d, Printing()) for d in DIALECTS.values() if not d.refusal(section)]


def cell_of(line: Line, dialect: str) -> str:
    return "\n".join(piece.code for piece in line.cells[dialect].pieces)


def find(lines: tuple[Line, ...], dialect: str, code: str) -> Line:
    return next(
        line for line in lines if dialect in line.cells and cell_of(line, dialect).startswith(code)
    )


@pytest.mark.parametrize("scenario", ["keras_io_tf/metrics", "keras_io_tf/gan", "r_style/compiled"])
def test_every_statement_of_every_program_stands_in_exactly_one_row(scenario: str) -> None:
    asked = programs(scenario)
    lines = columns(asked)
    for program in asked:
        shown = Counter(
            piece.code
            for line in lines
            if program.dialect in line.cells
            for piece in line.cells[program.dialect].pieces
        )
        assert Counter(statement.code for statement in program.statements) == shown


def test_the_same_op_is_level_in_every_dialect() -> None:
    line = find(columns(programs("keras_io_tf/metrics")), "tensorflow", "optimizer.apply(")
    assert "step[2]" == line.op
    assert "stateless_apply" in cell_of(line, "jax")
    assert "torch.no_grad" in cell_of(line, "torch")
    assert "apply_gradients" in cell_of(line, "legacy")
    assert cell_of(line, "r").startswith("optimizer$apply(")


def test_what_fit_does_by_itself_points_at_the_row_of_fit() -> None:
    lines = columns(programs("keras_io_tf/metrics"))
    fit = lines.index(find(lines, "fit", "history = model.fit("))
    update = find(lines, "tensorflow", "optimizer.apply(")
    assert ((), fit) == (update.cells["fit"].pieces, update.cells["fit"].within)


def test_a_dialect_that_has_no_words_for_a_row_has_no_cell_there() -> None:
    line = find(columns(programs("keras_io_tf/metrics")), "jax", "model_weights = ")
    assert {"jax"} == line.cells.keys()


def test_the_first_program_gives_the_order() -> None:
    lines = columns(programs("keras_io_tf/first_loop"))
    said = [
        p.code
        for line in lines
        if "tensorflow" in line.cells
        for p in line.cells["tensorflow"].pieces
    ]
    own = [s.code for s in programs("keras_io_tf/first_loop")[0].statements]
    assert own == said


@pytest.mark.parametrize(
    ("key", "wanted", "op"),
    [
        ("setup[0].input", "setup[0]", True),
        ("step[8.1]", "step[8.1]", True),
        ("loop.batch", "loop.batch", False),
    ],
)
def test_an_id_is_its_op_without_the_part_of_the_statement(key: str, wanted: str, op: bool) -> None:
    assert (wanted, op) == (base(key), is_op(key))
