"""Specs: what a guide's section does, as frozen values checked on construction."""

from core.spec.scenario import BACKENDS, PHASES, Guide, Loop, Origin, Scenario, flat

__all__ = ["BACKENDS", "PHASES", "Guide", "Loop", "Origin", "Scenario", "flat"]
