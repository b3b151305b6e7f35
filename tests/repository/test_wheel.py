"""The installed wheel, in projects whose folders have the names of ours."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from core.run.backends.registry import PACKAGES, installed
from tests.conftest import REPOSITORY
from tests.repository.wheels import Installed, build, environment

OLD, NEW = "keras==3.6.0 jax==0.4.30", "keras==3.7.0 jax==0.4.30"
OURS = ("core", "tools", "scenarios", "golden", "tests")
DOCUMENT = """# Counting

```python
from tools.counting import seen
for step in range(3):
    print(f"Seen so far: {seen(step)} samples")
```

```
Seen so far: 15 samples
Seen so far: 30 samples
Seen so far: 46 samples
```
"""
R_DOCUMENT = "# R\n\n```{r}\nx <- 1\n```\n"
NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["1"], "execution_count": 1}
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 4,
}
THEIR_TEST = """from tools.counting import seen
import core, golden, scenarios


def test_seen():
    assert 15 == seen(0)
    assert all("site-packages" not in module.__file__ for module in (core, golden, scenarios))
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Installed:
    """The wheel without extras, with pytest and one backend beside it."""
    backend = [PACKAGES[name] for name in installed()[:1]]
    requirements = ["pytest", *(["keras"] if backend else []), *backend]
    return environment(tmp_path_factory.mktemp("base"), requirements, wheel)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody's project."""
    folder = tmp_path_factory.mktemp("project")
    for name in OURS:
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()
    (folder / "tools" / "counting.py").write_text("def seen(step):\n    return 15 * (step + 1)\n")
    (folder / "tests" / "test_theirs.py").write_text(THEIR_TEST)
    (folder / "doc.md").write_text(DOCUMENT)
    (folder / "doc.Rmd").write_text(R_DOCUMENT)
    (folder / "doc.ipynb").write_text(json.dumps(NOTEBOOK))
    return folder


