"""The microscope: two runs compared op by op, and what Keras computes in lower precision."""
