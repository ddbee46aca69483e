"""What of a document's lines is its article and what is noise of the page: told by where a line stands, then by its words."""
