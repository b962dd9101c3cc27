"""`python -m evals run CASES`, `compare`, `judge`, `make`, `review`."""

from evals.cli import app

if __name__ == "__main__":
    app(prog_name="python -m evals")
