"""Any figure of any summary, told by the events that it rests on, and worked out again from these alone."""
