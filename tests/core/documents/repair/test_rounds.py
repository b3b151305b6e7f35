"""Repair, run again, repair what that reveals, until nothing known is left."""

from __future__ import annotations

from core.documents.repair import repair_and_run
from core.sandbox.host import ExecutionRecord, Program, run
from tests.core.sandbox.host.small_documents import QUICK, printed, program, statuses

SETUP = """
    class Metric:
        def reset_state(self): print("reset")
    class Optimizer:
        def apply_gradients(self, pairs): print(list(pairs))
    m, optimizer = Metric(), Optimizer()
"""
FIRST = "m.reset_states()\nready = 1"
SECOND = "optimizer.apply([1], [ready])"


def execute(one: Program) -> ExecutionRecord:
    """Runs a program."""
    return run(one, QUICK)


def test_each_round_reveals_what_the_error_before_had_hidden() -> None:
    document = program(SETUP, FIRST, SECOND)
    text = "\n".join("\n\n\n".join(cell.source for cell in document.cells).split("\n"))
    record = execute(document)
    assert ["ok", "error", "cascade"] == statuses(record)
    rounds = repair_and_run(document, record, text + "\n" * 20, execute)
    assert ["ok", "ok", "error"] == statuses(rounds[0].record)
    assert ["ok", "ok", "ok"] == statuses(rounds[1].record)
    assert ["reset", "[(1, 1)]"] == printed(rounds[1].record)
    assert "`reset_states` becomes `reset_state`" == rounds[0].repair.name
    assert 2 == len(rounds)


def test_an_error_that_nobody_knows_ends_it() -> None:
    document = program("1 / 0")
    assert () == repair_and_run(document, execute(document), "1 / 0", execute)


def test_a_repair_that_does_not_help_is_made_once() -> None:
    source = "class M: pass\nM().reset_states()"
    document = program(source)
    rounds = repair_and_run(document, execute(document), source, execute)
    assert 2 >= len(rounds)
