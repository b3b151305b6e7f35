"""What changed in a release, as far as a scenario or a document uses it."""
