"""How far an honest run may lie from a published one, and how that was measured.

Losses first: the guides' classifier (784-64-64-10 on raw pixels 0..255) trained for four epochs
with Adam 1e-3 at batch 32 and 64 and with SGD 1e-3 at batch 64, on MNIST (60 seeds), on the
embedded digits (20), and on two other sets of 60,000 images made from scikit-learn's digits, one
with faint strokes (20) and one with bright ones (60). The article's GAN: ten seeds of 375 steps,
and two with the sigmoid applied twice. "Broken" means: no training, learning rate x100 and /100,
shuffled labels, on MNIST and on the bright digits. No honest run of these failed, and every broken
one did, in every section.

All loss figures are natural logarithms of ratios. A loss that is doubled throughout (0.69) cannot
be told from an honest run: the published figures are too few. Goldens see that, claims cannot.
"""

from __future__ import annotations

import math

from attrs import frozen

CHANCE_ACCURACY = 0.1
CHANCE_LOSS = math.log(10)
"""Ten classes: what a model knows that has learnt nothing."""

HALF_WINDOW = 25
"""Steps on either side whose median is the level of the loss at a step. One batch's loss has a
log spread of 0.3 to 1.5, so it says little; 51 of them give the level to 5 to 25 %, and over 51
steps the level itself hardly moves, except from the very first step, which has its own rule."""

FLOOR = 5e-5
"""Half of the last decimal that the guides print; smaller losses count as this."""

UNTRAINED = 10.0
"""A first loss beyond this comes from initial weights on raw pixels: published 89 to 155."""


@frozen
class Tolerances:
    """How far an honest run may lie from the published one.

    Attributes:
        drift: how far the level of the loss moves between honest runs.
        spread: the widest that single losses scatter about their level in honest runs; a run
            that scatters more does not thereby earn more room.
        first: how far a first loss may lie, one draw on either side.
        share: part of the published accuracy's rise above chance that a run must show.
        excess: how far an accuracy may lie above the published one.
    """

    drift: float
    spread: float
    first: float
    share: float
    excess: float


SAME_IMAGES = Tolerances(
    # Beyond the sampling error, honest runs used up to 0.37 of this; broken ones lie 0.7 to 6 off,
    # and those nearest fail the chance rule and the accuracies.
    drift=0.6,
    # Honest runs scattered by 0.3 to 1.1.
    spread=1.1,
    # First losses were 0.38 to 2.4 times the published ones; pixels divided by 255 give 0.03.
    first=math.log(4),
    # The least share was 0.82 (SGD, first epoch); learning nothing gives 0.03.
    share=2 / 3,
    # The most was +0.073.
    excess=0.15,
)
"""For MNIST, on which every guide trained."""

OTHER_IMAGES = Tolerances(
    # Honest runs used up to 0.8 of this on the embedded digits and 1.38 on the faint ones, both
    # under SGD in the second epoch; Adam 0.3 and 1.02. No much smaller drift is honest, and so a
    # learning rate off by x100 under SGD hides within it: the chance rule below catches that.
    drift=math.log(5),
    # Adam scatters up to 1.5 at batch 64 on bright digits, more at batch 32, where it matters less.
    spread=1.6,
    # First losses were 0.38 to 2.5 times the published ones.
    first=math.log(4),
    # The least share was 0.18 (SGD on the faint digits, first epoch); learning nothing gives 0.03.
    share=1 / 8,
    # The most was +0.082.
    excess=0.15,
)
"""For handwriting of another kind, the embedded digits among them."""

ADVERSARIAL = Tolerances(
    # The article's levels lay within 0.06 (MNIST) and 0.1 (digits) of the published ones when the
    # loss finds the logits behind the sigmoid; the generator's 0.23 below when the sigmoid is
    # applied twice, with a sampling error of 0.08.
    drift=0.1,
    spread=0.25,
    # The keras.io GAN's first losses lay within -0.10 .. +0.09 (60 seeds, MNIST and digits).
    first=math.log(1.2),
    share=0.0,
    excess=1.0,
)
"""For `d_loss` and `g_loss`, whose first steps hang on initial weights and little on images."""

MEDIAN_ERROR = 1.2533
"""Standard error of a median over that of a mean, of normal draws."""

SAMPLING_Z = 3.0
"""Standard errors of the published figures' own sampling error that are allowed. The median of n
draws with standard deviation s has the standard error `MEDIAN_ERROR` s / sqrt(n); s is estimated
from this run, which, if it is honest, has the spread of the published one."""

LEARNT = 0.1
"""How far below chance the loss of the last epoch must lie where the published one is below half
of chance. Honest runs lay at least 0.4 below; those that learn nothing sit within 0.01 of it."""

STILL = 5.0
"""Adversarial losses that scatter this many times less than the published ones stand still. Honest
runs scatter more than a third as much as published, untrained ones a seventeenth or less."""

TIMES_FACTOR = 4.0
"""Two ratios of times agree within this factor. Such a ratio weighs the cost of dispatching an
operation against arithmetic, which differs between processors: 2-core x86 measured 20 where the
guide's machine showed 10, and both are what the page calls much faster."""
