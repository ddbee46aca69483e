"""A language model is tried: one question a language, through the real prompt and the real check."""
