"""One reader per document format; each turns text into blocks."""
