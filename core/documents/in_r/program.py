"""The R cells of a document, ready to be executed."""

from __future__ import annotations

from attrs import frozen

from core.documents.in_r.reading import backend, modules, packages, training
from core.documents.in_r.state import BINDING
from core.documents.program import program_of
from core.documents.reading.document import Document
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host.program import Program

R = "r"


@frozen
class RProgram(Program):
    """A document's R code. Cells in other languages are not executed."""

    @property
    def executed(self) -> tuple[Cell, ...]:
        """The cells that R executes."""
        return tuple(c for c in self.cells if c.skip is None and c.language == R)

    @property
    def _sources(self) -> tuple[str, ...]:
        return tuple(cell.source for cell in self.executed)

    @property
    def packages(self) -> frozenset[str]:
        """The R packages that the code loads or names."""
        return packages(self._sources)

    @property
    def modules(self) -> tuple[str, ...]:
        """The Python frameworks to import first, so that they can be recorded and seeded."""
        return modules(self._sources)

    @property
    def needs_python(self) -> bool:
        """Whether the code leads to Python."""
        return bool(self.packages & set(BINDING))

    def training(self) -> tuple[int, ...]:
        """The cells that train."""
        trains = training(self._sources)
        return tuple(c.index for c, t in zip(self.executed, trains, strict=True) if t)

    def chosen_backend(self) -> str:
        """Keras's backend: asked for, else set in the code, else TensorFlow, keras3's default."""
        return self.backend or backend(self._sources) or "tensorflow"


def r_program_of(document: Document, *, backend: str = "", listings: bool = False) -> RProgram:
    """The R cells of a document that was read, ready to be executed.

    Args:
        document: the document.
        backend: Keras's backend; the empty string leaves the choice to the code.
        listings: execute full listings too, which repeat the code of earlier cells.
    """
    plain = program_of(document, backend=backend, listings=listings)
    return RProgram(
        name=plain.name,
        cells=plain.cells,
        folder=plain.folder,
        backend=backend,
    )
