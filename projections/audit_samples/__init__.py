"""The random samples that auditors committed to: one row each, drawn or not."""
