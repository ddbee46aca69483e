"""What a question asks: its kind, its terms, its parts, and what of the conversation it needs."""
