"""keras.io, the older guide: "Writing a training loop from scratch" (Keras 2, SGD, batch 64)."""

from scenarios.multi_backend.compiled import COMPILED
from scenarios.multi_backend.defects import DEFECTS
from scenarios.multi_backend.first_loop import FIRST_LOOP, GUIDE
from scenarios.multi_backend.gan import GAN
from scenarios.multi_backend.metrics import METRICS
from scenarios.multi_backend.tracked_losses import TRACKED_LOSSES

SCENARIOS = (FIRST_LOOP, METRICS, COMPILED, TRACKED_LOSSES, GAN)

__all__ = ["DEFECTS", "GUIDE", "SCENARIOS"]
