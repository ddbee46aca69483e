"""Fixed questions: their form, and when an answer is right."""
