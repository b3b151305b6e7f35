"""What of R is installed on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from attrs import frozen

BINDING = ("keras3", "keras", "tensorflow", "tfdatasets", "reticulate")
"""R packages that lead to Python; a document that uses one needs it to run at all."""

_MARK = "parity-probe\t"
_SECONDS = 60
_PROBE = """
cat("\\n", sep = "")
say <- function(kind, value) cat(paste0("parity-probe\\t", kind, "\\t", value, "\\n"), sep = "")
say("version", as.character(getRversion()))
say("library", normalizePath(.libPaths()))
for (name in commandArgs(trailingOnly = TRUE))
  if (nzchar(system.file(package = name))) say("package", name)
"""


@frozen
class RState:
    """R on this machine.

    Attributes:
        rscript: path of `Rscript`; None where it is not installed.
        version: R's version, empty where there is none.
        packages: those of `BINDING` that are installed.
        libraries: folders that R finds packages in, the user's own included.
        reason: what is missing to run documents with Keras; empty for nothing.
    """

    rscript: str | None
    version: str = ""
    packages: frozenset[str] = frozenset()
    libraries: tuple[str, ...] = ()
    reason: str = ""

    def missing(self, used: Iterable[str]) -> str:
        """What a document that uses some R packages lacks here, in words; empty for nothing.

        Args:
            used: R packages that the document loads. One that does not lead to Python is not
                looked for: a document that needs it says so itself, in the cell that loads it.
        """
        if self.rscript is None:
            return self.reason
        lacking = [name for name in BINDING if name in set(used) - self.packages]
        if not lacking:
            return ""
        words = f"R package{'s' * (len(lacking) != 1)} {', '.join(lacking)}"
        return f"R {self.version} is here, without the {words}"


def r_available() -> RState:
    """What of R is installed, found by asking `Rscript` once for each `PATH` and library path."""
    return _asked(os.environ.get("PATH", ""), os.environ.get("R_LIBS", ""))


@cache
def _asked(path: str, libraries: str) -> RState:  # noqa: ARG001 - what the answer depends on
    tool = shutil.which("Rscript")
    if tool is None:
        return RState(None, reason="no Rscript on this machine")
    try:
        done = subprocess.run(
            [tool, "--no-save", "--no-restore", "-e", _PROBE, *BINDING],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return RState(None, reason=f"{tool} does not start: {error}")
    told = _told(done.stdout)
    if done.returncode or not told["version"]:
        said = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        return RState(None, reason=f"{tool} does not start: {said}")
    packages = frozenset(told["package"])
    return RState(
        rscript=str(Path(tool)),
        version=told["version"][0],
        packages=packages,
        libraries=tuple(told["library"]),
        reason="" if "keras3" in packages else f"R {told['version'][0]} has no package keras3",
    )


def _told(printed: str) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {"version": [], "library": [], "package": []}
    for line in printed.splitlines():
        if line.startswith(_MARK):
            kind, _, value = line.removeprefix(_MARK).partition("\t")
            told.setdefault(kind, []).append(value)
    return told
