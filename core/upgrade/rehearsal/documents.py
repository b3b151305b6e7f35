"""Running documents in environments: a user's own loop, without a spec.

The sandbox executes it and the recorder sees every update; a controlled run besides replaces a
stated list of random calls (`core.sandbox.guest.control.calls`), and so lets numbers be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import attrs
from attrs import frozen

from core.code_image import code_image
from core.documents.program import program_of
from core.documents.reading import read_document
from core.run.backends.registry import legacy_switch
from core.sandbox.guest.control.hook import VARIABLE
from core.sandbox.guest.events import Event
from core.sandbox.host import ExecutionRecord, run
from core.sandbox.host import Limits as SandboxLimits
from core.sandbox.host.guest import guest_folder
from core.sandbox.host.program import Program
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.engine import EnvironmentRunner, Stop, run_key
from core.upgrade.rehearsal.recorded import result_of
from core.upgrade.rehearsal.run import Key, Limits, Run, RunResult
from core.upgrade.rehearsal.scenarios import Data
from core.upgrade.rehearsal.subjects import Subject

_MOST_FILES = 200


def document_subject(path: Path) -> Subject:
    """A document as something to run; its experiment is what it and its folder's modules say.

    Raises:
        UsageError: a document that cannot be read.
    """
    program = program_of(read_document(path))
    total = hashlib.sha256(path.read_bytes())
    for beside in sorted(path.parent.glob("*.py"))[:_MOST_FILES]:
        total.update(beside.name.encode() + hashlib.sha256(beside.read_bytes()).digest())
    return Subject(
        name=str(path),
        experiment=f"document/{total.hexdigest()}",
        backends=("tensorflow", "jax", "torch"),
        updates_per_step=0,
        program=program,
    )


@frozen
class DocumentRunner:
    """Runs documents in an environment.

    Attributes:
        resolved: the environment's lock.
        environment: where it lies; None where only keys are asked for.
        subjects: what can be run, by path.
        data: the images that stand in for MNIST.
        limits: what one run may take.
        stop: set when everything is to end.
    """

    resolved: Resolved
    environment: Environment | None
    subjects: Mapping[str, Subject]
    data: Data
    limits: Limits
    stop: Stop

    def run(self, run_: Run) -> RunResult:
        """Executes a document once."""
        program = self.subjects[run_.subject].program
        assert program is not None
        record = self.execute(program, run_)
        return result_of(
            record,
            run_,
            self.limits,
            backend=self.resolved.request.backend,
            data=(self.data.name, self.data.sha256),
        )

    def execute(self, program: Program, run_: Run) -> ExecutionRecord:
        """Executes a document's code, or a repaired copy of it, and says what was seen."""
        assert self.environment is not None
        options = run_.options
        extra = legacy_switch(self.resolved.legacy)
        if options.randomness == "controlled":
            extra[VARIABLE] = json.dumps({"seed": options.seed, "nudge": options.nudge})
            extra["PYTHONPATH"] = str(guest_folder(controlled=True))
        limits = SandboxLimits(
            seconds=self.limits.seconds,
            cell_seconds=self.limits.seconds,
            memory=self.limits.memory or SandboxLimits().memory,
        )
        if options.steps is not None:
            limits = attrs.evolve(limits, max_steps=options.steps)
        return run(
            attrs.evolve(program, backend=self.resolved.request.backend),
            limits,
            seed=options.seed,
            data=Path(self.data.path),
            python=str(self.environment.python),
            arithmetic=run_.arithmetic,
            environment=extra,
            coverage="off",
            on_event=self._look,
        )

    def _look(self, event: Event) -> None:
        del event
        if self.stop.is_set():
            raise KeyboardInterrupt

    def key(self, run_: Run) -> Key:
        """What the result depends on."""
        return run_key(
            run_,
            self.resolved,
            self.subjects[run_.subject],
            code=code_digest(),
            data=self.data.sha256,
        )

    def close(self) -> None:
        """Nothing is kept between runs."""


@frozen
class MixedRunner:
    """Runs scenarios and documents, each in its own way.

    Attributes:
        scenarios: runs scenarios.
        documents: runs documents.
    """

    scenarios: EnvironmentRunner
    documents: DocumentRunner

    def _of(self, run_: Run) -> EnvironmentRunner:
        return self.documents if run_.subject in self.documents.subjects else self.scenarios

    def run(self, run_: Run) -> RunResult:
        """What became of a run."""
        return self._of(run_).run(run_)

    def key(self, run_: Run) -> Key:
        """What the result depends on."""
        return self._of(run_).key(run_)

    def close(self) -> None:
        """Ends what is open."""
        self.scenarios.close()
        self.documents.close()


@cache
def code_digest() -> str:
    """SHA-256 over the code that reads, executes and records documents."""
    return code_image([__name__]).digest
