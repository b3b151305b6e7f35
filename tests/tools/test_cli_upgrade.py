from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.core.environments.wheels import wheel
from tests.tools.parity import Called

OLD = "keras==3.0.5 tensorflow-cpu==2.16.2"
NEW = "keras==3.1.0 tensorflow-cpu==2.16.2"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
    wheel(shop, "tensorflow-cpu", "2.16.2", requires=["keras>=3.0"], package=False)
    return folder


def environment(home: Path) -> dict[str, str]:
    return dict(os.environ) | {
        "PARITY_CACHE": str(home / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(home / "shop"),
        "UV_OFFLINE": "1",
    }


def call(home: Path, *arguments: str | Path) -> Called:
    done = subprocess.run(
        [sys.executable, "-m", "tools.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(home),
    )
    return Called(done.returncode, done.stdout, done.stderr)


def upgrade(home: Path, small_npz: Path, *more: str | Path) -> Called:
    common = ("--steps", "3", "--native-steps", "2", "--data", small_npz)
    return call(home, "upgrade", *common, *more)


SCENARIO = "multi_backend/tracked_losses"


def test_two_environments_are_made_run_and_compared_without_a_network(
    home: Path, small_npz: Path
) -> None:
    pytest.importorskip("tensorflow", reason="pip install '.[tensorflow]': the scenarios run on it")
    arguments = ("--baseline", OLD, "--candidate", NEW, SCENARIO, "--json")
    called = upgrade(home, small_npz, *arguments)
    document = called.document()
    assert 0 == called.code, called.err
    assert {"format", "verb", "version", "environment", "environments", "results"} <= set(document)
    (result,) = json.loads(called.out)["results"]
    assert (SCENARIO, OLD, NEW) == tuple(result[n] for n in ("scenario", "baseline", "candidate"))
    assert ("identical", 3, None) == tuple(
        result[n] for n in ("verdict", "updates", "first_difference")
    )
    rows = json.loads(called.out)["environments"]
    assert ["ready", "ready"] == [row["status"] for row in rows]
    assert ["3.0.5", "3.1.0"] == [row["resolved"]["keras"] for row in rows]

    again = upgrade(home, small_npz, *arguments)
    assert "making" not in again.err
    assert json.loads(called.out)["results"] == json.loads(again.out)["results"]
    assert [row["runs"] for row in json.loads(again.out)["environments"]] == [
        row["known"] for row in json.loads(again.out)["environments"]
    ]

    told = upgrade(home, small_npz, *arguments[:-1], "--out", home / "out")
    assert told.out.splitlines()[0] == "1 of 1 rounding or better, all identical"
    assert "= identical" in told.out
    assert (home / "out" / "upgrade.json").is_file()

    found = call(
        home,
        *("bisect", "--good", OLD, "--bad", NEW, SCENARIO, "--steps", "3", "--native-steps", "2"),
        *("--data", small_npz, "--json"),
    )
    assert 0 == found.code, found.err
    assert "nothing changes" in str(found.document()["decision"])

    cleaned = call(home, "upgrade", "--clean")
    assert cleaned.out.startswith("2 environments removed")
    assert not (home / "cache" / "upgrade" / "environments").exists()


def test_an_interrupted_call_exits_with_130(home: Path, small_npz: Path) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tools.cli", "upgrade", "--baseline", OLD, "--candidate", NEW),
            *(SCENARIO, "--data", str(small_npz)),
        ],
        env=environment(home),
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


def test_a_combination_that_cannot_exist_shows_the_resolvers_message(
    home: Path, small_npz: Path
) -> None:
    arguments = ("--baseline", OLD, "--candidate", "keras==99.0 tensorflow-cpu==2.16.2", SCENARIO)
    called = upgrade(home, small_npz, *arguments, "--json")
    assert 2 == called.code
    row = json.loads(called.out)["environments"][1]
    assert "unresolvable" == row["status"]
    assert "keras==99.0" in row["message"]
    told = upgrade(home, small_npz, *arguments)
    assert "nothing was compared" in told.out.splitlines()[0]
    assert "keras==99.0" in told.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["upgrade", "--baseline", OLD], "--candidate"),
        (["upgrade", "--baseline", OLD, "--candidate", "keras==3.1.0"], "names no framework"),
        (["upgrade", "--baseline", OLD, "--candidate", "@nowhere.txt jax"], "cannot be read"),
        (["upgrade", "--baseline", OLD, "--candidate", NEW, "no/such"], "unknown scenario"),
        (["bisect", "--good", OLD, "--bad", NEW, "multi_backend"], "one scenario"),
        (["bisect", "--good", OLD, SCENARIO], "--bad"),
    ],
)
def test_wrong_usage_exits_with_2_and_names_the_remedy(
    home: Path, arguments: list[str], words: str
) -> None:
    called = call(home, *arguments)
    assert (2, "") == (called.code, called.out)
    assert words in called.err
