"""Known findings that are to stay green for a while, each with its reason and its last day."""

from core.documents.accepting.accepted import Accepted
from core.documents.accepting.applying import Applied, accept, leftovers
from core.documents.accepting.reading import Entry, read_accept_file

__all__ = ["Accepted", "Applied", "Entry", "accept", "leftovers", "read_accept_file"]
