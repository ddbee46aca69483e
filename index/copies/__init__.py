"""Articles that came more than once, word for word or nearly so."""
