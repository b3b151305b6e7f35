"""Programs that run inside another environment, with nothing but its Keras and NumPy."""
