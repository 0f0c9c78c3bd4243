"""Being open with one relevant person: conversations, letters, questions, findings shared."""
