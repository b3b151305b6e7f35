"""What is copied into other environments: imports NumPy, and the Keras that is there."""
