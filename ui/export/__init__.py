"""Answers to take away: conversations as documents with numbered sources, and the sources as references."""
