"""Tests of core.sandbox.guest."""