def call(*command: str | Path, cwd: Path, path: str = ".") -> subprocess.CompletedProcess[str]:
    """Runs a command in a folder, with a PYTHONPATH."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path:
        variables["PYTHONPATH"] = path
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_puts_one_name_at_the_top(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    (info,) = tops - {"loop_parity"}
    assert info.endswith(".dist-info")


def test_the_wheel_holds_every_file_of_what_it_holds(wheel: Path) -> None:
    parts = ("core", "golden", "scenarios", "tools/bench", "tools/cli", "tools/wheel/loop_parity")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *parts],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [name for name in listed.stdout.splitlines() if (REPOSITORY / name).is_file()]
    expected = {f"loop_parity/{name}".replace("tools/wheel/loop_parity/", "") for name in files}
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if not name.split("/")[0].endswith("-info")}
    assert expected == found


def test_their_tests_find_their_packages(base: Installed, project: Path) -> None:
    done = call(base.python, "-m", "pytest", "-q", "tests", cwd=project, path="")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("path", ["", "."], ids=["no PYTHONPATH", "PYTHONPATH=."])
def test_the_program_finds_ours(base: Installed, project: Path, path: str) -> None:
    done = call(base.parity, "list", cwd=project, path=path)
    assert (0, "") == (done.returncode, done.stderr)
    assert "keras_io_tf/first_loop" in done.stdout


def test_a_document_meets_their_packages_and_its_wrong_figure_is_found(
    base: Installed, project: Path
) -> None:
    done = call(base.parity, "validate", "doc.md", "--json", cwd=project)
    assert 1 == done.returncode, done.stderr
    claims = [(c["published"], c["observed"]) for c in json.loads(done.stdout)["claims"]]
    assert [(15, 15), (30, 30), (46, 45)] == [(int(a), int(b)) for a, b in claims]


def test_several_documents_are_validated_by_children(base: Installed, project: Path) -> None:
    done = call(base.parity, "validate", "doc.md", "doc.ipynb", "--fresh", "--json", cwd=project)
    assert 1 == done.returncode, done.stderr
    statuses = [
        cell["status"]
        for document in json.loads(done.stdout)["documents"]
        for cell in document["cells"]
    ]
    assert ["ok", "ok"] == statuses


@pytest.mark.skipif(not installed(), reason="no backend is installed; get them with: make setup")
def test_a_worker_trains(base: Installed, project: Path, small_npz: Path) -> None:
    asked = ("--backend", installed()[0], "--data", str(small_npz), "--steps", "2", "--json")
    done = call(base.parity, "run", "keras_io_tf/first_loop", *asked, cwd=project)
    assert 0 == done.returncode, done.stderr
    assert 2 == len(json.loads(done.stdout)["trace"]["losses"]["loss"])


def test_a_process_that_imports_their_packages_first_can_do_our_jobs(
    base: Installed, project: Path
) -> None:
    code = (
        "import loop_parity\n"
        "try:\n"
        "    loop_parity.call('tools.cli.upgrade_jobs', 'work', 'no job')\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error.where)\n"
    )
    done = call(base.python, "-c", code, cwd=project)
    assert ("UsageError a job\n", "") == (done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("validate", "doc.Rmd"), "r"),
        (("site", "pages"), "site"),
        (("upgrade", "--baseline", OLD, "--candidate", NEW, "doc.md"), "upgrade"),
        (("bisect", "--good", OLD, "--bad", NEW, "doc.md"), "upgrade"),
    ],
)
def test_what_an_extra_brings_is_asked_for_with_its_command(
    base: Installed, project: Path, arguments: tuple[str, ...], extra: str
) -> None:
    done = call(base.parity, *arguments, cwd=project)
    assert 2 == done.returncode, done.stdout + done.stderr
    assert f"expected: the extra '{extra}' of loop-parity" in done.stderr
    assert f"'loop-parity[{extra}] @ file://" in done.stderr


def test_the_plugins_folder_holds_the_one_module(base: Installed, project: Path) -> None:
    done = call(base.parity, "plugin", cwd=project)
    assert ["pytest_parity.py"] == [p.name for p in Path(done.stdout.strip()).glob("*.*")]


@pytest.mark.parametrize("named", [(), ("-p", "pytest_parity")], ids=["found", "named as well"])
def test_the_plugin_that_comes_with_the_wheel_collects_documents(
    base: Installed, project: Path, named: tuple[str, ...]
) -> None:
    folder = call(base.parity, "plugin", cwd=project).stdout.strip()
    command = (*named, "--parity", f"--parity-command={base.parity}", "doc.md")
    done = call(base.python, "-m", "pytest", *command, cwd=project, path=folder)
    assert 1 == done.returncode, done.stdout + done.stderr
    assert "evidence: published 46, observed 45" in done.stdout


def test_a_project_without_numpy_is_told_what_to_install(
    base: Installed, project: Path, tmp_path: Path
) -> None:
    theirs = environment(tmp_path / "theirs", ["pytest"], None)
    folder = call(base.parity, "plugin", cwd=project).stdout.strip()
    command = ("-p", "pytest_parity", "--parity", f"--parity-command={base.parity}", "doc.md")
    done = call(theirs.python, "-m", "pytest", *command, cwd=project, path=folder)
    assert 1 == done.returncode, done.stdout + done.stderr
    assert "NumPy is not installed in this interpreter's environment" in done.stdout
    assert f"remedy: {theirs.python} -m pip install numpy" in done.stdout
    assert "document-stopped" not in done.stdout


@pytest.mark.environments
@pytest.mark.parametrize("way", ["uv tool install", "uvx"])
def test_a_tool_of_uv_validates_a_document(
    way: str, wheel: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.upgrade.environments.uv import program

    monkeypatch.setenv("UV_TOOL_DIR", str(tmp_path / "tools"))
    monkeypatch.setenv("UV_TOOL_BIN_DIR", str(tmp_path / "bin"))
    uv = Path(program())
    command: list[str | Path]
    if way == "uvx":
        command = [uv, "tool", "run", "--from", wheel, "parity"]
    else:
        subprocess.run([uv, "tool", "install", "--quiet", wheel], check=True)
        command = [tmp_path / "bin" / "parity"]
    done = call(*command, "validate", "doc.md", cwd=project)
    assert 1 == done.returncode, done.stderr
    assert "doc.md has 1 finding: 2 of 3 figures hold" in done.stdout
