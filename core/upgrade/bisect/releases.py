"""The releases that the index offers between two versions.

uv is asked for the newest release below the last answer, again and again: it knows the indexes
that are configured, leaves out yanked and preliminary releases and those for other interpreters,
and answers from its cache in a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from core.errors import ExecutionError, UsageError
from core.storage import write_atomically
from core.upgrade.environments.uv import Uv, refuse

_MOST = 1000


def releases_between(
    package: str,
    first: str,
    last: str,
    python: str,
    *,
    uv: Uv,
    options: Sequence[str],
    folder: Path,
) -> list[str]:
    """Releases from `first` to `last`, both included, in that direction.

    Args:
        package: the distribution's name.
        first: a version.
        last: another version, older or newer.
        python: the interpreter to resolve for.
        uv: runs uv.
        options: where packages come from.
        folder: where uv finds the constraint it is asked with.

    Raises:
        UsageError: no versions, or the same one twice.
        ExecutionError: uv cannot ask the index.
    """
    try:
        low, high = sorted((Version(first), Version(last)))
    except InvalidVersion as error:
        raise UsageError(
            str(error),
            where=f"--good, --bad: {package}",
            expected="a release at each end",
            remedy=f'pin it, for example "{package}==3.5.0"',
        ) from error
    if low == high:
        raise UsageError(
            f"{package}=={first} at both ends",
            where="--good, --bad",
            expected="two releases of a package",
            remedy="name another release at one end",
        )
    found = [str(high)]
    folder.mkdir(parents=True, exist_ok=True)
    constraint = folder / f".{canonicalize_name(package)}.below"
    while len(found) < _MOST:
        write_atomically(constraint, f"{package}>={low},<{found[-1]}\n")
        arguments = [
            *("pip", "compile", "-", "--no-deps", "--no-header", "--no-annotate"),
            *("--constraints", str(constraint), "--python", python, *options),
        ]
        answer = uv(arguments, f"{package}\n")
        if answer.code != 0 and (answer.offline or answer.full):
            raise refuse(answer, "a list of releases", f"the releases of {package}")
        version = _version(answer.out, package) if answer.code == 0 else None
        if version is None or version <= low:
            break
        found.append(str(version))
    constraint.unlink(missing_ok=True)
    if len(found) >= _MOST:
        raise ExecutionError(
            f"more than {_MOST} releases of {package} between {low} and {high}",
            where="--good, --bad",
            expected="ends between which a search makes sense",
            remedy="bring the ends nearer to each other",
        )
    ascending = [str(low), *reversed(found)]
    return ascending if Version(first) == low else ascending[::-1]


def _version(text: str, package: str) -> Version | None:
    for line in text.splitlines():
        name, _, version = line.partition("==")
        if canonicalize_name(name.strip()) == canonicalize_name(package):
            try:
                return Version(version.split()[0])
            except (InvalidVersion, IndexError):
                return None
    return None
