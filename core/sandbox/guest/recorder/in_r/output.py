"""What an R document prints, by R itself or by Python that it calls."""

from __future__ import annotations

from contextlib import suppress

from ..channel import Channel
from ..ledger import Ledger
from ..output import Output
from ..places import Place
from ..stops import OutputStop
from .places import RPlaces


class ROutput(Output):
    """One stream. Text of R comes with its place; for text of Python R is asked."""

    def __init__(
        self,
        name: str,
        descriptor: int,
        channel: Channel,
        places: RPlaces,
        ledger: Ledger,
        limit: int,
    ) -> None:
        super().__init__(name, descriptor, channel, places, ledger, limit)
        self._r_places = places

    def write(self, text: str) -> int:
        """Takes text that Python code prints."""
        if text.strip():
            self.at(self._r_places.here())
        return super().write(text)

    def printed(self, place: Place, text: str) -> None:
        """Takes text that R printed; R itself ends a cell that prints without end."""
        self.at(place)
        with suppress(OutputStop):
            super().write(text)
