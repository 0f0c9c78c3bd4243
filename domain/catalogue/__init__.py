"""The stored names of events, one file an aggregate, and upcasts of old ones."""
