"""Dates as newsrooms write them: found, read in every way that they allow, and decided where clues suffice."""
