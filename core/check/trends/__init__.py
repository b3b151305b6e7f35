"""Trends: native runs judged by many recorded seeds, exactly by ranks."""
