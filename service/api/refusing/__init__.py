"""What an answer that says no is made of."""
