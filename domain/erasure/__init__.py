"""A person erased from a record: asked for, approved by another, held back or carried out, and never undone."""
