"""The rooms of the page: which controls each has and what they call. What they show is made in `rag.web`."""
