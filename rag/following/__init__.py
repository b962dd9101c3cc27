"""A question that points back to what was said before: which word does, what it means, and the question with that."""
