"""Running printed programs unaltered, in the sandbox, and comparing them with the runner."""
