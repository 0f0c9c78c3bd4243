"""A random sample of threshold decisions: committed to before it can be known, drawn so that anyone can draw it again."""
