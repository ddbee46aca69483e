"""multilingual-e5-small from a package's file of 4-bit weights: the file, its tokenizer, and the engine that runs it."""
