"""The `eventsourcing` library's own recorder tests, run against our store."""
