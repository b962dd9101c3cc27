"""The models: those that read text, as vectors and scores, and those that write it. Each loads when first used."""
