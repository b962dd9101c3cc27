"""What makes an answer worth believing: does the evidence support it, and is there evidence at all."""
