from __future__ import annotations

from pathlib import Path

from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host.program import Program
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.resolving import resolve_all
from core.upgrade.rehearsal.subjects import Subject
from tests.core.upgrade.rehearsal.engines import World
from tests.core.upgrade.rehearsal.runs import ran

SPEC = "keras==3.0.5 tensorflow-cpu==2.16.2"


def notes(folder: Path, source: str) -> tuple[str, ...]:
    program = Program("loop.py", (Cell(0, source, (1,)),), folder)
    subjects = [Subject("loop.py", "e", ("tensorflow",), 0, program=program)]
    world = World(lambda asked, run: ran())  # noqa: ARG005
    (resolved,) = resolve_all(world.resolve, subjects, [SPEC])
    assert isinstance(resolved, Resolved)
    return resolved.notes


def test_what_a_document_imports_and_an_environment_lacks_stands_in_the_head(
    tmp_path: Path,
) -> None:
    said = notes(tmp_path, "import keras, tensorflow, pandas")
    assert "imported and not in the SPEC: pandas" in said
    whole = notes(tmp_path, "import keras, tensorflow")
    assert not any("imported" in note for note in whole)
