"""Cases proposed from the documents of a library, by rules or by a chat model."""

import hashlib
import re
from collections.abc import Collection, Sequence
from fnmatch import fnmatch
from pathlib import PurePath
from random import Random
from typing import Protocol

from evals.cases import PROPOSED, Case, Evidence
from evals.judge.providers import ChatModel
from evals.making.asking import drafts
from evals.making.choosing import Proposal, chosen
from evals.making.cloze import gaps
from evals.making.knowing import Known
from evals.making.reading import Statement, statements
from evals.making.standing import stands_alone, worth
from evals.making.twins import Sayings, twin
from evals.making.written import Writer
from rag.errors import BadInput, NoSuchSource
from rag.types import Document, Entry, Hit

TWIN = "twin"
TWINS = 0.2
"""Share of the proposals that are unanswerable twins, where there are as many."""
FOUND = 5
"""Passages that a twin must not be answered by."""


class Shelves(Protocol):
    """The part of `rag.Library` that proposing needs."""

    def documents(self) -> list[Entry]: ...
    def document(self, source: str) -> Document: ...
    def search(self, query: str, k: int = 10, *, rerank: bool = True) -> list[Hit]: ...


def propose(
    library: Shelves,
    count: int = 50,
    seed: int = 0,
    model: ChatModel | str | None = None,
    *,
    source: str | None = None,
    known: Collection[str] = (),
) -> list[Case]:
    """At most `count` cases on the documents of `library`, each tagged `proposed`, about a fifth of them unanswerable.

    `model` is a LangChain chat model or `provider:name`; where its questions are too few, the rules make the rest. The
    same documents, seed and replies of the model give the same cases. `source` limits them to documents by name or
    pattern; `known` are questions not to propose again. Raises `NoSuchSource` for a pattern that matches nothing,
    `BadInput` for a library without documents, and both that and `ModelError` for a model that cannot be asked.
    """
    sources = _sources(library, source)
    documents = [library.document(each) for each in sources]
    stated = [(document, list(statements(document))) for document in documents]
    found = [proposal for document, own in stated for proposal in _by_rules(document, own)]
    if model is not None:
        writer = Writer(chat_model(model), model) if isinstance(model, str) else Writer(model)
        found += writer.proposals(stated, count, seed)
    asked = {_key(question) for question in known}
    fresh = [proposal for proposal in found if _key(proposal.draft.question) not in asked]
    names = _names(sources)
    texts = {document.source: document.text for document in documents}
    taken = chosen(fresh, count, seed)
    cases = [_case(proposal, names, texts) for proposal in taken]
    twins = _twins(library, taken, cases, round(count * TWINS), seed, asked)
    twin_of = {other.id: other for other in twins}
    kept = cases[: count - len(twins)]
    return [each for case in kept for each in (case, twin_of.get(f"{case.id}-none")) if each is not None]


def chat_model(name: str) -> ChatModel:
    """The chat model called `provider:name`; LangChain loads only now."""
    from evals.judge.chat import chat_model as called

    return called(name)


def _by_rules(document: Document, own: Sequence[Statement]) -> list[Proposal]:
    known = Known(document)
    found: list[Proposal] = []
    for statement in own:
        good = [draft for draft in drafts(statement, known) if stands_alone(draft, statement)]
        good = good or [draft for draft in gaps(statement, known) if stands_alone(draft, statement)]
        found += [Proposal(draft, statement, worth(draft, statement)) for draft in good]
    return found


def _twins(
    library: Shelves, taken: Sequence[Proposal], cases: Sequence[Case], count: int, seed: int, asked: Collection[str]
) -> list[Case]:
    """Unanswerable twins of the cases, at most `count`, spread over them."""
    everything = [list(statements(library.document(entry.source))) for entry in library.documents()]
    sayings = Sayings(
        everything, lambda query: [hit.passage.text for hit in library.search(query, FOUND, rerank=False)]
    )
    order = [index for index, each in enumerate(taken) if each.draft.form not in {"cloze", "definition", "row"}]
    order = [index for index in order if index < max(0, len(cases) - count)] or order
    Random(seed).shuffle(order)  # noqa: S311 - no secret
    made: list[Case] = []
    for index in order:
        if len(made) == count:
            break
        case = cases[index]
        random = Random(f"{seed}:{case.id}")  # noqa: S311 - no secret
        question = twin(case.question, taken[index].statement, sayings, random)
        if question is not None and _key(question) not in asked:
            form = taken[index].draft.form
            made.append(
                Case(
                    id=f"{case.id}-none",
                    group_id=case.group_id,
                    question=question,
                    answerable=False,
                    tags=(PROPOSED, TWIN, _tag(form)),
                )
            )
    return made


def _case(proposal: Proposal, names: dict[str, str], texts: dict[str, str]) -> Case:
    statement, draft = proposal.statement, proposal.draft
    name = names[statement.source]
    text = texts[statement.source]
    quote = text[statement.start : statement.end]
    once = text.find(quote) == statement.start and text.find(quote, statement.start + 1) < 0
    evidence = (
        Evidence(source=name, quote=quote) if once else Evidence(source=name, start=statement.start, end=statement.end)
    )
    stem = re.sub(r"[^a-z0-9]+", "-", PurePath(name).stem.casefold()).strip("-")[:24] or "case"
    return Case(
        id=f"{stem}-{_digest(statement.source, draft.question)}",
        group_id=f"{stem}-{_digest(statement.source, str(statement.start))}",
        question=draft.question,
        answerable=True,
        answers=draft.answers or (draft.answer,),
        evidence=(evidence,),
        tags=(PROPOSED, _tag(draft.form)),
    )


def _tag(form: str) -> str:
    return form.replace(" ", "-")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()[:8]


def _key(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))


def _sources(library: Shelves, pattern: str | None) -> list[str]:
    """The sources of the library, in order, that a name or pattern picks."""
    every = [entry.source for entry in library.documents()]
    if not every:
        raise BadInput("the library has no documents; add some with: pincite index PATH --index DIR")
    if pattern is None:
        return every
    found = [
        each
        for each in every
        if fnmatch(each, pattern) or fnmatch(PurePath(each).name, pattern) or each.endswith(f"/{pattern}")
    ]
    if not found:
        raise NoSuchSource(f"no document of the library matches {pattern}; see: pincite list")
    return found


def _names(sources: Sequence[str]) -> dict[str, str]:
    """Each source by its file name, or by as many last parts as tell it from the others."""
    named: dict[str, str] = {}
    for source in sources:
        parts = source.split("/")
        for depth in range(1, len(parts) + 1):
            tail = "/".join(parts[-depth:])
            if tail and sum(f"/{other}".endswith(f"/{tail}") for other in sources) == 1:
                named[source] = tail
                break
        else:
            named[source] = source
    return named
