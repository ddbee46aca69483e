"""Weighing evidence: what sentences meet, what a reader finds in them, and the fitted models that judge by both."""
