"""Running printed programs unaltered, watched from outside, and comparing them with the runner."""
