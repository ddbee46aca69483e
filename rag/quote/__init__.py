"""An answer of quotes: which, in which order, from whom, and where sources differ."""
