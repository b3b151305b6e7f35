"""What the Python dialects share: models, data loading, the loop around the step, printing."""
