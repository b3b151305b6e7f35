"""What a result was made with: interpreter, platform, processor, versions. Imports no framework."""

from __future__ import annotations

import platform
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from core.run.backends.registry import PACKAGES, version_of


def machine() -> dict[str, str]:
    """Python, platform and processor of this machine."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()}-{platform.machine()}",
        "cpu": processor(),
        "byteorder": sys.byteorder,
    }


@cache
def processor() -> str:
    """The processor's name, as far as the platform tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def version() -> str:
    """The version of Loop Parity."""
    return metadata.version("loop-parity")


def document_environment() -> dict[str, str]:
    """The `environment` object of every JSON document: the machine, Keras and every backend."""
    found = {"keras": version_of("keras")}
    found |= {name: version_of(package) for name, package in PACKAGES.items()}
    return machine() | {name: text for name, text in found.items() if text is not None}
