"""What only some verbs need is an extra of the package; whoever lacks it is told how to get it."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from core.errors import UsageError

_DISTRIBUTION = "loop-parity"
_ROOT = Path(__file__).resolve().parents[1]


def _installed_from() -> str | None:
    """The URL of the wheel or folder this was installed from; None where an index gave it."""
    try:
        said = distribution(_DISTRIBUTION).read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    if not said:
        return None
    origin = json.loads(said)
    vcs = origin.get("vcs_info")
    return f"{vcs['vcs']}+{origin['url']}@{vcs['commit_id']}" if vcs else str(origin["url"])


def install_command(extra: str) -> str:
    """The command that adds an extra to this installation, in the words of what installed it."""
    if (_ROOT / "Makefile").is_file():
        return "make setup"  # a clone, whose lock holds every extra
    wanted = f"'{_DISTRIBUTION}[{extra}]'"
    prefix = Path(sys.prefix)
    by_pipx = (prefix / "pipx_metadata.json").is_file()
    by_uv = (prefix / "uv-receipt.toml").is_file()
    if find_spec("pip") is not None and not (by_pipx or by_uv):
        return f"python -m pip install {wanted}"  # the installed package satisfies it
    # pipx and uv resolve the name anew, and no index has what came from a file.
    url = _installed_from()
    if url is not None:
        wanted = f"'{_DISTRIBUTION}[{extra}] @ {url}'"
    if by_pipx:
        return f"pipx install --force {wanted}"
    if by_uv:
        return f"uv tool install --force {wanted}"
    return f"uv pip install {wanted}, or uvx --from {wanted} parity …"


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
