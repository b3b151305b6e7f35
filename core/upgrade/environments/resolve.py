"""From a request to a lock: uv resolves, and the answer is kept.

A resolution is asked for again after a day, with the former pins preferred, so that what was
resolved once stays the same lock while the index still offers it; without a network the former
answer holds, and the report's head says so.
"""

from __future__ import annotations

import hashlib
import json
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

from attrs import field, frozen

from core.check.golden.store import write_atomically
from core.errors import ExecutionError, ParityError
from core.upgrade.environments.interpreter import Interpreter, find_interpreter
from core.upgrade.environments.lock import Lock, lock_of
from core.upgrade.environments.processor import CPU_TENSORFLOW, accelerators
from core.upgrade.environments.request import Request
from core.upgrade.environments.uv import Answer, Uv, index_options, refuse, run_uv

A_DAY = 86_400.0
_NEVER = "python_version < '0'"


class UnresolvableError(ParityError):
    """Requirements that no environment can meet, or a release that does not exist."""


@frozen
class Resolved:
    """A request with its lock.

    Attributes:
        request: what was asked for.
        lock: what it resolves to.
        interpreter: what it was resolved for.
        notes: for the report's head: the request's notes, yanked releases, another interpreter.
    """

    request: Request
    lock: Lock
    interpreter: Interpreter
    notes: tuple[str, ...] = ()

    @property
    def legacy(self) -> str:
        """The package that holds legacy Keras, empty where Keras 3 is used."""
        return self.request.legacy or self.lock.legacy


@frozen
class Resolver:
    """Resolves requests.

    Attributes:
        folder: where resolutions are kept.
        uv: runs uv.
        options: further options for uv's resolver (where packages come from).
        refresh: ask again, and for the newest of everything.
    """

    folder: Path
    uv: Uv = run_uv
    options: Sequence[str] = field(factory=index_options)
    refresh: bool = False

    def resolve(self, request: Request) -> Resolved:
        """The lock of a request.

        Raises:
            UnresolvableError: no environment can meet it, with the resolver's own message.
            ExecutionError: no network and no former answer, or a full disk.
        """
        interpreter = find_interpreter(request.python, self.uv)
        path = self.folder / f"{self._key(request, interpreter)}.json"
        former = _read(path)
        if former is not None and not self.refresh and time.time() - former.when < A_DAY:
            return self._resolved(request, interpreter, former.text, former.warnings)
        answer = self._ask(request, interpreter, former)
        if answer.offline and former is not None:
            day = time.strftime("%Y-%m-%d", time.localtime(former.when))
            note = f"resolved on {day}: there is no network now"
            return self._resolved(request, interpreter, former.text, (*former.warnings, note))
        if answer.code != 0:
            raise _failed(request, answer)
        warnings = _warnings(answer.err)
        resolved = self._resolved(request, interpreter, answer.out, warnings)
        _write(path, _Former(time.time(), answer.out, warnings))
        return resolved

    def _key(self, request: Request, interpreter: Interpreter) -> str:
        parts = [*request.requirements.values(), "", *request.constraints.values(), ""]
        parts += [*self.options, interpreter.version, _platform()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def _ask(self, request: Request, interpreter: Interpreter, former: _Former | None) -> Answer:
        """One resolution; uv takes constraints, overrides and preferences as files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f".{self._key(request, interpreter)}-{time.monotonic_ns()}"
        files = {
            "constraints": "\n".join(request.constraints.values()),
            "overrides": f"tensorflow ; {_NEVER}" if CPU_TENSORFLOW in request.requirements else "",
        }
        arguments = [
            *("pip", "compile", "-", "--no-header", "--no-annotate"),
            *("--python", interpreter.path, "--no-python-downloads", *self.options),
        ]
        made: list[Path] = []
        try:
            for option, text in files.items():
                if text:
                    path = self.folder / f"{stem}.{option}"
                    made.append(path)
                    path.write_text(text + "\n", encoding="utf-8")
                    arguments += [f"--{option}", str(path)]
            if former is not None and not self.refresh:
                path = self.folder / f"{stem}.txt"
                made.append(path)
                path.write_text(former.text, encoding="utf-8")
                arguments += ["--output-file", str(path)]
                arguments += [f"--upgrade-package={name}" for name in request.requirements]
            return self.uv(arguments, "\n".join(request.requirements.values()) + "\n")
        finally:
            for path in made:
                path.unlink(missing_ok=True)

    def _resolved(
        self, request: Request, interpreter: Interpreter, text: str, warnings: Sequence[str]
    ) -> Resolved:
        lock = lock_of(text, interpreter.version, _platform())
        if unwanted := accelerators(lock.versions):
            raise UnresolvableError(
                f"it would bring an accelerator's build along ({', '.join(unwanted[:3])}, …)",
                where=f"SPEC {request.spec!r}",
                expected="builds for the processor: a rehearsal runs on the CPU",
                remedy="let pip know a CPU build (PIP_FIND_LINKS), or name a version that has one",
            )
        notes = dict.fromkeys([*request.notes, *interpreter.notes, *warnings])
        return Resolved(request, lock, interpreter, tuple(notes))


@frozen
class _Former:
    when: float
    text: str
    warnings: tuple[str, ...]


def _read(path: Path) -> _Former | None:
    """A kept resolution; None where there is none, or a damaged one."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        whole = hashlib.sha256(value["text"].encode()).hexdigest() == value["sha256"]
        former = _Former(float(value["when"]), str(value["text"]), tuple(value["warnings"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return former if whole else None


def _write(path: Path, former: _Former) -> None:
    value = {
        "when": former.when,
        "text": former.text,
        "warnings": former.warnings,
        "sha256": hashlib.sha256(former.text.encode()).hexdigest(),
    }
    try:
        write_atomically(path, json.dumps(value))
    except OSError as error:
        raise ExecutionError(
            f"cannot be written ({error.strerror or error})",
            where=str(path),
            expected="a cache folder with room",
            remedy="free some space, or set PARITY_CACHE to a folder of another disk",
        ) from error


def _platform() -> str:
    return sysconfig.get_platform()


def _warnings(err: str) -> tuple[str, ...]:
    """What uv warns of, such as a yanked release."""
    lines = (line.strip() for line in err.splitlines())
    return tuple(x.removeprefix("warning: ") for x in lines if x.startswith("warning:"))


def _failed(request: Request, answer: Answer) -> ParityError:
    where = f"SPEC {request.spec!r}"
    if answer.full or answer.offline:
        return refuse(answer, "a resolution", where)
    return UnresolvableError(
        answer.err or answer.out,
        where=where,
        expected=f"requirements that one environment with Python {sys.version.split()[0]} can meet",
        remedy="change the requirement that the resolver names",
    )
