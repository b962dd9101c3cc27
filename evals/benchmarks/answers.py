"""Quoted answers on Natural Questions: does the answer contain an accepted one, how long is it, how sure, how fast.

    python -m evals.benchmarks.answers [--limit N]

All passages of Natural Questions and CLAPNQ are one library; every question is answered (`abstain=False`).
"""

import argparse
import tempfile
from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.progress import track

from evals.benchmarks.pools import Asked, Pool, bench, natural_questions, some
from evals.metrics import citation_faults, citation_precision, citation_recall, cited_sentences, contains
from evals.scoring import Ruler
from evals.statistics import estimate
from rag import Answer, Library


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, help="only every n-th question, so that about LIMIT are asked")
    limit = parser.parse_args().limit
    pool = natural_questions(bench())
    asked = some([question for question in pool.questions if question.set == "nq"], limit)
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder, Library(folder) as library:
        with console.status(f"indexing {len(pool.documents)} passages"):
            library.add_documents(pool.documents)
        library.ask(asked[0].question)
        answers = [
            library.ask(item.question, abstain=False)
            for item in track(asked, "asking", console=console, disable=not console.is_terminal)
        ]
    for line in report(pool, asked, answers):
        print(line)


def report(pool: Pool, asked: Sequence[Asked], answers: Sequence[Answer]) -> list[str]:
    """One line per figure."""
    right = np.array([contains(answer.text, item.answers) for item, answer in zip(asked, answers, strict=True)], float)
    first = np.array(
        [contains(answer.sentences[0].text, item.answers) for item, answer in zip(asked, answers, strict=True)], float
    )
    length = np.array([len(answer.text.split()) for answer in answers])
    sentences = np.array([len(answer.sentences) for answer in answers])
    surest = np.argsort([-answer.confidence for answer in answers], kind="stable")[: int(0.75 * len(answers))]
    documents = {document.source: document for document in pool.documents}
    sound = np.array([not citation_faults(answer, documents) for answer in answers])
    cited = [cited_sentences(answer) for answer in answers]
    groups = [item.group for item in asked]
    supports = Ruler().supports
    recall = estimate([citation_recall(sentences, supports) for sentences in cited], groups)
    precision = estimate([citation_precision(sentences, supports) for sentences in cited], groups)
    totals = np.array([answer.seconds["total"] for answer in answers]) * 1000
    figure = estimate(right.tolist(), groups)
    return [
        f"questions                         {len(asked)}",
        f"answer contains an accepted one   {figure}",
        f"  in the one that comes first     {first.mean():.3f}",
        f"  among the surer three quarters  {right[surest].mean():.3f}",
        f"words, mean                       {length.mean():.1f}",
        f"sentences, mean and most          {sentences.mean():.2f}, {sentences.max()}",
        f"every quote stands where it says  {sound.mean():.3f}",
        f"citation recall (ALCE)            {recall}",
        f"citation precision (ALCE)         {precision}",
        f"milliseconds, p50 and p95         {np.percentile(totals, 50):.0f}, {np.percentile(totals, 95):.0f}",
    ]


if __name__ == "__main__":
    main()
