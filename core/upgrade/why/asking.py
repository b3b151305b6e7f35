"""Asking a program in another environment; answers are kept, for they depend on the lock alone."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from core.errors import ExecutionError
from core.processes import Child
from core.run.backends.registry import legacy_variables, process_environment
from core.sandbox.host.guest import PACKAGE, guest_folder, guest_image
from core.storage import KeyedStore, cache_folder
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.process import clean_variables

Fields = Mapping[str, object]


@frozen
class Inside:
    """A place in another environment.

    Attributes:
        python: its interpreter.
        backend: the framework.
        legacy: the package of legacy Keras, empty for Keras 3.
        digest: what its packages are, as a hash.
        seconds: what one process may take.
    """

    python: Path
    backend: str
    legacy: str
    digest: str
    seconds: float = 1800.0

    @property
    def name(self) -> str:
        """A name for what this environment makes with the present programs."""
        parts = (self.digest, self.backend, self.legacy, guest_image().digest)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def ask(self, questions: Sequence[Fields]) -> list[Fields]:
        """The answers of one process, in the order of the questions.

        Raises:
            ExecutionError: it ended without answering, or took too long.
        """
        more = {"PYTHONPATH": str(guest_folder()), "PYTHONDONTWRITEBYTECODE": "1"}
        more |= legacy_variables(self.legacy)
        until = time.monotonic() + self.seconds
        with tempfile.TemporaryDirectory(prefix="parity-inside-") as folder:
            more["KERAS_HOME"] = folder
            child = Child(
                [str(self.python), "-m", f"{PACKAGE}.programs"],
                clean_variables(process_environment(self.backend), more),
                folder,
            )
            try:
                return [self._asked(child, question, until) for question in questions]
            except TimeoutError as error:
                raise self._failed(f"no answer after {self.seconds:g} s") from error
            finally:
                child.close(kill=True)

    def _asked(self, child: Child, question: Fields, until: float) -> Fields:
        child.tell(json.dumps(question))
        answer = child.answer(until)
        if answer is None:
            code = child.ended()
            raise self._failed(f"the process ended with code {code}: {child.last_words()}")
        return answer

    def ask_once(self, *questions: Fields) -> list[Fields]:
        """The answers to questions that depend on the environment alone; kept.

        What is not known yet is asked of one process.

        Raises:
            ExecutionError: as `ask`, or the cache cannot be written.
        """
        store = KeyedStore(cache_folder() / "upgrade" / "inside", _fields)
        here = {
            "packages": self.digest,
            "backend": self.backend,
            "legacy": self.legacy,
            "programs": guest_image().digest,
        }
        keys = [here | {"question": dict(question)} for question in questions]
        known = [answer for key in keys if (answer := store.read(key)) is not None]
        if len(known) == len(keys):
            return known  # whatever else this environment is being asked meanwhile
        with store.held(here):
            kept = [store.read(key) for key in keys]
            left = [place for place, answer in enumerate(kept) if answer is None]
            asked = self.ask([questions[place] for place in left]) if left else []
            for place, answer in zip(left, asked, strict=True):
                store.write(keys[place], answer)
                kept[place] = answer
        return [answer for answer in kept if answer is not None]

    def _failed(self, what: str) -> ExecutionError:
        return ExecutionError(
            what,
            where=str(self.python),
            expected="an environment with Keras and a framework that can be imported",
            remedy="run the command again; `parity upgrade --clean` makes environments again",
        )


def _fields(value: object) -> Fields:
    """A kept answer."""
    if not isinstance(value, dict):
        raise TypeError("no answer")
    return value


def inside(resolved: Resolved, environment: Environment) -> Inside:
    """The place of an environment."""
    return Inside(
        environment.python, resolved.request.backend, resolved.legacy, resolved.lock.digest
    )
