"""What the words, numbers, days and names of any text are; nothing here knows of questions."""
