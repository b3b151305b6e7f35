"""Tests of core.drilldown."""
