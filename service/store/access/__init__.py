"""The access log: who read which case and why, written before anything is shown, in a chain of its own."""
