"""The rules that make questions, by what they ask for."""
