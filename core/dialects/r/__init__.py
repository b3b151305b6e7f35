"""R keras3: pipes, steps from 1, `%as%`."""

from core.dialects.r.dialect import RDialect

__all__ = ["RDialect"]
