"""The words, numbers, days and names of any text; nothing here knows about questions."""
