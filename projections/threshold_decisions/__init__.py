"""Every threshold decision ever made: one row each, with the facts that it was made from."""
