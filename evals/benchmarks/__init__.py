"""Side-by-side figures on public data, from `PINCITE_BENCH` or `../shared/bench` (skipped where absent)."""
