"""Why each dialect's program looks the way it does."""

from __future__ import annotations

from attrs import frozen

from core.dialects import DIALECTS
from core.site.texts import Text
from core.site.words.loading import table


@frozen
class Portrait:
    """A dialect in words.

    Attributes:
        name: what its column is called.
        sub: what it runs on.
        why: why its program looks as it does, point by point.
    """

    name: Text
    sub: Text
    why: tuple[Text, ...]


PORTRAITS = table("dialects.toml", Portrait, DIALECTS)
