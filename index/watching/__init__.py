"""Saved searches: what a reader watches, and what was told of it."""
