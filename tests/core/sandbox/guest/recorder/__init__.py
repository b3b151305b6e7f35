"""Tests of core.sandbox.guest.recorder."""
