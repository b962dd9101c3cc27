"""Where libraries are kept."""
