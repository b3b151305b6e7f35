"""A side that runs in a process of its own: Keras fixes its backend when it is imported."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import define, field, frozen

from core.diff.microscope.side import Opened
from core.errors import DataError, ExecutionError, ParityError, UsageError
from core.processes import Child, program
from core.run.backends.mending import SWITCH
from core.run.backends.registry import process_environment
from core.run.worker.job import Job
from core.trace.encoding import Json

PROGRAM = "core.diff.microscope.program"
USAGE = {"UsageError": UsageError, "DataError": DataError}


@frozen
class Host:
    """Another environment for a side.

    Attributes:
        python: its interpreter.
        folder: the code to run there.
        variables: of the process, all of them.
    """

    python: Path
    folder: Path
    variables: Mapping[str, str]


@define(eq=False)
class RemoteSide:
    """Asks the side program.

    Attributes:
        job: one scenario, its backend and options.
        mended: with the known leaks taken out of Keras.
        host: where it runs; None for this environment.
    """

    job: Job
    mended: bool = False
    host: Host | None = None
    _child: Child = field(init=False)

    def __attrs_post_init__(self) -> None:
        host, job = self.host, self.job
        mended = {SWITCH: "1" if self.mended else ""}
        if host is not None:
            command = [str(host.python), "-m", PROGRAM]
            self._child = Child(command, {**host.variables, **mended}, host.folder)
        else:
            here = process_environment(job.backend, job.arithmetic)
            self._child = Child(program(PROGRAM), {**here, **mended}, job.repository)

    def open(self) -> Opened:
        """Starts the backend, then as any side."""
        self._send(self.job.dumps())
        answer = self._ask({"ask": "open"})
        assert isinstance(answer, dict)
        return Opened(
            execution=answer["execution"],
            steps=answer["steps"],
            taps=tuple(answer["taps"]),
            losses={name: [float(v) for v in values] for name, values in answer["losses"].items()},
        )

    def start(self, out: Path) -> None:
        """Writes the initial variables."""
        self._ask({"ask": "start", "out": str(out)})

    def train(self) -> None:
        """Trains what the scenario continues."""
        self._ask({"ask": "train"})

    def step(self, index: int, out: Path, begin: Path | None = None) -> None:
        """Takes a step."""
        begun = None if begin is None else str(begin)
        self._ask({"ask": "step", "index": index, "out": str(out), "begin": begun})

    def noise(self, size: float, draws: Sequence[int]) -> Mapping[str, float]:
        """The step again from moved variables."""
        answer = self._ask({"ask": "noise", "size": size, "draws": list(draws)})
        assert isinstance(answer, dict)
        return {name: float(value) for name, value in answer.items()}

    def close(self) -> None:
        """Ends the process."""
        self._child.close()

    def _ask(self, question: Mapping[str, Json]) -> object:
        return self._send(json.dumps(question))

    def _send(self, line: str) -> object:
        self._child.tell(line)
        reply = self._child.answer()
        if reply is None:
            raise self._died()
        if "problem" in reply:
            problem = reply["problem"]
            assert isinstance(problem, dict)
            raise self._problem(problem)
        return reply["answer"]

    def _problem(self, problem: Mapping[str, str]) -> ParityError:
        kind = USAGE.get(problem["kind"], ExecutionError)
        return kind(
            problem["what"],
            where=problem["where"] or self.job.name,
            expected=problem["expected"],
            remedy=problem["remedy"],
        )

    def _died(self) -> ExecutionError:
        code = self._child.ended()
        tail = self._child.last_words()
        return ExecutionError(
            f"the side's process ended with code {code}" + (f": {tail}" if tail else ""),
            where=self.job.name,
            expected="a process that answers until it is closed",
            remedy="look for a lack of memory, or compare fewer steps",
        )
