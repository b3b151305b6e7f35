"""Mechanical repairs of a document's code, applied to a copy, to reveal what an error hid."""

from core.documents.repair.edits import Edit, edited, patch_of
from core.documents.repair.known import Repair, repair_for
from core.documents.repair.rounds import Round, repair_and_run

__all__ = ["Edit", "Repair", "Round", "edited", "patch_of", "repair_and_run", "repair_for"]
