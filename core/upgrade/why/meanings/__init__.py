"""What means something else in another release, without an error."""
