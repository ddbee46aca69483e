"""A model's draft: how it is read, and what must hold of its sentences."""
