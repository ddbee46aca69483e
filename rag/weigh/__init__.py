"""Which sentences of the passages answer, and how sure that is: by words and by the reader."""
