"""The mathematics of each section: what runs are compared with, in double precision."""
