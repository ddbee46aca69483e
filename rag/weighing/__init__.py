"""Weighing evidence: what sentences meet, the fitted models, the phrase that answers."""
