"""What auditors ask: packs of evidence, and what proves them."""
