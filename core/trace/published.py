"""Claim files: the figures that one guide publishes, read strictly."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path

from attrs import field, frozen
from attrs.validators import min_len
from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn, override
from cattrs.v import format_exception

from core.errors import GoldenError
from core.storage import os_errors_as
from core.trace.claims import Claim, ClaimKind

FORMAT = 1
_REMEDY = "restore the file from the repository"


@frozen
class PublishedGuide:
    """All figures one guide publishes, in document order.

    Attributes:
        format: format number of the file; this release reads `FORMAT`.
        guide: guide id.
        title: the document's own title.
        created: ISO date the document says it was created, if it says so.
        modified: ISO date of the last modification it states, if any.
        year: year of the current edition, `None` where the document names no date.
        claims: the figures.
    """

    format: int
    guide: str
    title: str
    created: str | None
    modified: str | None
    year: int | None
    claims: tuple[Claim, ...] = field(validator=min_len(1))

    def of_section(self, section: str) -> tuple[Claim, ...]:
        """The claims of one section; a variant (`compiled~intended`) has none."""
        return tuple(claim for claim in self.claims if claim.section == section)


def load_published(guide: str, root: Path) -> PublishedGuide:
    """Read the claims of one guide.

    Args:
        guide: guide id, which names the file.
        root: the folder of claim files (`golden/published`).

    Raises:
        GoldenError: the file is missing, unreadable, truncated, not JSON, of another format
            number or guide, or holds an unknown field, a missing one or a wrong type.
    """
    path = root / f"{guide}.json"
    with os_errors_as(
        GoldenError,
        "the claim file cannot be read",
        where=path,
        expected="a readable file",
        remedy=_REMEDY,
    ):
        content = path.read_bytes()
    try:
        document: object = json.loads(content.decode("utf-8"))
    except ValueError as error:
        raise _error(path, f"is not JSON: {error}", "one complete JSON document") from error
    number = document.get("format") if isinstance(document, dict) else None
    if number != FORMAT or isinstance(number, bool):
        raise _error(path, f"has format {number!r}", f"format {FORMAT}")
    try:
        published = _CONVERTER.structure(document, PublishedGuide)
    except Exception as error:
        what = "; ".join(transform_error(error, format_exception=_explain))
        raise _error(path, f"is wrong: {what}", "the fields of a claim file") from error
    if published.guide != guide:
        raise _error(path, f"holds the claims of {published.guide!r}", f"guide {guide!r}")
    return published


def _error(path: Path, what: str, expected: str) -> GoldenError:
    return GoldenError(
        f"the claim file {what}",
        where=str(path),
        expected=expected,
        remedy=_REMEDY,
    )


def _explain(error: BaseException, wanted: type | None) -> str:
    own = type(error) in (ValueError, TypeError)
    return str(error) if own else format_exception(error, wanted)


def _strict_converter() -> Converter:
    """A converter that refuses unknown fields and converts no value to another type."""
    converter = Converter(forbid_extra_keys=True)

    def integer(value: object, _: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{value!r} is not an integer")
        return value

    def number(value: object, _: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise TypeError(f"{value!r} is not a finite number")
        return float(value)

    def text(value: object, _: object) -> str:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is not text")
        return value

    converter.register_structure_hook(int, integer)
    converter.register_structure_hook(float, number)
    converter.register_structure_hook(str, text)
    # cattrs dispatches on subclasses too: without its own hook the enum would stay a `str`.
    converter.register_structure_hook(ClaimKind, lambda value, _: ClaimKind(text(value, _)))
    structure = make_dict_structure_fn(
        Claim, converter, _cattrs_forbid_extra_keys=True, place=override(omit=True)
    )
    converter.register_structure_hook(Claim, structure)
    return converter


_CONVERTER = _strict_converter()
