"""What the commands print: answers, articles and the state of an archive as lines of text, and progress bars."""
