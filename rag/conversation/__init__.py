"""Conversations that stay: kept in SQLite for the one who asks, their questions answered in turn."""
