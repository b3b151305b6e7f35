"""What only some verbs need is an extra of the package; whoever lacks it is told how to get it."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from core.errors import UsageError

_DISTRIBUTION = "loop-parity"
_ROOT = Path(__file__).resolve().parents[1]


def install_command(extra: str) -> str:
    """The command that adds an extra to this installation, in the words of what installed it."""
    if (_ROOT / "Makefile").is_file():
        return "make setup"  # a clone, whose lock holds every extra
    wanted = f"'{_DISTRIBUTION}[{extra}]'"
    prefix = Path(sys.prefix)
    if (prefix / "pipx_metadata.json").is_file():
        return f"pipx install --force {wanted}"
    if (prefix / "uv-receipt.toml").is_file():
        return f"uv tool install --force {wanted}"
    if find_spec("pip") is None:  # an environment of uv's
        return f"uv pip install {wanted}, or uvx --from {wanted} parity …"
    return f"python -m pip install {wanted}"


def require(package: str, extra: str, where: str) -> None:
    """Makes sure that the package of an extra is here, before anything takes time.

    Args:
        package: the name it is imported by.
        extra: the extra that brings it.
        where: the verb, option or file that needs it.

    Raises:
        UsageError: it is not installed.
    """
    if find_spec(package) is None:
        raise UsageError(
            f"the package {package} is not installed",
            where=where,
            expected=f"the extra {extra!r} of {_DISTRIBUTION}",
            remedy=install_command(extra),
        )
