"""Which lines of a document are its article and which are page noise: judged by where a line stands, then by its words."""
