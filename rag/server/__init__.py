"""What stands before every door of a server: who may come in, how much, how often, and what is told of it."""
