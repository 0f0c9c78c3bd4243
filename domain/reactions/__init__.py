"""When this happens, order that: one sentence a file."""
