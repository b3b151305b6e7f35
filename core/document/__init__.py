"""Published documents: sections, cells, outputs, and the claims they make; nothing is executed."""
