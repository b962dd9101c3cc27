"""How the model that verifies and reads was made: its examples, its training, its figures and its card."""
