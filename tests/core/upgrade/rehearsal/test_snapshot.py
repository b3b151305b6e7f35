from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from core.upgrade.rehearsal.snapshot import take
from tests.conftest import REPOSITORY

BLOCK = """
import sys
allowed = {"numpy", "attr", "attrs", "core", "scenarios"}
class Only:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in allowed and top not in sys.stdlib_module_names and not top.startswith("_"):
            raise ImportError(f"{name} is imported")
sys.meta_path.insert(0, Only())
import core.run.worker.program, core.run.worker.limited, core.run.backends.legacy.building
from core.spec.catalog import Catalog
from pathlib import Path
print(len(Catalog.load(Path.cwd()).scenarios))
"""


def test_a_worker_needs_the_copy_numpy_and_attrs_and_nothing_else(tmp_path: Path) -> None:
    copy = take(REPOSITORY, [], tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", BLOCK],
        cwd=copy.root,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(copy.root), "PATH": ""},
    )
    assert "" == done.stderr
    assert int(done.stdout) > 20


def test_the_same_code_is_copied_once(tmp_path: Path) -> None:
    first, second = take(REPOSITORY, [], tmp_path), take(REPOSITORY, [], tmp_path)
    assert first == second
    assert [first.root] == list(tmp_path.iterdir())


def test_a_damaged_copy_is_made_anew(tmp_path: Path) -> None:
    copy = take(REPOSITORY, [], tmp_path)
    (copy.root / "core" / "errors.py").write_text("raise SystemExit\n")
    (copy.root / "core" / "spec" / "catalog.py").unlink()
    take(REPOSITORY, [], tmp_path)
    wanted = (REPOSITORY / "core" / "errors.py").read_text()
    assert wanted == (copy.root / "core" / "errors.py").read_text()
    assert (copy.root / "core" / "spec" / "catalog.py").exists()


def test_another_line_of_code_is_another_copy(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    for part in ("core/run/worker/limited.py", "scenarios/__init__.py"):
        (repository / part).parent.mkdir(parents=True)
        (repository / part).write_text("x = 1\n")
    (repository / "core" / "check").mkdir()
    first = take(repository, [], tmp_path / "kept")
    (repository / "core" / "check" / "losses.py").write_text("what no worker imports\n")
    assert first.digest == take(repository, [], tmp_path / "kept").digest
    (repository / "core" / "run" / "worker" / "limited.py").write_text("x = 2\n")
    assert first.digest != take(repository, [], tmp_path / "kept").digest


def test_further_scenario_folders_are_copied_and_count(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "guide").mkdir(parents=True)
    (folder / "guide" / "__init__.py").write_text("GUIDE = 1\n")
    without = take(REPOSITORY, [], tmp_path / "kept")
    copy = take(REPOSITORY, [folder], tmp_path / "kept")
    assert without.digest != copy.digest
    (place,) = copy.folders
    assert "GUIDE = 1\n" == (Path(place) / "guide" / "__init__.py").read_text()
