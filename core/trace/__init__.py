"""Traces: what a run did, as plain values."""

from core.trace.trace import Image, LayerRow, LogLine, ModelSummary, Replay, Trace, WeightNorm

__all__ = ["Image", "LayerRow", "LogLine", "ModelSummary", "Replay", "Trace", "WeightNorm"]
