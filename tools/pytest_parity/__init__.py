"""The folder of the pytest plugin, which `parity plugin` prints."""
