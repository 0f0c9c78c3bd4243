"""Policy as data: editions of rules, the duties that follow from them, and their clocks."""
