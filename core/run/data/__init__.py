"""The images the guides train on. Importing this imports no framework."""

from __future__ import annotations

from core.run.data.images import ImageData
from core.run.data.source import load_data

__all__ = ["ImageData", "load_data"]
