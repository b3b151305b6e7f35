"""What `parity diff` and `parity show` are asked about: a section, and the dialect to print it in.

`keras_io_tf/metrics@fit` names a dialect; a backend names its run and its dialect alike; without
either it is the guide's own dialect.
"""

from __future__ import annotations

from attrs import frozen

from core.dialects import DIALECTS, Dialect, own_dialect
from core.dialects.registry import dialect
from core.errors import UsageError
from core.spec import Scenario
from core.spec.catalog import Catalog


@frozen
class Titled:
    """One side of a comparison: a section, or a document of somebody's own.

    Attributes:
        text: as it was asked for.
        dialect: how it is written.
    """

    text: str
    dialect: Dialect


@frozen
class Subject:
    """A section in a dialect.

    Attributes:
        text: as it was asked for.
        scenario: the section.
        dialect: how it is printed.
        named: whether a dialect was named.
    """

    text: str
    scenario: Scenario
    dialect: Dialect
    named: bool

    @property
    def titled(self) -> Titled:
        """What a page shows of it."""
        return Titled(self.text, self.dialect)


def subject(catalog: Catalog, text: str) -> Subject:
    """Reads `guide/section`, `guide/section@dialect` or a backend with settings after it.

    Raises:
        UsageError: an unknown scenario or dialect, or several scenarios.
    """
    name, _, rest = text.partition("@")
    selected = catalog.select([name])
    if len(selected) != 1:
        raise UsageError(
            f"{name!r} stands for {len(selected)} scenarios",
            where=text,
            expected="one guide/section",
            remedy=f"name one of them, {selected[0].id} for example",
        )
    asked = rest.partition(",")[0]
    chosen = dialect(asked) if asked else own_dialect(selected[0])
    return Subject(text, selected[0], chosen, bool(asked))


def names_a_dialect_only(text: str) -> bool:
    """Whether a qualified id names a dialect that is no backend: `legacy`, `r` or `fit`."""
    asked = text.partition("@")[2].partition(",")[0]
    return asked in DIALECTS and DIALECTS[asked].backend != asked
