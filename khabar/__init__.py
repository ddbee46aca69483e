"""A client of an archive: embedded in this process, or of a server."""
