"""Fixed questions: their form, when an answer is right, and all of them through the real pipeline."""
