"""What float64 loses on each backend, measured against NumPy."""
