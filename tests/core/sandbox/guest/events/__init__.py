"""Tests of core.sandbox.guest.events."""
