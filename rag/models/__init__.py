"""The models that read text: vectors for passages, scores for pairs. Each factory loads its model when first used."""
