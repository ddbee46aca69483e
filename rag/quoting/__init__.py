"""Quote mode: what is quoted, in which order, from whom, and where sources differ."""
