from __future__ import annotations

from pathlib import Path

from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.tasks import runs_of
from tests.core.upgrade.rehearsal.engines import CALL, SUBJECTS, World, engine, resolved
from tests.core.upgrade.rehearsal.runs import ran


def test_the_control_goes_the_other_way_round(tmp_path: Path) -> None:
    made = engine(World(lambda asked, run: ran()), tmp_path)  # noqa: ARG005
    (base,) = resolved(made, "tensorflow-cpu==2.16.2")
    assert isinstance(base, Resolved)
    forward = runs_of(CALL, SUBJECTS, base)
    back = runs_of(CALL, SUBJECTS, base, 1)
    assert [run.subject for run in forward] == [run.subject for run in reversed(back)]
    assert {1} == {run.replicate for run in back}
