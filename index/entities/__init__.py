"""The people, places and organisations of each article."""
