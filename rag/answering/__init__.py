"""Evidence becomes a draft: sentences, each with the places that it rests on."""
