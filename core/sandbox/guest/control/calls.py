"""Random calls that a controlled run does not replace, and how the warning of one begins."""

from __future__ import annotations

NOTICED_KERAS = ("beta", "binomial", "categorical", "dropout", "gamma", "normal", "randint")
NOTICED_KERAS_TOO = ("shuffle", "truncated_normal", "uniform")
NOTICED_TENSORFLOW = ("categorical", "gamma", "poisson")
NOTICED_JAX = ("bernoulli", "categorical", "choice", "normal", "permutation", "randint", "uniform")
NOTICED_TENSOR = ("bernoulli_", "exponential_", "multinomial", "random_")
NOTICED_TORCH = ("bernoulli", "multinomial", "normal", "randint")

MARK = "uncontrolled draw: "
"""How the warning of a noticed call begins."""
