"""What a SPEC leads to: a lock to run in, or the reason why there is none."""

from __future__ import annotations

from attrs import frozen

from core.errors import ExecutionError, ParityError
from core.upgrade.environments.request import Request
from core.upgrade.environments.resolve import Resolved, UnresolvableError


@frozen
class Unavailable:
    """An environment that cannot be had.

    Attributes:
        request: what was asked for.
        status: `unresolvable`; `failed` where the index cannot be asked or it cannot be made.
        what: the error's own words, as are the others.
        where: where it was found.
        expected: the rule that was broken.
        remedy: the next thing to do.
    """

    request: Request
    status: str
    what: str
    where: str
    expected: str
    remedy: str

    @classmethod
    def of(cls, request: Request, error: ParityError) -> Unavailable:
        """The environment of a request that an error keeps from being had."""
        status = "failed" if isinstance(error, ExecutionError) else "unresolvable"
        return cls(request, status, error.what, error.where, error.expected, error.remedy)

    @property
    def error(self) -> ParityError:
        """That error."""
        kind = ExecutionError if self.status == "failed" else UnresolvableError
        return kind(self.what, where=self.where, expected=self.expected, remedy=self.remedy)


Resolution = Resolved | Unavailable


def available(resolution: Resolution) -> Resolved:
    """The lock of a SPEC that has to have one.

    Raises:
        ParityError: it has none, with the resolver's reason.
    """
    if isinstance(resolution, Unavailable):
        raise resolution.error
    return resolution
