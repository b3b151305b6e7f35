"""Two things side by side: what they do differently in words, then their code, op by op."""
