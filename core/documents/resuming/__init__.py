"""Results of validated documents, kept between runs, so that a folder can be resumed."""

from core.documents.resuming.encoding import decoded, encoded
from core.documents.resuming.key import Basis, key_of
from core.documents.resuming.store import keep, kept

__all__ = ["Basis", "decoded", "encoded", "keep", "kept", "key_of"]
