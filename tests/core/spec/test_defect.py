"""Ledger entries."""

from __future__ import annotations

import attrs
import pytest

from core.spec.defect import Defect, by_line
from tests.core.spec.refusals import NOT_A_TEXT, Table, assert_refused, cases, name_of, unlisted

DEFECT = Defect("toy/first/typo", what="a typo", evidence="it prints b", instead="prints a")
TABLE: Table = (
    (
        DEFECT,
        {
            "id": NOT_A_TEXT,
            "what": NOT_A_TEXT,
            "evidence": NOT_A_TEXT,
            "instead": NOT_A_TEXT,
            "lines": ((0,), (1, 1), [1], (True,), 1, None),
        },
    ),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_a_defect_refuses_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_every_field_of_a_defect_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)


def test_defects_are_found_by_the_lines_they_spoil() -> None:
    first = attrs.evolve(DEFECT, lines=(3, 5))
    second = attrs.evolve(DEFECT, what="a slip", lines=(5,))
    assert {3: "a typo", 5: "a typo; a slip"} == by_line([first, DEFECT, second])
