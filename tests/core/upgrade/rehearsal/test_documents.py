from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import attrs
import pytest
from attrs import define, field

from core.errors import UsageError
from core.sandbox.guest.control.hook import VARIABLE
from core.sandbox.guest.events import CellStarted, Event
from core.sandbox.host import ExecutionRecord
from core.sandbox.host import Limits as SandboxLimits
from core.sandbox.host.guest import guest_folder
from core.sandbox.host.program import Program
from core.sandbox.host.record import Ending
from core.upgrade.environments.interpreter import this_interpreter
from core.upgrade.environments.lock import lock_of
from core.upgrade.environments.request import read_spec
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal import documents
from core.upgrade.rehearsal.documents import (
    DocumentRunner,
    MixedRunner,
    document_subject,
)
from core.upgrade.rehearsal.engine import Stop
from core.upgrade.rehearsal.run import Key, Limits, Run, RunResult, RunStatus
from core.upgrade.rehearsal.scenarios import Data
from tests.core.upgrade.rehearsal.runs import CONTROLLED, NATIVE, failed

SPEC = "keras==3.5.0 tensorflow-cpu==2.16.2"


@define(eq=False)
class Sandbox:
    """Takes the sandbox's place and remembers how it was called."""

    programs: list[Program] = field(factory=list)
    limits: list[SandboxLimits] = field(factory=list)
    environments: list[Mapping[str, str]] = field(factory=list)
    pythons: list[str] = field(factory=list)
    looks: list[Callable[[Event], None]] = field(factory=list)

    def __call__(
        self,
        asked: Program,
        limits: SandboxLimits,
        *,
        python: str,
        environment: Mapping[str, str],
        on_event: Callable[[Event], None],
        **more: object,
    ) -> ExecutionRecord:
        """A document that did nothing."""
        del more
        self.programs.append(asked)
        self.limits.append(limits)
        self.environments.append(environment)
        self.pythons.append(python)
        self.looks.append(on_event)
        return ExecutionRecord((), (), Ending.COMPLETED, 0, 1.0, 0, ())


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    made = Sandbox()
    monkeypatch.setattr(documents, "run", made)
    return made


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    path = tmp_path / "loop.py"
    path.write_text("import keras\nimport yaml\nimport beside\nimport json\n", encoding="utf-8")
    (tmp_path / "beside.py").write_text("x = 1\n", encoding="utf-8")
    return path


def runner(loop: Path, spec: str = SPEC, stop: Stop | None = None) -> DocumentRunner:
    request = read_spec(spec)
    lock = lock_of("\n".join(request.requirements.values()), "3.11.7", "linux")
    resolved = Resolved(request, lock, this_interpreter())
    return DocumentRunner(
        resolved,
        Environment(Path("/nowhere"), lock, 1.0, made=True),
        subjects={str(loop): document_subject(loop)},
        data=Data("digits", "digits.npz", "d" * 64),
        limits=Limits(60.0, 1 << 30),
        stop=stop or threading.Event(),
    )


def test_an_experiment_is_what_the_document_and_the_modules_beside_it_say(loop: Path) -> None:
    first = document_subject(loop)
    assert (str(loop), 0) == (first.name, first.updates_per_step)
    assert first == document_subject(loop)
    (loop.parent / "notes.txt").write_text("nothing", encoding="utf-8")
    assert first == document_subject(loop)
    (loop.parent / "beside.py").write_text("x = 2\n", encoding="utf-8")
    assert first.experiment != document_subject(loop).experiment


def test_a_document_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        document_subject(tmp_path / "none.py")


def test_what_a_document_imports_leaves_out_the_standard_library_and_its_folder(
    loop: Path,
) -> None:
    program = document_subject(loop).program
    assert program is not None
    assert {"keras", "yaml"} == program.imported_packages()


def test_a_controlled_run_takes_the_control_along_and_a_native_one_does_not(
    loop: Path, sandbox: Sandbox
) -> None:
    made = runner(loop)
    made.run(Run(str(loop), attrs.evolve(CONTROLLED, nudge=1)))
    made.run(Run(str(loop), NATIVE))
    controlled, native = sandbox.environments
    assert {"seed": CONTROLLED.seed, "nudge": 1} == json.loads(controlled[VARIABLE])
    assert str(guest_folder(controlled=True)) == controlled["PYTHONPATH"]
    assert {} == native
    assert ["/nowhere/bin/python"] * 2 == sandbox.pythons
    assert {"tensorflow"} == {asked.backend for asked in sandbox.programs}


def test_legacy_keras_is_what_tensorflow_gives_the_document(loop: Path, sandbox: Sandbox) -> None:
    runner(loop, "tf-keras==2.16.0 tensorflow-cpu==2.16.2").run(Run(str(loop), NATIVE))
    assert {"TF_USE_LEGACY_KERAS": "1"} == sandbox.environments[0]


def test_limits_of_steps_time_and_memory_are_the_sandboxs(loop: Path, sandbox: Sandbox) -> None:
    runner(loop).run(Run(str(loop), attrs.evolve(NATIVE, steps=7)))
    (limits,) = sandbox.limits
    assert (7, 60.0, 1 << 30) == (limits.max_steps, limits.seconds, limits.memory)


def test_a_document_that_takes_no_step_has_run(loop: Path, sandbox: Sandbox) -> None:
    result = runner(loop).run(Run(str(loop), NATIVE))
    assert 1 == len(sandbox.programs)
    assert RunStatus.RAN == result.status
    assert result.trace is not None
    assert 0 == result.trace.steps


def test_a_stop_ends_the_document(loop: Path, sandbox: Sandbox) -> None:
    stop = threading.Event()
    runner(loop, stop=stop).run(Run(str(loop), NATIVE))
    sandbox.looks[0](CellStarted(0))
    stop.set()
    with pytest.raises(KeyboardInterrupt):
        sandbox.looks[0](CellStarted(0))


def test_a_result_depends_on_document_options_and_replicate(loop: Path) -> None:
    made = runner(loop)
    run = Run(str(loop), CONTROLLED)
    key = made.key(run)
    assert key == made.key(run)
    for other in (
        attrs.evolve(run, replicate=1),
        attrs.evolve(run, options=attrs.evolve(CONTROLLED, nudge=1)),
    ):
        assert key != made.key(other)
    loop.write_text("import keras\n", encoding="utf-8")
    assert key != runner(loop).key(run)


@define(eq=False)
class Scenarios:
    """A runner that says that it was asked."""

    closed: bool = False

    def run(self, run: Run) -> RunResult:
        """A result that no document gives."""
        return failed(run.subject)

    def key(self, run: Run) -> Key:
        """A key that no document has."""
        return {"scenario": run.subject}

    def close(self) -> None:
        """Remembered."""
        self.closed = True


def test_documents_and_scenarios_each_run_in_their_own_way(loop: Path, sandbox: Sandbox) -> None:
    scenarios = Scenarios()
    mixed = MixedRunner(scenarios, runner(loop))
    assert RunStatus.FAILED == mixed.run(Run("toy/first", NATIVE)).status
    assert {"scenario": "toy/first"} == mixed.key(Run("toy/first", NATIVE))
    assert RunStatus.RAN == mixed.run(Run(str(loop), NATIVE)).status
    assert "experiment" in mixed.key(Run(str(loop), NATIVE))
    mixed.close()
    assert scenarios.closed
    assert 1 == len(sandbox.programs)
