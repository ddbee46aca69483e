"""Exported answers: conversations as documents with numbered sources, and the sources as references."""
