"""Questions that come from elsewhere: public sets, BEIR folders and a person's own tables."""

from evals.sets.question_set import QuestionSet, some
from evals.sets.registry import SETS, bench_folder, load_set
from evals.sets.tables import read_table

__all__ = ["SETS", "QuestionSet", "bench_folder", "load_set", "read_table", "some"]
