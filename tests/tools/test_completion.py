"""The Tab key completes verbs, options, scenarios and dialects; no framework is imported."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.processes import program
from core.run.backends.emulation import processors
from tests.conftest import REPOSITORY

PROBE = """
import json, sys
from tools.cli.main import run
try:
    run([])
finally:
    names = ("tensorflow", "jax", "torch", "keras")
    print(json.dumps([name for name in names if name in sys.modules]), file=sys.stderr)
"""


def completed(*words: str, cwd: Path | None = None) -> list[str]:
    """What the last of some words may be completed to: `type,text` as zsh and fish are told."""
    variables = {
        "_PARITY_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("parity", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run(
        program("tools.cli"),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | variables,
        cwd=cwd,
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("ch",), ["plain,check"]),
        (("run", "keras_io_tf/g"), ["plain,keras_io_tf/gan"]),
        (("check", "dcgan_art"), ["plain,dcgan_article", "plain,dcgan_article/dcgan"]),
        (("show", "keras_io_tf/gan@t"), ["plain,keras_io_tf/gan@tensorflow"]),
        (("diff", "keras_io_tf/gan", "r_style/g"), ["plain,r_style/gan"]),
        (("diff", "my_loo"), ["file,my_loo"]),
        (("upgrade", "multi_backend/me"), ["plain,multi_backend/metrics"]),
        (("check", "--backend", "j"), ["plain,jax"]),
        (("run", "--kernels", "p"), ["plain,portable"]),
        (("run", "--ker"), ["plain,--kernels"]),
    ],
)
def test_words_are_completed(words: tuple[str, ...], expected: list[str]) -> None:
    found = completed(*words)
    assert set(expected) <= set(found)
    assert all(one.partition(",")[2].startswith(words[-1]) for one in found)


@pytest.mark.skipif(
    not processors(), reason="no emulator here; get it with `apt-get install qemu-user`"
)
def test_processors_are_completed_where_they_can_be_emulated() -> None:
    assert "plain,EPYC" in completed("check", "--processor", "EP")


def test_scenarios_of_an_added_folder_are_completed() -> None:
    folder = str(REPOSITORY / "tests" / "guides")
    assert ["plain,tiny", "plain,tiny/loop"] == completed("run", "--scenarios", folder, "ti")


def test_a_broken_folder_completes_nothing_and_says_nothing(tmp_path: Path) -> None:
    assert [] == completed("run", "--scenarios", str(tmp_path), "ti")


def test_completion_imports_no_framework() -> None:
    variables = {
        "_PARITY_COMPLETE": "bash_complete",
        "COMP_WORDS": "parity run keras_io_tf/",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | variables,
    )
    assert "plain,keras_io_tf/gan" in done.stdout.split()
    assert [] == json.loads(done.stderr.strip().splitlines()[-1])


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash; install it to run this test")
def test_the_line_that_the_help_shows_is_a_function_of_the_shell() -> None:
    source = subprocess.run(
        program("tools.cli"),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"_PARITY_COMPLETE": "bash_source"},
    ).stdout
    done = subprocess.run(
        ["bash", "-c", f"{source}\ncomplete -p parity"], capture_output=True, text=True, check=True
    )
    assert "_parity_completion" in done.stdout
