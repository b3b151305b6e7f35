"""Sample sheets of the GAN sections, recorded once."""
