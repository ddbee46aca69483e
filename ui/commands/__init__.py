"""The khabar command, one module a group: index, watch, archive, watchlist, ask, eval, models, serve."""
