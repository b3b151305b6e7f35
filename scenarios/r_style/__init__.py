"""The R keras3 vignette of the guide: R's counting, R's random split, integer pixels."""

from scenarios.r_style.compiled import COMPILED, COMPILED_INTENDED
from scenarios.r_style.defects import DEFECTS
from scenarios.r_style.first_loop import FIRST_LOOP, GUIDE
from scenarios.r_style.gan import GAN, GAN_INTENDED
from scenarios.r_style.metrics import METRICS
from scenarios.r_style.tracked_losses import TRACKED_LOSSES

SCENARIOS = (
    FIRST_LOOP,
    METRICS,
    COMPILED,
    COMPILED_INTENDED,
    TRACKED_LOSSES,
    GAN,
    GAN_INTENDED,
)

__all__ = ["DEFECTS", "GUIDE", "SCENARIOS"]
