"""Every text of the page, in one place. Nothing here is markup."""

from datetime import date
from pathlib import PurePath
from urllib.parse import urlsplit

from rag.types import Label, Reason

NAME = "Pincite"
TAGLINE = "Answers that show where they stand"
ASK, LIBRARY, EVALUATIONS = "Ask", "Library", "Evaluations"

QUESTION = "Your question"
PLACEHOLDER = "Ask your documents"
SCOPE = "Search in"
EVERYWHERE = "all documents"

WELCOME = "Ask, and read the proof beside the answer."
WELCOME_MORE = "Each sentence carries a numbered mark. The mark opens the document at the exact words it rests on."
EXAMPLES_TITLE = "Try one of these"
EXAMPLES = (
    "How many men did Shoigu say Russia could mobilize?",
    "Since when has Putin been signalling that he is open to a cease-fire?",
    "What share of Russians actively support the war?",
    "Who met Naryshkin, and where?",
)
EMPTY_LIBRARY = "This library is empty."
EMPTY_LIBRARY_MORE = "Add a few documents, and every answer will be quoted from them, word for word."
ADD_DOCUMENTS = "Add documents"

SEARCHING = "Searching {documents}"
READING = "Reading {passages}"
CHECKING = "Checking {sentences} against what they cite"
ANSWERING = "Answering"

UNDERSTOOD = "Understood as: {question}"
EARLIER_TURNS = "Earlier in this conversation"
NEW_CONVERSATION = "New conversation"
FOLLOW_UP = "Ask on: a follow-up is understood by what came before."

VERDICTS: dict[Label, tuple[str, str]] = {
    "supported": ("Supported", "The cited words say this."),
    "partial": ("Partly supported", "The cited words say only some of this."),
    "contradicted": ("Contradicted", "The cited words say otherwise."),
    "unsupported": ("Not supported", "Nothing cited says this."),
    "unchecked": ("Not checked", "No claim here that could be checked."),
}
UNSUPPORTED_WORDS = "Nothing cited supports these words"
WITHHELD = "A drafted sentence is not shown, because its own source contradicts it."
CONFLICTS = "The sources differ"
COPY, COPIED = "Copy with footnotes", "Copied"

ABSTAINED = "The documents don’t say."
REASONS: dict[Reason, str] = {
    "no_evidence": "Nothing in the library seems close to this question.",
    "weak_evidence": "The nearest passages touch on it, but none of them seems to answer it.",
    "unsupported": "An answer was drafted, but the passages did not bear it out.",
    "false_premise": "The question takes for granted something the documents do not say.",
}
NEAREST = "Nearest passages"

WHY = "Why these passages"
WHY_MORE = "The place that each way of finding gave a passage, its score, and the words of your question it holds."
PASSAGE = "Passage"
WAYS = {
    "meaning": ("Meaning", "How near its meaning lies to the question’s (cosine)"),
    "words": ("Words", "How rare the question’s words in it are (BM25)"),
    "together": ("Together", "Meaning and words mixed, from 0 to 1"),
    "read": ("Read", "After its sentences were read with the question, from 0 to 1"),
}
NOT_FOUND = "This way did not bring it"
NO_WORDS = "none of the question’s words"

SOURCES = "Sources"
NO_SOURCE = "The source opens here."
NO_SOURCE_MORE = "Choose a mark such as 1 in the answer, and its exact words appear in their document."
WAITING_SOURCE = "The source will open here."
EARLIER, LATER = "Earlier text not shown", "Later text not shown"
GONE = "This document is no longer in the library. These are the words that were cited."
CHANGED = "This document has changed since it was cited. These are the words that were cited."
BACK = "Back to the answer"
SHOW = "Show source {n}: {title}"

