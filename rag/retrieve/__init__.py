"""Question -> passages: by words and by meaning, joined by one score."""
