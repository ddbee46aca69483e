"""Questions that an archive answers, made of what its articles say: examples for a new user, follow-ups under an answer."""
