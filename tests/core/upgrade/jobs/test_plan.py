from pathlib import Path

import pytest

from core.errors import UsageError
from core.upgrade.jobs.encoding import dumps, plan_from
from core.upgrade.jobs.plan import Plan
from core.upgrade.jobs.printing import commands, matrix, numbers_of
from tests.core.upgrade.jobs.plans import SPECS, plan, world
from tests.core.upgrade.rehearsal.engines import engine


@pytest.fixture
def made(tmp_path: Path) -> Plan:
    return plan(engine(world(), tmp_path))


def test_a_task_is_one_subject_in_one_environment(made: Plan) -> None:
    titles = [(task.resolved.request.spec, task.title) for task in made.tasks]
    assert [
        (SPECS[0], "toy/first"),
        (SPECS[0], "toy/second"),
        (SPECS[0], "toy/second, control"),
        (SPECS[0], "toy/first, control"),
        (SPECS[1], "toy/first"),
        (SPECS[1], "toy/second"),
        (SPECS[2], "toy/first"),
        (SPECS[2], "toy/second"),
    ] == titles


def test_every_run_of_the_rehearsal_is_in_one_task_and_in_no_other(made: Plan) -> None:
    runs = [(task.resolved.identity, run) for task in made.tasks for run in task.runs]
    assert 16 == len(runs) == len(set(runs))


def test_a_plan_survives_its_file(made: Plan) -> None:
    assert made == plan_from(dumps(made), "here")


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}', '{"format": 1}'])
def test_a_file_that_is_no_plan_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(UsageError, match="cannot be used") as caught:
        plan_from(text, "there/plan.json")
    assert "there/plan.json" == caught.value.where


def test_commands_name_each_task_once_and_quote_the_folder(made: Plan) -> None:
    lines = list(commands(made, Path("a plan")))
    assert [f"parity upgrade --job {n} --out 'a plan'" for n in range(8)] == lines


def test_a_matrix_holds_every_task_and_no_more_rows_than_github_takes(
    made: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    rows = json.loads(matrix(made, Path("plan")))["include"]
    assert [str(n) for n in range(8)] == [row["job"] for row in rows]
    monkeypatch.setattr("core.upgrade.jobs.printing.MOST_IN_A_MATRIX", 3)
    rows = json.loads(matrix(made, Path("plan")))["include"]
    assert ["0-2", "3-5", "6-7"] == [row["job"] for row in rows]
    assert [*range(8)] == [number for row in rows for number in numbers_of(row["job"])]


@pytest.mark.parametrize("text", ["", "x", "-", "4-x"])
def test_a_text_that_names_no_job_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        numbers_of(text)
