"""Mechanical repairs of a document's code, applied to a copy, to reveal what an error hid."""

from core.repair.edits import Edit, edited, patch_of
from core.repair.known import Repair, repair_for
from core.repair.rounds import Round, repair_and_run

__all__ = ["Edit", "Repair", "Round", "edited", "patch_of", "repair_and_run", "repair_for"]
