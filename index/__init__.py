"""Articles in: load, clean, chunk, analyse, embed and store. Imports neither rag nor ui."""
