"""`--plan`, `--job`, `--collect` and `--html`, in a made-up world: no environment is made."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from core.upgrade.environments.interpreter import Interpreter
from tests.core.upgrade.jobs.plans import SPECS, plan, world
from tests.core.upgrade.rehearsal.engines import World, compare, engine, rehearsal
from tests.tools.parity import Called
from tools.cli import upgrade_jobs
from tools.cli.main import run


def call(*arguments: str | Path) -> Called:
    """The command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return Called(code, out.getvalue(), err.getvalue())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in place of environments; its plan lies in `tmp_path / "plan"`."""
    made_up = world()
    made = engine(made_up, tmp_path / "results")
    monkeypatch.setattr(upgrade_jobs, "prepared", lambda call: rehearsal(made))  # noqa: ARG005
    monkeypatch.setattr(
        "core.upgrade.jobs.carrying.find_interpreter",
        lambda version, uv: Interpreter("/usr/bin/python", f"{version}.7"),  # noqa: ARG005
    )
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        upgrade_jobs.print_plan(plan(made), "commands", tmp_path / "plan")
    return made_up


def _all_done(folder: Path) -> None:
    for number in range(8):
        called = call("upgrade", "--job", str(number), "--out", folder)
        assert 0 == called.code, called.err
        assert called.out.startswith(f"job {number}: toy/")


def test_a_report_is_refused_while_jobs_are_not_done(place: World, tmp_path: Path) -> None:
    assert [] == place.ran
    early = call("upgrade", "--collect", tmp_path / "plan")
    assert 2 == early.code
    assert "8 of 8 jobs have no result" in early.err


def test_the_commands_joined_give_the_report_of_the_rehearsal(place: World, tmp_path: Path) -> None:
    _all_done(tmp_path / "plan")
    assert 16 == len(place.ran)
    joined = call("upgrade", "--collect", tmp_path / "plan", "--json")
    assert 1 == joined.code, joined.err
    document = json.loads(joined.out)
    whole = compare(world(), tmp_path / "whole", *SPECS)
    assert whole.decision == document["decision"]
    expected = [(r.subject, r.candidate, str(r.verdict.kind)) for r in whole.results]
    assert expected == [(r["scenario"], r["candidate"], r["verdict"]) for r in document["results"]]
    assert 16 == len(place.ran)


def test_a_job_that_is_done_is_not_done_again(place: World, tmp_path: Path) -> None:
    _all_done(tmp_path / "plan")
    again = call("upgrade", "--job", "0-7", "--out", tmp_path / "plan")
    assert (0, "") == (again.code, again.out)
    assert 8 == again.err.count("is done")
    assert 16 == len(place.ran)


def test_the_page_is_written_beside_the_report(place: World, tmp_path: Path) -> None:
    _all_done(tmp_path / "plan")
    assert 16 == len(place.ran)
    path = tmp_path / "pages" / "report.html"
    called = call("upgrade", "--collect", tmp_path / "plan", "--html", path)
    assert 1 == called.code, called.err
    text = path.read_text(encoding="utf-8")
    assert "≠ diverged" in text
    assert "= identical" in text
    assert "data:image/svg+xml;base64," in text
    assert called.out.splitlines()[0] in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--job", "9"), "the plan has 8 jobs"),
        (("--job", "x"), "'x' names no job"),
        (("--plan", "commands", "--dask", "tcp://a:1"), "--plan and --dask"),
    ],
)
def test_wrong_usage_is_told(
    place: World, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    called = call("upgrade", *arguments, "--out", tmp_path / "plan")
    assert 2 == called.code
    assert said in called.err
    assert [] == place.ran


def test_a_job_without_a_folder_is_told() -> None:
    called = call("upgrade", "--job", "0")
    assert 2 == called.code
    assert "--job without --out" in called.err


def test_a_folder_without_a_plan_is_told(tmp_path: Path) -> None:
    called = call("upgrade", "--collect", tmp_path)
    assert 2 == called.code
    assert "plan.json" in called.err