UPLOAD = "Drop files here, or choose them"
UPLOAD_MORE = "PDF, Word, slides, sheets, Markdown, text, web pages, e-books, e-mail"
STATES = {
    "waiting": "Waiting",
    "reading": "Reading",
    "embedding": "Indexing",
    "added": "Added",
    "updated": "Updated",
    "unchanged": "Unchanged",
    "failed": "Could not be read",
}
DOCUMENTS = "Documents"
LEDGER = "Could not be read"
LEDGER_MORE = "These files are not searched. Mend or replace a file and add it again."
LEDGER_SINCE = "since {when}"
WORDS_ONLY = "Found by its words only: the embedder does not know its language."
REMOVE, REMOVE_ASK, REMOVE_YES, REMOVE_NO = "Remove", "Remove this document?", "Remove", "Keep"
REMOVE_LABEL = "Remove {title}"
FORGET, FORGET_LABEL = "Forget", "Forget that {name} could not be read"
REMOVED = "Removed {title}."
NOTHING_REMOVED = "Nothing was removed: choose a document from the list."

RUNS = "Runs"
NO_RUNS = "Nothing has been measured yet."
NO_RUNS_MORE = (
    "An evaluation asks questions whose answers are known, and tells how often the answer is found, rightly cited, and"
    " rightly refused. Run this in a terminal for a first one:"
)
FIRST_RUN = "python -m evals run evals/cases/seeds.jsonl"
RUNS_IN = "This page looks in {folder}"
OLDER_RUNS = "{count} older ones are not shown."
RUN_ERRORS = "{count} counted apart"
RUN_UNFINISHED = "Not finished: {done} asked so far. The same command with --out goes on."
RUN_UNFINISHED_OF = "Not finished: {done} of {count} asked. The same command with --out goes on."
RUN_UNCOUNTED = "All {count} asked, without figures yet. The same command with --out makes them."
RUN_DAMAGED = "The files of this run cannot be read. Run it again into another folder."
OPEN_REPORT, OPEN_LABEL = "Report", "{page} of {name}, in a new tab"
NO_REPORT = "There is no such report."
INTERVAL = "95% interval, in per cent"
FIGURES = {
    "answer_found": "Answer found",
    "faithfulness": "Faithful",
    "citations_exact": "Citations exact",
    "decision_right": "Answered or refused rightly",
    "hit_5": "Evidence in the first 5",
    "kept_unanswerable": "Unanswerable, yet answered",
}

FAULT = "Something went wrong on our side. The terminal has the details; please try again."

_TYPES = {
    "application/pdf": "PDF",
    "text/plain": "Text",
    "text/markdown": "Markdown",
    "text/html": "Web page",
    "text/csv": "CSV",
    "message/rfc822": "E-mail",
    "application/epub+zip": "E-book",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "Slides",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Sheet",
}
_LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 document`, `2 documents`, `1,204 passages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(value: str | None) -> str:
    """`2023-12-23` or a longer ISO 8601 moment as `23 December 2023`; anything else as it stands."""
    if not value:
        return ""
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return f"{found.day} {found:%B %Y}"


def moment(value: str) -> str:
    """`2023-12-23T09:05:00+00:00` as `23 December 2023, 09:05 UTC`."""
    return f"{day(value)}, {value[11:16]} UTC"


def name(source: str) -> str:
    """A short name for a path (its file name) or an address (its host)."""
    parts = urlsplit(source)
    if parts.scheme in ("http", "https"):
        return parts.netloc.removeprefix("www.")
    return PurePath(source).name or source


def kind(media_type: str, source: str) -> str:
    """What sort of document this is, in a word."""
    return _TYPES.get(media_type) or PurePath(source).suffix.lstrip(".").upper() or media_type


def language(code: str | None) -> str:
    """The English name of a language, or its code."""
    return _LANGUAGES.get(code, code) if code else ""


def share(value: float) -> str:
    """0..1 as `90.5%` or `100%`."""
    return f"{100 * value:.1f}%".replace(".0%", "%")


def seconds(value: float) -> str:
    """`0.21 s`, `3.4 s`, `64 s`."""
    digits = 2 if value < 1 else 1 if value < 10 else 0
    return f"{value:.{digits}f} s"
