"""DO: everything that touches the outside."""
