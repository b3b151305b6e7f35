"""What changed between releases of Keras, measured, and the page that says so."""
