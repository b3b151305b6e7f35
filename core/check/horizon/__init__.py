"""The rounding horizon: how far honest runs drift apart, measured per scenario and backend."""

from core.check.horizon.campaign import horizons, is_base, variations
from core.check.horizon.store import Measured

__all__ = ["Measured", "horizons", "is_base", "variations"]
