"""Cases proposed from the documents of a library, by rules or by a chat model."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import PurePath
from random import Random
from typing import Protocol, TypeVar

from evals.cases import PROPOSED, Case, Evidence
from evals.making.asking import drafts
from evals.making.choosing import Proposal, chosen
from evals.making.cloze import gaps
from evals.making.knowing import Known
from evals.making.reading import Statement, statements
from evals.making.standing import stands_alone, worth
from evals.making.twins import Twin, pool, said, stems_of, twins
from evals.making.written import Writer
from rag import ChatModel, chat_model
from rag.errors import BadInput, NoSuchSource
from rag.types import Document, Entry, Hit

TWIN = "twin"
TWINS = 0.2
"""Share of the proposals that are unanswerable twins, where there are as many."""
FEWEST = 200
"""Documents that are read where there are more than that and than four times the cases wanted."""
MOST = 2000
"""Statements of one document that are looked at."""
LONGEST = 600
"""Characters of a statement of which the rules ask."""
FOUND = 5
"""Passages that a twin must not be answered by."""


T = TypeVar("T")


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
    every = [entry.source for entry in library.documents()]
    random = Random(seed)  # noqa: S311 - no secret
    sources = _some(picked(every, source), max(FEWEST, 4 * count), random)
    documents = [library.document(each) for each in sources]
    stated = [(document, _some(list(statements(document)), MOST, random)) for document in documents]
    found = [proposal for document, own in stated for proposal in _by_rules(document, own)]
    if model is not None:
        writer = Writer(chat_model(model), model) if isinstance(model, str) else Writer(model)
        found += writer.proposals(stated, count, seed)
    asked = {_key(question) for question in known}
    fresh = [proposal for proposal in found if _key(proposal.draft.question) not in asked]
    taken = chosen(fresh, count, seed)
    texts = {document.source: document.text for document in documents}
    cases = [_case(proposal, short_name(proposal.statement.source, every), texts) for proposal in taken]
    wanted = round(min(count, len(cases) / (1 - TWINS)) * TWINS)
    likely = range(min(len(cases), max(1, count - wanted)))
    unanswerable = _twins(library, {cases[index].id: taken[index] for index in likely}, cases, wanted, seed, asked)
    twin_of = {other.id: other for other in unanswerable}
    kept = cases[: count - len(unanswerable)]
    return [each for case in kept for each in (case, twin_of.get(f"{case.id}-none")) if each is not None]


def _by_rules(document: Document, own: Sequence[Statement]) -> list[Proposal]:
    """What the rules ask of a document; nothing where it is not in English, nor of what is no readable sentence."""
    if document.language not in (None, "en"):
        return []
    known = Known(document, own)
    found: list[Proposal] = []
    for statement in own:
        if len(statement.text) > LONGEST:
            continue
        good = [draft for draft in drafts(statement, known) if stands_alone(draft, statement)]
        good = good or [draft for draft in gaps(statement, known) if stands_alone(draft, statement)]
        found += [Proposal(draft, statement, worth(draft, statement)) for draft in good]
    return found


def _twins(
    library: Shelves,
    taken: Mapping[str, Proposal],
    cases: Sequence[Case],
    count: int,
    seed: int,
    asked: Collection[str],
) -> list[Case]:
    """Unanswerable twins of the cases, at most `count`: no document says them, and no passage found answers them."""
    others = pool(proposal.statement for proposal in taken.values())
    may_be: dict[str, list[Twin]] = {}
    for id, proposal in taken.items():
        if proposal.draft.form not in {"cloze", "definition", "row"}:
            random = Random(f"{seed}:{id}")  # noqa: S311 - no secret
            may_be[id] = twins(proposal.draft.question, proposal.statement, others, random)
    every = {twin for made in may_be.values() for twin in made}
    answered = said(every, (library.document(entry.source) for entry in library.documents())) if every else set()
    made: list[Case] = []
    order = list(may_be)
    Random(seed).shuffle(order)  # noqa: S311 - no secret
    groups = {case.id: case for case in cases}
    used: set[str] = set()
    for id in order[: len(order) if count else 0]:
        fit = [twin for twin in may_be[id] if twin not in answered and _key(twin.question) not in asked]
        fit.sort(key=lambda twin: twin.new in used)
        twin = next((twin for twin in fit if not _found(library, twin)), None)
        if twin is not None:
            used.add(twin.new)
            tags = (PROPOSED, TWIN, _tag(taken[id].draft.form))
            group = groups[id].group_id
            made.append(Case(id=f"{id}-none", group_id=group, question=twin.question, answerable=False, tags=tags))
        if len(made) == count:
            break
    return made


def _found(library: Shelves, twin: Twin) -> bool:
    """Whether a passage that the library finds for a twin may answer it."""
    passages = (hit.passage for hit in library.search(twin.question, FOUND, rerank=False))
    return any(
        twin.new.casefold() in passage.text.casefold() and twin.answered_by(stems_of(passage.text))
        for passage in passages
    )


def _case(proposal: Proposal, name: str, texts: Mapping[str, str]) -> Case:
    statement, draft = proposal.statement, proposal.draft
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


def picked(every: Sequence[str], pattern: str | None) -> list[str]:
    """The sources that a name or pattern picks."""
    if not every:
        raise BadInput("the library has no documents; add some with: pincite index PATH --index DIR")
    if pattern is None:
        return list(every)
    tail = f"/{pattern}"
    found = [
        each for each in every if fnmatch(each, pattern) or fnmatch(PurePath(each).name, pattern) or each.endswith(tail)
    ]
    if not found:
        raise NoSuchSource(f"no document of the library matches {pattern}; see: pincite list")
    return found


def _some(given: Sequence[T], most: int, random: Random) -> list[T]:
    """At most `most` of these, in their order."""
    if len(given) <= most:
        return list(given)
    return [given[index] for index in sorted(random.sample(range(len(given)), most))]


def short_name(source: str, every: Sequence[str]) -> str:
    """A source by its file name, or by as many last parts as tell it from all others."""
    parts = source.split("/")
    for depth in range(1, len(parts) + 1):
        tail = "/" + "/".join(parts[-depth:])
        if len(tail) > 1 and sum(f"/{other}".endswith(tail) for other in every) == 1:
            return tail[1:]
    return source
