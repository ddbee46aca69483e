"""What a question asks: its kind, its terms, its parts, and what it needs from the conversation."""
