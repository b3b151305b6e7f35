"""Finding the release that changed a trace."""
