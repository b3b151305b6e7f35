"""What the site says in words: ops, the loop around them, dialects, titles."""
