"""The work of a rehearsal as a plain list of independent tasks, for whatever machine does them."""
