"""SQL text as migrations contain it: tokens, statements, and what they do."""
