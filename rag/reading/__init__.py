"""Understanding a question: its kind, its terms, and what it leans on; and the numbers of any text."""
