"""Results of validated documents, kept between runs, so that a folder can be resumed."""

from core.resuming.encoding import decoded, encoded
from core.resuming.key import Basis, key_of
from core.resuming.store import keep, kept

__all__ = ["Basis", "decoded", "encoded", "keep", "kept", "key_of"]
