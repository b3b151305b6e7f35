"""uv, as a program: it comes with an extra, so that nothing is asked of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from attrs import frozen

from core.errors import ExecutionError, UsageError
from core.extras import install_command, require


@frozen
class Answer:
    """What a command of uv said."""

    code: int
    out: str
    err: str

    @property
    def offline(self) -> bool:
        """Whether it failed for want of a network."""
        text = self.err.lower()
        words = ("network was disabled", "network connectivity is disabled", "failed to fetch")
        more = ("error sending request", "dns error", "could not connect", "connection refused")
        return self.code != 0 and any(word in text for word in (*words, *more))

    @property
    def full(self) -> bool:
        """Whether it failed because a disk is full."""
        words = ("No space left on device", "os error 28", "Disk quota exceeded", "os error 122")
        return self.code != 0 and any(word in self.err for word in words)


_FINDING = threading.Lock()

Uv = Callable[[Sequence[str], str], Answer]
"""Runs uv with arguments and a text on its standard input."""


@cache
def program() -> str:
    """The path of uv.

    Raises:
        UsageError: the package is not installed.
    """
    require("uv", "upgrade", "the environments of a SPEC")
    from uv import find_uv_bin

    try:
        with _FINDING:  # sysconfig's first answer is wrong where two threads ask at once
            return find_uv_bin()
    except FileNotFoundError as error:
        raise UsageError(
            f"the package uv has lost its program ({error})",
            where=f"the environment of {sys.executable}",
            expected="the program uv where its package puts it",
            remedy=install_command("upgrade"),
        ) from error


def run_uv(arguments: Sequence[str], text: str = "") -> Answer:
    """Runs uv; a keyboard interrupt ends it."""
    process = subprocess.run(
        [program(), *arguments],
        input=text,
        capture_output=True,
        text=True,
        env=_variables(),
        check=False,
    )
    return Answer(process.returncode, process.stdout, process.stderr.strip())


def _variables() -> dict[str, str]:
    """The process's variables without those that would lead uv to another environment."""
    dropped = {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX"}
    return {name: value for name, value in os.environ.items() if name not in dropped}


@cache
def index_options() -> tuple[str, ...]:
    """Pip's configured folders and indexes as options of uv, which reads none of pip's settings.

    What uv is told itself (`UV_INDEX_URL`, its own configuration) is left to it.
    """
    return options_from(pip_settings())


def pip_settings() -> dict[str, str]:
    """Pip's settings in effect, by name without their section; empty where pip is not here."""
    command = [sys.executable, "-m", "pip", "config", "list", "--disable-pip-version-check"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    settings: dict[str, str] = {}
    for line in done.stdout.splitlines():
        name, found, value = line.partition("=")
        section, _, key = name.rpartition(".")
        # The environment's variables win over every file, and `install` over `global`.
        if found and (section == ":env:" or key not in settings or "install" in section):
            settings[key] = value.strip().strip("'\"")
    return settings


def options_from(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Options of uv for pip's settings `find-links`, `index-url`, `extra-index-url`, `no-index`."""
    options: list[str] = []
    for place in settings.get("find-links", "").split():
        options += ["--find-links", place]
    if "index-url" in settings and "UV_INDEX_URL" not in os.environ:
        options += ["--default-index", settings["index-url"]]
    for url in settings.get("extra-index-url", "").split():
        if not url.startswith("file:") or Path(url.removeprefix("file://")).is_dir():
            options += ["--index", url]
    if "--index" in options:  # as pip does: the best version of all indexes
        options += ["--index-strategy", "unsafe-best-match"]
    if settings.get("no-index", "").lower() in {"1", "true", "yes"}:
        options.append("--no-index")
    return tuple(options)


def refuse(answer: Answer, doing: str, where: str) -> ExecutionError:
    """The error of a command that failed: uv's own words, and what to do."""
    said = answer.err or answer.out or f"uv ended with code {answer.code}"
    if answer.full:
        return ExecutionError(
            f"the disk is full: {said}",
            where=where,
            expected=f"room for {doing}",
            remedy="free some space (`parity upgrade --clean` removes every environment), or set "
            "PARITY_CACHE and UV_CACHE_DIR to folders of a larger disk",
        )
    if answer.offline:
        return ExecutionError(
            f"no network: {said}",
            where=where,
            expected="the package index, or an environment that an earlier call made",
            remedy="try again with a connection",
        )
    return ExecutionError(
        said, where=where, expected=doing, remedy="correct the SPEC as the message says"
    )
