"""The sets that can be asked for by name. Nothing of them is kept in the project."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evals.sets import domains, retrieval, squad, wikipedia
from evals.sets.beir import CORPUS, JUDGEMENTS, QUERIES, is_beir, read_beir
from evals.sets.question_set import Draft, QuestionSet
from rag.errors import BadInput


@dataclass(frozen=True, slots=True)
class PublicSet:
    """One public set and how it is read."""

    name: str
    read: Callable[[Path, Draft], None]
    """From the folder of public data into a draft."""
    paths: tuple[str, ...]
    """Its files below the folder of public data."""
    licence: str
    note: str
    """What its evidence is."""


_POOLED = "Passages of Natural Questions and CLAPNQ are one pool."
_NQ_FILES = (wikipedia.NQ, wikipedia.CLAPNQ, wikipedia.CLAPNQ_NONE)
_SPANS = "Evidence is the spans that people marked as answers, those that overlap being one; a group is a paragraph."
SETS = {
    one.name: one
    for one in (
        PublicSet("squad2", squad.squad2, (squad.SQUAD2,), "CC BY-SA 4.0", _SPANS),
        PublicSet(
            "nq",
            wikipedia.nq,
            _NQ_FILES,
            "MIT (text CC BY-SA)",
            f"{_POOLED} Evidence is every place in the gold passage where an accepted answer stands as whole words.",
        ),
        PublicSet(
            "clapnq",
            wikipedia.clapnq,
            _NQ_FILES,
            "Apache-2.0 (text CC BY-SA)",
            f"{_POOLED} Evidence is the sentences that any annotator chose; answers are free words.",
        ),
        PublicSet(
            "qed",
            wikipedia.qed,
            (wikipedia.QED,),
            "CC BY-SA 3.0",
            "Evidence is the sentence that implies the answer, or the answers where more than one is needed.",
        ),
        PublicSet("xquad", squad.xquad, (squad.XQUAD,), "CC BY-SA 4.0", _SPANS),
        PublicSet(
            "pubmedqa",
            domains.pubmedqa,
            (domains.PUBMEDQA,),
            "MIT",
            "Evidence is the whole abstract; yes, no and maybe are tags, and answers are free words.",
        ),
        PublicSet(
            "mtragun",
            domains.mtragun,
            (domains.MTRAGUN,),
            "Apache-2.0",
            "Evidence is the whole passages shown; questions that are underspecified should not be answered.",
        ),
        PublicSet(
            "financebench",
            domains.financebench,
            (domains.FINANCEBENCH, domains.FILINGS),
            "CC BY-NC 4.0",
            "Evidence is pages of the PDFs; answers are free words, except for figures that were worked out.",
        ),
        PublicSet(
            "scifact",
            retrieval.scifact,
            (retrieval.SCIFACT_CORPUS, retrieval.SCIFACT_CLAIMS),
            "CC BY 4.0",
            "Finding alone: claims, and whole abstracts that they were written from.",
        ),
        PublicSet(
            "cranfield",
            retrieval.cranfield,
            (retrieval.CRANFIELD_DOCUMENTS, retrieval.CRANFIELD_QUERIES, retrieval.CRANFIELD_JUDGEMENTS),
            "none stated",
            "Finding alone: whole abstracts, codes 1 to 4 being grades 4 to 1; code -1 is no evidence.",
        ),
    )
}
"""Every public set by its name."""


def bench_folder() -> Path:
    """Where the folder of public data is looked for."""
    return Path(os.environ.get("PINCITE_BENCH", Path(__file__).parents[2].parent / "shared" / "bench"))


def load_set(name_or_path: str | Path, folder: Path | None = None) -> QuestionSet:
    """The public set of that name from `folder` (`bench_folder()` if left out), or the BEIR folder at that path.

    Raises `BadInput` for a name that is neither, for data that is not there, and for data in another layout.
    """
    known = SETS.get(str(name_or_path))
    if known is not None:
        return _public(known, bench_folder() if folder is None else folder)
    path = Path(name_or_path)
    if path.is_dir() and is_beir(path):
        return read_beir(path)
    if str(name_or_path) and path.is_dir():
        raise BadInput(f"{path} is no BEIR folder: {CORPUS}, {QUERIES} and {JUDGEMENTS} are missing")
    raise BadInput(f"there is no question set called {str(name_or_path)!r}; known: {', '.join(SETS)}, or a BEIR folder")


def _public(known: PublicSet, folder: Path) -> QuestionSet:
    paths = [folder / path for path in known.paths]
    for path in paths:
        if not path.exists():
            raise BadInput(f"{known.name}: there is no {path}; set PINCITE_BENCH to the folder of public data")
    draft = Draft(known.name)
    try:
        known.read(folder, draft)
    except (KeyError, IndexError, TypeError, ValueError, SyntaxError, AttributeError, OSError) as error:
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:100]}"
        raise BadInput(f"{known.name}: {paths[0]} is not in the layout of this set ({what}); get it again") from error
    return draft.done(known.licence, known.note, paths)
