"""Saved searches: what a user watches, and what was reported about it."""
