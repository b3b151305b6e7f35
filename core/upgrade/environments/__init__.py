"""Environments for a rehearsal: requirements resolved to locks, made by uv, kept in the cache."""

from core.upgrade.environments.lock import Lock
from core.upgrade.environments.request import Request
from core.upgrade.environments.resolve import Resolver, UnresolvableError
from core.upgrade.environments.store import Environment, EnvironmentStore

__all__ = ["Environment", "EnvironmentStore", "Lock", "Request", "Resolver", "UnresolvableError"]
