"""The table versions of a read model: made, compared, switched, dropped."""
