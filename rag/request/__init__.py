"""What people type that is not a question about a fact: it is recognised, and served from the archive."""
