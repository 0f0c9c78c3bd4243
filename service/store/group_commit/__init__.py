"""Appends share transactions: whatever queued while the last batch was committed is the next batch."""
