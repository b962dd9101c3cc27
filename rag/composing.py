"""A chat model writes, and each of its sentences is held to its sources before it is shown.

Shown is, in the model's order, what is supported beyond doubt. The first sentence that fails holds up those after it
until it is mended at the end, so that nothing shown is taken back. Where there surely is an answer, it never falls
below the quotes that would be given without a model: they stand alone where nothing of the model's is borne out, and
come after its sentences where it broke off or fell short of them. Where that is not sure, a model that has none is
believed. What can be mended in no way is shown with its verdict, or left out where the settings are strict.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from rag.answering.draft import DraftSentence
from rag.answering.extractive import alike
from rag.answering.generative import Writer, Written
from rag.answering.lacking import lacking
from rag.answering.refusing import refuses
from rag.answering.restating import restate, sentence_of
from rag.assembling import cited_at
from rag.binding import Binder, Bound
from rag.errors import ModelError
from rag.hearing import FAILED, FAILURES, Hearing, scores
from rag.models.chat import Speaker, Usage
from rag.models.reranking import Reranker
from rag.retrieval import Evidence
from rag.trust.citing import Cited
from rag.types import Label, Reason, Turn

SURE = 0.5
"""Confidence from which there is an answer although a model finds none, or writes none that is borne out: small ones
give up where there is one."""
SMALL = "local:"
"""How the names of small models begin."""
RETRIES = 3
"""Sentences of one answer that the model may say anew; further ones that fail are quoted at once."""

ENDLESS = "{name} did not come to an end"
SILENT = "{name} replied nothing that could be used"
REFUSED = "{name} finds no answer in what it was given"
STOPPED = "{name} says that the documents don't say the rest"
FAULT = "{what}; what stands here without it is quoted from the documents"
NOTHING_BORNE_OUT = "nothing that {name} wrote is borne out by the documents"
FOLLOWED = "after the words of {name}, the documents are quoted"
FELL_SHORT = "{name} left out what answers best; that is quoted at the end"


@dataclass(frozen=True, slots=True)
class Composed:
    """What has come of a model's writing so far."""

    sentences: tuple[Bound, ...] = ()
    notes: tuple[str, ...] = ()
    reason: Reason | None = None
    """Why there is no answer: the model finds none (`weak_evidence`), or none that it wrote is borne out."""
    whole: bool = False
    """Whether this is all."""

    @property
    def own(self) -> bool:
        """Whether any sentence is the model's, or was chosen by it."""
        return any(one.chosen for one in self.sentences)

    @property
    def short(self) -> str | None:
        """The few words that the model gave for an answer, where it did that in one sentence alone."""
        given = [one.short for one in self.sentences if one.short]
        return given[0] if len(given) == 1 else None


