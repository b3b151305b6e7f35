"""The code that a program can import: what it really imports, and nothing that it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from core.code_image import CodeImage, code_image, folder_image
from core.run.backends.registry import installed, process_environment
from core.run.runner.options import RunOptions
from core.run.worker.job import Job
from core.sandbox.host.guest import PACKAGE, guest_folder, guest_image
from core.upgrade.rehearsal.documents import code_digest
from core.upgrade.rehearsal.snapshot import WORKER, take
from tests.conftest import REPOSITORY
from tools.cli.validating import PROGRAM

TELL = """
import atexit, json, os, runpy, sys
def tell(*_):
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    with open(os.environ["TELL"], "w") as out:
        json.dump([file for file in files if file], out)
atexit.register(tell)
sys.argv = sys.argv[1:]
sys.path.insert(0, os.getcwd())
import core.run.backends.lean as lean
lean.leave = lambda status: sys.exit(status)
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
JOB = Job(
    "job",
    "tensorflow",
    ("keras_io_tf/first_loop",),
    RunOptions(seed=1, randomness="controlled", steps=1),
    "digits",
    str(REPOSITORY),
)
DOCUMENT = '# Title\n\n```python\nprint("loss:", 0.5)\n```\n\n```\nloss: 0.5\n```\n'


def imported(
    folder: Path, command: Sequence[str], said: str = "", variables: Mapping[str, str] | None = None
) -> set[str]:
    """The files of ours that a process has imported by its end, relative to the repository."""
    out = folder / "told.json"
    done = subprocess.run(
        [sys.executable, "-c", TELL, *command],
        input=said,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, **(variables or {}), "TELL": str(out)},
    )
    assert out.exists(), done.stderr
    files = [Path(file) for file in json.loads(out.read_text())]
    return {
        path.relative_to(REPOSITORY).as_posix()
        for path in files
        if path.is_relative_to(REPOSITORY) and ".venv" not in path.parts
    }


@cache
def validating() -> CodeImage:
    return code_image(PROGRAM, scenarios=True)


@pytest.mark.parametrize("backend", installed())
def test_a_workers_image_holds_every_file_that_a_worker_imports(
    backend: str, tmp_path: Path
) -> None:
    line = json.dumps(json.loads(JOB.dumps()) | {"backend": backend})
    found = imported(tmp_path, [WORKER, "0"], line + "\n", process_environment(backend))
    assert {"core/run/runner/section.py", f"core/run/backends/{backend}/backend.py"} <= found
    assert "scenarios/keras_io_tf/__init__.py" in found
    assert set() == found - code_image([WORKER], scenarios=True).files.keys()


def test_a_sides_image_holds_every_file_that_a_side_imports(tmp_path: Path) -> None:
    module = "core.diff.microscope.program"
    said = f"{JOB.dumps()}\n{json.dumps({'ask': 'open'})}\n"
    found = imported(tmp_path, [module], said, process_environment("tensorflow"))
    assert "core/diff/microscope/local.py" in found
    assert set() == found - code_image([module], scenarios=True).files.keys()


def test_a_validations_image_holds_every_file_that_it_imports(tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    path.write_text(DOCUMENT)
    found = imported(tmp_path, ["tools.cli", "validate", str(path)])
    assert {"core/documents/validation/validate.py", "core/sandbox/host/run.py"} <= found
    assert set() == found - validating().files.keys()


def test_a_documents_image_holds_what_reads_runs_and_records_it(tmp_path: Path) -> None:
    module = "core.upgrade.rehearsal.documents"
    image = code_image([module])
    assert image.digest == code_digest()
    assert set() == imported(tmp_path, [module]) - image.files.keys()


def test_programs_that_are_started_by_path_belong_to_who_starts_them() -> None:
    started = {"core/sandbox/host/keeper.py", "core/sandbox/host/launcher.py"}
    guest = {f"core/sandbox/{name.replace(PACKAGE, 'guest', 1)}" for name in guest_image().files}
    workers = {"core/run/worker/program.py"}  # a validation runs declared scenarios
    assert started | guest | workers <= validating().files.keys()
    assert started | guest <= code_image(["core.upgrade.rehearsal.documents"]).files.keys()


def test_data_files_belong_to_the_packages_they_lie_in() -> None:
    found = code_image(["core.diff.showing.page"]).files
    assert "core/diff/showing/templates/difference.html" in found
    assert "scenarios/keras_io_tf/code.json" in code_image([WORKER], scenarios=True).files


@pytest.mark.parametrize(
    "other", ["core/site/site.py", "core/upgrade/bisect/hunt.py", "tools/cli/verb_bench.py"]
)
def test_what_no_worker_imports_is_in_no_image(other: str) -> None:
    assert (REPOSITORY / other).is_file()
    for program in ([WORKER], ["core.diff.microscope.program"], PROGRAM):
        assert other not in code_image(program, scenarios=True).files


def test_every_file_of_an_image_changes_its_key_and_no_other_does(tmp_path: Path) -> None:
    image = code_image([WORKER], scenarios=True)
    root = image.place(tmp_path / "kept")
    (root / "core" / "site").mkdir()
    (root / "core" / "site" / "site.py").write_text("what no worker imports = 1\n")
    before = take(root, [], tmp_path / "copies").digest
    assert image.digest == before
    for name, content in image.files.items():
        (root / name).write_bytes(content + b"\n# another line\n")
        assert before != code_image([WORKER], scenarios=True, root=root).digest, name
        (root / name).write_bytes(content)
    assert before == code_image([WORKER], scenarios=True, root=root).digest


def test_each_way_to_name_a_module_is_followed(tmp_path: Path) -> None:
    sources = {
        "core/__init__.py": "",
        "core/a/__init__.py": "from . import b\nfrom .c import name\n",
        "core/a/b.py": "def late():\n    import core.d\n",
        "core/a/c.py": "from core import e\nname = program('core.f')\n",
        "core/d.py": "from pathlib import Path\nPath(__file__).with_name('g.py')\n",
        "core/e.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import core.never\n",
        "core/f.py": "import json, core.missing\n",
        "core/g.py": "",
        "core/never.py": "",
        "core/other.py": "",
        "json/__init__.py": "",
    }
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    left_out = {"core/never.py", "core/other.py", "json/__init__.py"}
    assert sources.keys() - left_out == code_image(["core.a"], root=tmp_path).files.keys()


def test_a_copy_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    image = CodeImage({"a/b.py": b"x = 1\n", "a/c.json": b"{}"})
    root = image.place(tmp_path)
    (root / "a" / "b.py").write_text("x = 2\n")
    (root / "a" / "c.json").unlink()
    assert root == image.place(tmp_path)
    assert image.digest == folder_image(root).digest
    assert [root] == list(tmp_path.iterdir())


def test_bytecode_is_no_part_of_an_image(tmp_path: Path) -> None:
    image = CodeImage({"a.py": b"x = 1\n"})
    root = image.place(tmp_path)
    subprocess.run([sys.executable, "-c", "import a"], cwd=root, check=True)
    assert image.digest == folder_image(root).digest


def test_the_guest_is_one_copy_for_whoever_asks() -> None:
    assert guest_image().digest == folder_image(guest_folder()).digest
