"""Tests of core.sandbox.guest.control."""
