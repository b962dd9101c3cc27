"""Why these passages: what each way of finding made of the evidence, for people who want to know."""

from rag.explaining import WAYS, reasons, shared_words
from rag.types import Answer, Hit
from rag.web import words
from rag.web.markup import esc


def table(found: Answer) -> str:
    """A fold with one row for each passage of the evidence; nothing where there is none."""
    if not found.evidence:
        return ""
    ways = [way for key, way in WAYS.items() if key != "rerank" or key in found.evidence[0].ranks]
    heads = "".join(f'<th scope="col" title="{esc(words.WAYS[way][1])}">{words.WAYS[way][0]}</th>' for way in ways)
    rows = "".join(_row(found.understood or found.question, hit) for hit in found.evidence)
    return (
        f'<details class="why"><summary>{words.WHY}</summary><p>{words.WHY_MORE}</p><div class="scroll"><table>'
        f'<thead><tr><th scope="col">{words.PASSAGE}</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        "</details>"
    )


def _row(question: str, hit: Hit) -> str:
    passage = hit.passage
    where = " · ".join(
        esc(fact)
        for fact in (words.name(passage.source), f"page {passage.page_first}" if passage.page_first else "")
        if fact
    )
    held = ", ".join(shared_words(question, hit)) or words.NO_WORDS
    cells = "".join(
        f"<td>{_place(reason.rank)}<span>{'' if reason.score is None else f'{reason.score:.2f}'}</span></td>"
        for reason in reasons(hit)
    )
    return (
        f'<tr><th scope="row"><b>{esc(passage.title)}</b><span class="where">{where}</span>'
        f'<span class="where">{esc(held)}</span></th>{cells}</tr>'
    )


def _place(rank: int | None) -> str:
    return f"<b>{rank}</b>" if rank else f'<b title="{words.NOT_FOUND}">–</b>'
