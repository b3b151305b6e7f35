"""The work of a rehearsal as a plain list of independent jobs, for whatever machine does them."""
