"""What each command takes over HTTP: one body a command, one file an aggregate, one table of routes."""
