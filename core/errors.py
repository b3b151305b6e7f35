"""Errors that carry data: what, where, expected, remedy.

Every error the product raises on purpose is a `ParityError`. The command line prints it on one
paragraph and exits with 2; what is wrong *inside* a document or a golden is a finding instead.
"""

from __future__ import annotations

from collections.abc import Iterable


class ParityError(Exception):
    """A problem a person can act on.

    Args:
        what: what is wrong, with the offending value.
        where: the file, option, scenario or field it was found in.
        expected: the rule that was broken.
        remedy: the next thing to do.
    """

    def __init__(self, what: str, *, where: str, expected: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.expected = expected
        self.remedy = remedy

    def __str__(self) -> str:
        end = "" if self.remedy.endswith("?") else "."
        return f"{self.where}: {self.what}. Expected: {self.expected}. Remedy: {self.remedy}{end}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.where, self.expected, self.remedy))


def _rebuild(
    kind: type[ParityError], what: str, where: str, expected: str, remedy: str
) -> ParityError:
    return kind(what, where=where, expected=expected, remedy=remedy)


class UsageError(ParityError):
    """A wrong argument, option or path (exit code 2)."""


class SpecError(ParityError):
    """A spec that breaks a rule of its own construction."""


class DataError(UsageError):
    """A data set that cannot be used (exit code 2)."""


class GoldenError(ParityError):
    """A golden or claim file that cannot be read; reported as the finding `golden-unreadable`."""


class ExecutionError(ParityError):
    """A run that cannot keep its promise, or failed while running."""


def did_you_mean(asked: str, known: Iterable[str], otherwise: str = "") -> str:
    """The remedy for a mistyped word: the known words nearest to it.

    Args:
        asked: the word as it was typed.
        known: the words that would have been right.
        otherwise: the remedy where none of them is near.
    """
    from difflib import get_close_matches  # only an error needs it

    words = {word.lower(): word for word in known}
    close = get_close_matches(asked.lower(), words, n=3, cutoff=0.5)
    return f"did you mean {', '.join(words[word] for word in close)}?" if close else otherwise
