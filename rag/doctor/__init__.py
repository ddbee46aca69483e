"""What an operator would look at when something is wrong: each thing checked, each fault told with its remedy."""
