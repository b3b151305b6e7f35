"""The package `tools` of a wheel; its parts come from the clone's `tools`."""
