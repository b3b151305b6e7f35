"""How much of what may go wrong a check sees: mutants, tampered traces, and what others see."""
