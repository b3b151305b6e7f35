"""`deprecated-api`: calls that a release has removed or is going to remove."""

from core.documents.rules.deprecated.calls import deprecated_api

__all__ = ["deprecated_api"]
