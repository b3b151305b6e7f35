from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import attrs
import pytest

from core.errors import ExecutionError, UsageError
from core.upgrade.environments.interpreter import Interpreter
from core.upgrade.jobs.carrying import carry_out, through
from core.upgrade.jobs.encoding import TaskResult, dumps, task_result_from
from core.upgrade.jobs.joining import PlanFolder, joined
from core.upgrade.jobs.plan import Plan
from core.upgrade.rehearsal.report import Report
from core.upgrade.rehearsal.run import RunResult, RunStatus
from tests.core.upgrade.jobs.plans import SPECS, found, plan, work_in, world
from tests.core.upgrade.rehearsal.engines import World, compare, engine, rehearsal


def _report(made: Plan, dones: list[TaskResult], folder: Path) -> Report:
    asked = rehearsal(engine(world(), folder))
    asked.results = joined(made, dones)
    return asked.compare(made.resolutions)


def _all(made: Plan, folder: Path) -> list[TaskResult]:
    folder.mkdir(exist_ok=True)
    seen: list[TaskResult] = []
    with ThreadPoolExecutor(2) as executor:
        done = through(executor, made, partial(work_in, folder), seen.append)
    assert sorted(one.task.number for one in seen) == [*range(8)]
    return done


def test_jobs_joined_give_the_report_of_the_rehearsal_itself(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    report = _report(made, _all(made, tmp_path / "jobs"), tmp_path / "other")
    whole = compare(world(), tmp_path / "whole", *SPECS)
    assert whole.results == report.results
    assert whole.decision == report.decision
    assert ["ready"] * 3 == [row.status for row in report.environments]


def test_jobs_in_any_order_and_through_files_give_the_same(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    held = PlanFolder(tmp_path / "plan")
    held.write(made)
    folder = tmp_path / "jobs"
    folder.mkdir()
    for task in reversed(held.read().tasks):
        held.keep(task_result_from(work_in(folder, dumps(made.only(task))), "here"))
    dones = [held.result(task) for task in made.tasks]
    report = _report(made, [done for done in dones if done], tmp_path / "other")
    assert compare(world(), tmp_path / "whole", *SPECS).results == report.results


def test_a_job_done_again_repeats_no_run(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    folder = tmp_path / "jobs"
    assert _all(made, folder) == _all(made, folder)
    lines = (folder / "runs.txt").read_text().splitlines()
    assert 16 == len(lines) == len(set(lines))


def test_a_missing_result_is_named(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    dones = _all(made, tmp_path / "jobs")
    with pytest.raises(UsageError, match=r"1 of 8 jobs have no result: 4 \(toy/first\)"):
        _report(made, dones[:4] + dones[5:], tmp_path / "other")


def test_a_result_that_comes_twice_is_refused(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    dones = _all(made, tmp_path / "jobs")
    with pytest.raises(UsageError, match="comes twice"):
        _report(made, [*dones, dones[2]], tmp_path / "other")


def test_another_plans_result_is_refused(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    dones = _all(made, tmp_path / "jobs")
    task = attrs.evolve(dones[0].task, resolved=dones[7].task.resolved)
    with pytest.raises(UsageError, match="belongs to another plan"):
        _report(made, [attrs.evolve(dones[0], task=task), *dones[1:]], tmp_path / "other")


def test_a_new_plan_forgets_the_results_of_the_former(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    held = PlanFolder(tmp_path / "plan")
    held.write(made)
    held.keep(_all(made, tmp_path / "jobs")[0])
    held.write(made)
    assert held.result(made.tasks[0]) is None


def test_a_damaged_result_counts_as_not_done(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    held = PlanFolder(tmp_path / "plan")
    held.write(made)
    held.keep(_all(made, tmp_path / "jobs")[0])
    path = held.path(made.tasks[0])
    path.write_text(path.read_text()[:-40])
    assert held.result(made.tasks[0]) is None


def test_another_state_of_the_code_is_refused_with_what_differs(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    task = made.tasks[0]
    wrong = attrs.evolve(task, keys=tuple({**key, "code": "another"} for key in task.keys))
    with pytest.raises(UsageError, match="not as planned: code"):
        carry_out(wrong, engine(world(), tmp_path), print, found)


def test_another_interpreter_is_refused(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    with pytest.raises(UsageError, match=r"Python 3\.99\.0 is here"):
        carry_out(
            made.tasks[0],
            engine(world(), tmp_path),
            print,
            lambda _: Interpreter("/python", "3.99.0"),
        )


def test_a_killed_run_is_no_result(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    killed = World(lambda asked, run: RunResult(RunStatus.KILLED))  # noqa: ARG005
    with pytest.raises(ExecutionError, match="killed"):
        carry_out(made.tasks[0], engine(killed, tmp_path), print, found)


def test_a_jobs_error_ends_the_work_and_keeps_what_was_done(tmp_path: Path) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    folder = tmp_path / "jobs"
    folder.mkdir()

    def work(text: str) -> str:
        if '"number": 5' in text:
            raise ExecutionError("no room", where="there", expected="room", remedy="clean")
        return work_in(folder, text)

    seen: list[TaskResult] = []
    with ThreadPoolExecutor(1) as executor, pytest.raises(ExecutionError, match="no room"):
        through(executor, made, work, seen.append)
    assert {0, 1, 2, 3, 4} <= {done.task.number for done in seen}
