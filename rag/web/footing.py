"""What stands beneath an answer: how it was judged, how it was made, and the ways to take it along."""

from collections import Counter

from rag.types import Answer
from rag.web import exports, words
from rag.web.markup import esc, icon
from rag.web.saved import Link


def footer(found: Answer, link: Link | None) -> str:
    """Facts at a glance, and the ways to take the answer along."""
    return f'<footer class="footing"><p class="facts">{_facts(found)}</p>{_ways(found, link)}</footer>'


def made(found: Answer) -> str:
    """A fold: who wrote it, what it took, how sure it is."""
    rows = [(words.MADE_BY, words.MADE_QUOTED if found.model == "extractive" else found.model)]
    if found.usage is not None:
        read, written = (f"{found.usage.get(f'{way}_tokens', 0):,}" for way in ("input", "output"))
        rows.append((words.TOKENS, words.TOKENS_OF.format(read=read, written=written)))
    laps = [(words.LAPS.get(stage, stage), seconds) for stage, seconds in found.seconds.items()]
    rows += [(words.TIME, " · ".join(f"{name} {words.seconds(seconds)}" for name, seconds in laps))] if laps else []
    rows.append((words.SURE, words.SURE_MORE.format(share=f"{found.confidence:.0%}")))
    rows += [(words.JUDGE_VERSION, found.judge)] if found.judge else []
    shown = "".join(f"<div><dt>{name}</dt><dd>{esc(value)}</dd></div>" for name, value in rows)
    return f'<details class="made"><summary>{words.MADE}</summary><dl>{shown}</dl></details>'


def _facts(found: Answer) -> str:
    judged = Counter(one.verdict.label for one in found.sentences if not one.withheld)
    facts = [
        f'<span class="fact verdict--{label}">{icon(label)}'
        f"<span>{words.count(number, 'sentence')} {words.VERDICTS[label][0].lower()}</span></span>"
        for label, number in judged.most_common()
    ]
    documents = len({one.source for one in found.citations})
    facts += [f'<span class="fact">{words.count(documents, "document")}</span>'] if documents else []
    writer = _writer(found)
    facts += [f'<span class="fact">{esc(writer)}</span>'] if writer else []
    total = found.seconds.get("total")
    facts += [f'<span class="fact">{words.seconds(total)}</span>'] if total is not None else []
    return "".join(facts)


def _writer(found: Answer) -> str:
    """Who wrote it, shortly; empty where nobody was asked to."""
    if found.status == "abstained" and not found.sentences:
        return words.ASKED_MODEL.format(model=found.model) if found.usage is not None else ""
    return words.ALL_QUOTED if found.model == "extractive" else words.WRITTEN_BY.format(model=found.model)


def _ways(found: Answer, link: Link | None) -> str:
    copies = _copy("copy", words.COPY, exports.text(found)) + _copy(
        "markdown", words.COPY_MARKDOWN, exports.markdown(found)
    )
    if link is None:
        return f'<div class="taking">{_group("copy", words.COPY_SHORT, copies)}</div>'
    linked = (
        f'<button type="button" class="quiet" data-copy-link="{esc(link.query)}" data-copied="{words.COPIED}"'
        f' aria-label="{words.COPY_LINK}">{words.COPIES["link"]}</button>'
    )
    files = "".join(
        f'<a class="quiet" href="{esc(link.file(kind))}" download aria-label="{words.SAVE_AS.format(kind=name)}">'
        f"{name}</a>"
        for kind, name in words.SAVE_KINDS.items()
    )
    groups = _group("copy", words.COPY_SHORT, copies + linked) + _group("save", words.SAVE, files)
    return f'<div class="taking">{groups}</div>'


def _group(name: str, label: str, ways: str) -> str:
    return f'<div role="group" aria-label="{label}">{icon(name)}<span>{label}</span>{ways}</div>'


def _copy(name: str, label: str, text: str) -> str:
    return (
        f'<button type="button" class="quiet" data-copy data-copied="{words.COPIED}" aria-label="{label}">'
        f'{words.COPIES[name]}</button><span class="footnotes" hidden>{esc(text)}</span>'
    )
