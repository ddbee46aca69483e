"""What people type that is no question about a fact: read, and served from the archive."""
