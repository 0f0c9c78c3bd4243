"""Records as a reader is shown them: one module for each kind of record that hangs on a case."""
