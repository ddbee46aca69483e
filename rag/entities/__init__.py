"""Names in articles: read by the glossary and by patterns, asked for by any of their spellings."""
