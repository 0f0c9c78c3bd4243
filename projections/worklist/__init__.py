"""What waits for a person: questions to decide, learning responses and improvement actions; clocks join when asked."""
