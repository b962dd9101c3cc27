"""Measures of the code that runs for users: cases, metrics, statistics, report. `python -m evals run CASES`."""
