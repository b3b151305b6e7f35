"""Environments for a rehearsal: requirements resolved to locks, made by uv, kept in the cache."""

from core.environments.lock import Lock
from core.environments.request import Request
from core.environments.resolve import Resolver, UnresolvableError
from core.environments.store import Environment, EnvironmentStore

__all__ = ["Environment", "EnvironmentStore", "Lock", "Request", "Resolver", "UnresolvableError"]
