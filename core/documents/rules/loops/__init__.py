"""The loops of a document's code, read from its syntax: what they assign, print and count."""

from core.documents.rules.loops.counting import Silence, silence_of
from core.documents.rules.loops.model import Drain, Loop, Printing
from core.documents.rules.loops.reading import Code, code_of

__all__ = ["Code", "Drain", "Loop", "Printing", "Silence", "code_of", "silence_of"]
