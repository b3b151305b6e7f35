from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from core.processes import program
from core.upgrade.environments.uv import index_options
from tests.core.upgrade.environments.wheels import wheel
from tests.tools.parity import Called
from tools.cli.main import run

OLD = "keras==3.0.5 torch==2.6.0"
NEW = "keras==3.1.0 torch==2.6.0"
SCENARIO = "multi_backend/first_loop"
SHORT = ("--steps", "3", "--native-steps", "1")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache, and an index of handmade wheels that stand for the packages of this environment.

    The wheels hold names and versions only; one of them leads Python to the packages that are
    installed here, so that a worker really runs without anything being downloaded.
    """
    folder = tmp_path_factory.mktemp("upgrade")
    shop = folder / "shop"
    here = sysconfig.get_path("purelib")
    wheel(shop, "numpy", "1.26.4", root={"here.pth": f"{here}\n"}, package=False)
    wheel(shop, "attrs", "25.1.0", package=False)
    for version in ("3.0.5", "3.1.0"):
        wheel(shop, "keras", version, requires=["numpy"], package=False)
    wheel(shop, "torch", "2.6.0", package=False)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables(folder).items():
            patch.setenv(name, value)
        index_options.cache_clear()
        yield folder
    index_options.cache_clear()


def variables(home: Path) -> dict[str, str]:
    return {
        "PARITY_CACHE": str(home / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(home / "shop"),
        "UV_OFFLINE": "1",
    }


def call(*arguments: str | Path) -> Called:
    """The command line in this process: a process of its own for each call would take longer."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return Called(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def first(home: Path) -> Called:
    """The first call: it makes both environments and runs the scenario in each."""
    pytest.importorskip("torch", reason="make setup: the scenarios run on torch")
    assert home.is_dir()
    pair = ("--baseline", OLD, "--candidate", NEW)
    return call("upgrade", *SHORT, *pair, SCENARIO, "--json")


def test_two_environments_are_made_run_and_compared_without_a_network(first: Called) -> None:
    document = first.document()
    assert 0 == first.code, first.err
    assert {"format", "verb", "version", "environment", "environments", "results"} <= set(document)
    (result,) = json.loads(first.out)["results"]
    assert (SCENARIO, OLD, NEW) == tuple(result[n] for n in ("scenario", "baseline", "candidate"))
    assert ("identical", 3, None) == tuple(
        result[n] for n in ("verdict", "updates", "first_difference")
    )
    (control,) = json.loads(first.out)["controls"]
    assert (OLD, OLD, "identical") == tuple(
        control[n] for n in ("baseline", "candidate", "verdict")
    )
    rows = json.loads(first.out)["environments"]
    assert ["ready", "ready"] == [row["status"] for row in rows]
    assert ["3.0.5", "3.1.0"] == [row["resolved"]["keras"] for row in rows]


def test_a_second_call_makes_and_runs_nothing(home: Path, first: Called) -> None:
    arguments = ("--baseline", OLD, "--candidate", NEW, SCENARIO, "--out", home / "out")
    again = call("upgrade", *SHORT, *arguments)
    assert "making" not in again.err
    lines = again.out.splitlines()
    assert "1 of 1 rounding or better, all identical" == lines[0]
    assert "controlled runs stop after 3 training steps, native ones stop after 1" == lines[1]
    assert "= identical" in again.out
    saved = json.loads((home / "out" / "upgrade.json").read_text(encoding="utf-8"))
    assert json.loads(first.out)["results"] == saved["results"]
    assert [row["runs"] for row in saved["environments"]] == [
        row["known"] for row in saved["environments"]
    ]


def test_ends_that_are_the_same_need_no_search(first: Called) -> None:
    assert 0 == first.code
    found = call("bisect", "--good", OLD, "--bad", NEW, SCENARIO, *SHORT, "--json")
    assert 0 == found.code, found.err
    assert "nothing changes" in str(found.document()["decision"])


def test_a_document_runs_in_both_environments(home: Path) -> None:
    loop = home / "loop.py"
    loop.write_text("import numpy\nprint('no training here')\n", encoding="utf-8")
    called = call("upgrade", "--baseline", OLD, "--candidate", NEW, loop, "--json")
    assert 1 == called.code, called.err
    (result,) = json.loads(called.out)["results"]
    assert (str(loop), "unobserved") == (result["scenario"], result["verdict"])
    assert "no optimizer update was seen" in result["evidence"]


def test_every_environment_is_removed_with_one_command(home: Path, first: Called) -> None:
    assert 0 == first.code
    environments = home / "cache" / "upgrade" / "environments"
    assert environments.is_dir()
    cleaned = call("upgrade", "--clean")
    assert "2 environments removed" in cleaned.out.splitlines()[0]
    assert not environments.exists()


def test_an_interrupted_call_exits_with_130(home: Path) -> None:
    process = subprocess.Popen(
        program("tools.cli", "upgrade", "--baseline", OLD, "--candidate", NEW, SCENARIO),
        env=dict(os.environ) | variables(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "making" in line:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert 130 == process.returncode
    assert "" == out
    assert "Traceback" not in err


def test_a_combination_that_cannot_exist_shows_the_resolvers_message(home: Path) -> None:
    assert home.is_dir()
    arguments = ("upgrade", "--baseline", OLD, "--candidate", "keras==99.0 torch==2.6.0", SCENARIO)
    called = call(*arguments, "--json")
    assert 2 == called.code
    document = json.loads(called.out)
    row = document["environments"][1]
    assert "keras==99.0 torch==2.6.0" == document["error"]["where"]
    assert "unresolvable" == row["status"]
    assert "keras==99.0" in row["message"]
    told = call(*arguments)
    assert "nothing was compared" in told.out.splitlines()[0]
    assert "keras==99.0" in told.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["upgrade", "--baseline", OLD], "--candidate"),
        (["upgrade", "--baseline", OLD, "--candidate", "keras==3.1.0"], "names no framework"),
        (["upgrade", "--baseline", OLD, "--candidate", "@nowhere.txt torch"], "cannot be read"),
        (["upgrade", "--baseline", OLD, "--candidate", NEW, "no/such"], "unknown scenario"),
        (["bisect", "--good", OLD, "--bad", NEW, "multi_backend"], "one scenario"),
        (["upgrade", "--baseline", OLD, "--candidate", NEW, "--backend", "jax"], "no jax"),
        (["bisect", "--good", OLD, SCENARIO], "--bad"),
    ],
)
def test_wrong_usage_exits_with_2_and_names_the_remedy(
    home: Path, arguments: list[str], words: str
) -> None:
    assert home.is_dir()
    called = call(*arguments)
    assert (2, "") == (called.code, called.out)
    assert words in called.err