@dataclass
class Composer:
    """Lets one model answer one question."""

    question: str
    read: Evidence
    speaker: Speaker
    writer: Writer
    binder: Binder
    reranker: Reranker
    lap: Callable[[str], None]
    """Told, by stage, when one is done."""
    sure: bool = False
    """Whether there must be an answer: where the model has none, quotes stand for it."""
    usage: dict[str, int] = field(default_factory=lambda: {"input_tokens": 0, "output_tokens": 0})
    _retries: int = RETRIES

    def __post_init__(self) -> None:
        limit = self.writer.settings.reply
        self._heard = Hearing(self.question, self.read, self.binder, self.reranker, limit)

    def compose(self, earlier: Sequence[Turn] = ()) -> Iterator[Composed]:
        """The sentences that may be shown, each time there are more of them; at last, `whole`, all of them, mended.

        In between some without sentences may come, which say that the model still writes: whoever reads can leave then.
        Where there must be an answer, a model that finds none is asked again about the quotes alone. Raises `BadInput`
        where the model cannot be asked as things are set up.
        """
        fault, refused = "", False
        try:
            for written in self.writer.write(self.question, self.read, self.binder.documents.fetch, earlier):
                self._count(written.usage)
                self.lap("write")
                if refused := written.refused:
                    break
                if written.waits:
                    yield Composed()
                elif self._heard.hear(written):
                    yield Composed(tuple(self._heard.said))
                self.lap("verify")
                if self._heard.endless:
                    fault = ENDLESS.format(name=self.speaker.name)
                    break
        except ModelError as error:
            fault = str(error)
        self.lap("write")
        if refused and not self._heard.said and self.sure:
            refused = not self._said_at_last()
        done = self._finished(fault, refused)
        if done.reason and self.sure:
            done = replace(self._quoted_too([]), notes=done.notes)
        self.lap("verify")
        yield replace(done, whole=True)

    @property
    def written(self) -> dict[Label, int]:
        """What the model wrote, by verdict, before any of it was mended or left out."""
        return dict(self._heard.judged)

    def _finished(self, fault: str, refused: bool) -> Composed:
        name, heard = self.speaker.name, self._heard
        if not fault and not refused and not heard.said:
            if heard.left_out and not self.sure:
                return Composed(notes=self._noted(), reason="unsupported")
            fault = SILENT.format(name=name)
        if fault or (refused and not heard.standing):
            heard.left_out += [FAILURES[one.label] for one in heard.said if not one.stands]
            if fault:
                return self._quoted_too(heard.standing, FAULT.format(what=fault))
            return Composed(notes=self._noted(REFUSED.format(name=name)), reason="weak_evidence")
        notes = [STOPPED.format(name=name)] if refused else []
        sentences = self._mended()
        if not any(one.chosen and one.stands for one in sentences):
            heard.left_out += [FAILURES[one.label] for one in heard.said]
            notes.append(NOTHING_BORNE_OUT.format(name=name))
            if any(one.label == "supported" for one in heard.said):  # though not beyond doubt
                return self._quoted_too([], *notes)
            return Composed(notes=self._noted(*notes), reason="unsupported")
        heard.left_out += [FAILED] * (len(heard.said) - len(sentences))
        if self.writer.settings.strict:
            heard.left_out += [FAILURES[one.label] for one in sentences if not one.stands]
            sentences = [one for one in sentences if one.stands]
        if quotes := self._follow(sentences):
            why = FOLLOWED if self._followed else FELL_SHORT
            return self._quoted_too(sentences, *notes, why.format(name=name), quotes=quotes)
        return Composed(tuple(sentences), self._noted(*notes))

    def _mended(self) -> list[Bound]:
        """What was said, failing sentences mended, without those that then say only what another one does."""
        sentences: list[Bound] = []
        for one in self._heard.said:
            if one.stands or one.label == "contradicted":
                sentences.append(one)
                continue
            doubtful = one.label == "supported"
            mended = self.binder.mend(one, None if doubtful else self._reworded)
            if mended is one and doubtful:
                continue
            if not _said_in(mended.held.text, (*sentences, *self._heard.standing)):
                sentences.append(mended)
        return sentences

    def _said_at_last(self) -> bool:
        """Whether the model, asked about the quotes alone, says anything but that there is no answer."""
        places = list(dict.fromkeys(quote.places[0] for quote in self.binder.quotes))
        said = self._reworded(cited_at(places, self.binder.documents))
        if not said or refuses(said):
            return False
        self._retries = 0
        self._heard.hear(Written(said, tuple(places)))
        return True

    def _reworded(self, cited: Cited) -> str:
        """The model's one sentence on the words cited; empty where it makes none, or has had its tries."""
        if not self._retries:
            return ""
        self._retries -= 1
        leads = dict.fromkeys(f"{citation.title}: " for citation, _ in cited)
        texts = dict.fromkeys(f"{citation.title}: {citation.quote}" for citation, _ in cited)
        reply = ""
        try:
            for piece in restate(self.speaker, self.question, "\n".join(texts)):
                reply += piece.text
                self._count(piece.usage)
        except ModelError:  # a quote stands in, and the model is not waited for again
            self._retries = 0
            return ""
        finally:
            self.lap("write")
        said = sentence_of(reply)
        return next((said.removeprefix(lead) for lead in leads if said.startswith(lead)), said)

    @property
    def _followed(self) -> bool:
        """Whether quotes follow what the model writes, whatever it writes."""
        wanted = self.writer.settings.quotes
        return self.speaker.name.startswith(SMALL) if wanted is None else wanted

    def _follow(self, sentences: Sequence[Bound]) -> list[DraftSentence]:
        """The quotes that come after the sentences, which do not say them."""
        if self._followed:
            return [quote for quote in self.binder.quotes if not _said_in(quote.text, sentences)]
        held = [one.held for one in sentences if one.stands]
        said, places = [one.text for one in held], [place for one in held for place in one.places]
        score = partial(scores, self.reranker)
        wanted = lacking(self.question, self.read, self.binder.quotes, said, places, score)
        return [quote for quote in wanted if not _said_in(quote.text, sentences)]

    def _quoted_too(
        self, sentences: Sequence[Bound], *notes: str, quotes: Sequence[DraftSentence] | None = None
    ) -> Composed:
        """The sentences, and after them every quote (of those given, or of all) that says what none of them does."""
        wanted = self.binder.quotes if quotes is None else quotes
        more = [self.binder.quote(quote) for quote in wanted if not _said_in(quote.text, sentences)]
        return Composed((*sentences, *more), self._noted(*notes))

    def _noted(self, *notes: str) -> tuple[str, ...]:
        """The notes, and what they must not pass over."""
        return (*notes, *self._heard.notes(self.speaker.name))

    def _count(self, usage: Usage | None) -> None:
        if usage:
            self.usage["input_tokens"] += usage.read
            self.usage["output_tokens"] += usage.written


def _said_in(text: str, sentences: Sequence[Bound]) -> bool:
    return any(alike(text, one.held.text) for one in sentences)
