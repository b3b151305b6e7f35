"""Documents of other people: read, executed, judged, repaired, reported on."""
