"""The demonstration: realistic cases of fictitious organisations, played over HTTP by a client like any other."""
