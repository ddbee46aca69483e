"""The short answer, said in the question's language where that is certain."""
