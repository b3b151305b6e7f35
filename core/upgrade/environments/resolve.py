"""From a request to a lock: uv resolves, and the answer is kept.

A resolution is asked for again after a day, with the former pins preferred, so that what was
resolved once stays the same lock while the index still offers it; without a network the former
answer holds, and the report's head says so.
"""

from __future__ import annotations

import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

import attrs
from attrs import field, frozen

from core.errors import ParityError
from core.storage import Key, KeyedStore, cache_errors
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

    @property
    def identity(self) -> str:
        """What tells environments apart: the lock, and what runs in it."""
        return f"{self.lock.digest}/{self.request.backend}/{self.legacy}"


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
        store = KeyedStore(self.folder, _former, attrs.asdict)
        key = self._key(request, interpreter)
        former = store.read(key)
        if former is not None and not self.refresh and time.time() - former.when < A_DAY:
            return self._resolved(request, interpreter, former.text, former.warnings)
        answer = self._ask(request, interpreter, former, f".{store.path(key).stem}")
        if answer.offline and former is not None:
            day = time.strftime("%Y-%m-%d", time.localtime(former.when))
            note = f"resolved on {day}: there is no network now"
            return self._resolved(request, interpreter, former.text, (*former.warnings, note))
        if answer.code != 0:
            raise _failed(request, answer)
        warnings = _warnings(answer.err)
        resolved = self._resolved(request, interpreter, answer.out, warnings)
        store.write(key, _Former(time.time(), answer.out, warnings))
        return resolved

    def _key(self, request: Request, interpreter: Interpreter) -> Key:
        return {
            "requirements": list(request.requirements.values()),
            "constraints": list(request.constraints.values()),
            "options": list(self.options),
            "python": interpreter.version,
            "platform": _platform(),
        }

    def _ask(
        self, request: Request, interpreter: Interpreter, former: _Former | None, name: str
    ) -> Answer:
        """One resolution; uv takes constraints, overrides and preferences as files."""
        with cache_errors(self.folder, "cannot be made"):
            self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"{name}-{time.monotonic_ns()}"
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


def _former(value: object) -> _Former:
    """A kept resolution."""
    if not isinstance(value, dict):
        raise TypeError("no resolution")
    return _Former(float(value["when"]), str(value["text"]), tuple(value["warnings"]))


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
