"""A model's draft: asked for, read, and checked sentence by sentence against its passages."""
