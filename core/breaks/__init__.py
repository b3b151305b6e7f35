"""What breaks loudly: the first error, its cascade, what it hides, and the repair as a patch."""
