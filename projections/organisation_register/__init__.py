"""Who is registered, and who commissions whom from when to when."""
