"""Every text of the page, in one place. Nothing here is markup."""

from datetime import date
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import urlsplit

from rag.types import Label, Reason

NAME = "Pincite"
TAGLINE = "Answers that show where they stand"
ASK, LIBRARY, EVALUATIONS = "Ask", "Library", "Evaluations"

QUESTION = "Your question"
PLACEHOLDER = "Ask your documents"
SCOPE = "Search in"
EVERYWHERE = "All documents"

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


class Stage(NamedTuple):
    """What a stage of an answer is called before, while and after it is under way."""

    next: str
    now: str
    done: str


STAGES_LABEL = "How far the answer is"
STAGES = {
    "search": Stage("Search", "Searching {documents}", "Searched"),
    "read": Stage("Read", "Reading {passages}", "Read"),
    "write": Stage("Write", "Writing", "Written"),
    "check": Stage("Check", "Checking {sentences} against what they cite", "Checked"),
}
STOP = "Stop"
STOPPED = "Stopped. The question is back in its box."
ANSWERED = "Answered in {sentences} from {sources}."

UNDERSTOOD = "Understood as: {question}"
EARLIER_TURNS = "Earlier in this conversation"
NEW_CONVERSATION = "New conversation"

VERDICTS: dict[Label, tuple[str, str]] = {
    "supported": ("Supported", "The cited words say this."),
    "partial": ("Partly supported", "The cited words say only some of this."),
    "contradicted": ("Contradicted", "The cited words say otherwise."),
    "unsupported": ("Not supported", "Nothing cited says this."),
    "unchecked": ("Not checked", "No claim here that could be checked."),
}
UNSUPPORTED_WORDS = "Nothing cited supports these words"
WORD_FOR_WORD = "Quoted word for word"
LOST_MARK = "This mark stands for no source"
WITHHELD = "A drafted sentence is not shown, because its own source contradicts it."
CONFLICTS = "The sources differ"
CONFLICTS_MORE = "Pincite does not choose between them."
NEWER, OLDER = "Newer", "Older"

COPY, COPY_MARKDOWN, COPY_LINK, COPIED = "Copy with footnotes", "Copy as Markdown", "Copy its link", "Copied"
COPIES = {"copy": "with footnotes", "markdown": "as Markdown", "link": "its link"}
COPY_SHORT, SAVE, SAVE_AS = "Copy", "Save", "Save as {kind}"
SAVE_KINDS = {"html": "HTML", "json": "JSON", "md": "Markdown"}
NO_ANSWER = "This link leads to no answer of yours: it is gone, or somebody else’s. Ask the question again."
GIVEN = "Answered on {when}."
CHANGED_SINCE = "“{title}” has changed since."
GONE_SINCE = "“{title}” is no longer in the library."
VERSION = "SHA-256 of the document"

ALL_QUOTED, WRITTEN_BY = "Quoted", "Written by {model}"
ASKED_MODEL = "{model} was asked"
MADE = "How it was made"
MADE_BY, MADE_QUOTED = "Written by", "Nobody: every sentence is quoted from the documents"
TOKENS, TOKENS_OF = "Tokens", "{read} read, {written} written"
TIME = "Time"
LAPS = {"search": "searching", "read": "reading", "write": "writing", "verify": "checking", "total": "in all"}
SURE, SURE_MORE = "Sure", "{share}, that the library answers this and the answer is right"
JUDGE_VERSION = "Checked by"

KEYS = (
    (("/",), "asks on"),
    (("←", "→"), "walk the citations"),
    (("Esc",), "goes back"),
)
"""Keys, and what they do."""

PAGE = "page {number}"
ABSTAINED = "The documents don’t say."
REASONS: dict[Reason, str] = {
    "no_evidence": "Nothing in the library seems close to this question.",
    "weak_evidence": "The nearest passages touch on it, but none of them seems to answer it.",
    "unsupported": "An answer was drafted, but the passages did not bear it out.",
    "false_premise": "The question takes for granted something the documents do not say.",
}
NEAREST = "Nearest passages"
NOWHERE = "None of the nearest passages mentions"
HOLDS, HOLDS_NONE = "Has {words}", "Has none of these words"
NEAREST_IN_MEANING, NEAR_IN_MEANING = "Nearest in meaning", "{place} nearest in meaning"
BEST_BY_WORDS, GOOD_BY_WORDS = "Best by its words", "{place} by its words"
DENIED = "The documents say otherwise."
ASSUMED, SAID_INSTEAD = "The question takes for granted", "The documents say"

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
EARLIER = "Earlier text not shown", "Earlier text"
LATER = "Later text not shown", "Later text"
GONE = "This document is no longer in the library. These are the words that were cited."
CHANGED = "This document has changed since it was cited. These are the words that were cited."
BACK = "Back"
SHOW = "Show source {n}: {title}"
CITATION_BEFORE, CITATION_AFTER, CITATION_OF = "Previous citation", "Next citation", "{number} of {count}"
PAGE_TOOLS, PAGES, PAGES_OF, PAGE_OF = "Page and size", "Pages", "Pages of {title}", "Page {page} of {count}"
PAGE_BEFORE, PAGE_AFTER = "Previous page", "Next page"
ZOOM_OUT, ZOOM_FIT, ZOOM_IN = "Smaller", "Fit the width", "Larger"
SHOW_AS, AS_PAGE, AS_TEXT = "Show as", "Page", "Text"
PAGE_IMAGE = "Page {page} of {title}"
QUOTED = "Quoted here: {quote}"
GOES_ON = "The quote is on page {page}"
TO_PAGE, TO_CITED = "Page {page}", "Page {page}, quoted"
FILE_STATES = {
    "changed": "Source changed since it was indexed. This is the text as it was indexed.",
    "gone": "The file is no longer where it was. This is the text as it was indexed.",
    "away": "This was read from an address, and its pages are not kept here. This is its text.",
    "lost": "The quoted words were not found again on the page image. They are marked in the text.",
    "unshown": "The page cannot be shown. This is the text as it was indexed.",
}
"""What a reader is told of a document's file, by what became of it."""
NO_ORIGINAL = "There is no such page. Ask again, and open it from the answer."

CHOSEN_LIBRARY, LIBRARIES, NEW_LIBRARY = "Library:", "Libraries", "New library…"
NEW_NAME, MAKE, MAKE_NOT = "Name of the new library", "Make it", "Cancel"
UNCOUNTED = "cannot be opened"
NO_LIBRARY = "there is no library called {name}; choose another one"
ONE_LIBRARY = "this page serves one library only"
NAME_MISSING = "give the new library a name"
NAME_TAKEN = "there is something called {name} already; choose another name"
NAME_TOO_LONG = "the name is too long; {longest} characters are enough"
NAME_UNFIT = "a name may not begin or end with a full stop, nor hold any of {signs}"
LOST_LIBRARY = "There is no library called {name} any more. This is {first}."

UPLOAD = "Drop files or folders here"
UPLOAD_FILES, UPLOAD_FOLDER = "Choose files", "Choose a folder"
UPLOAD_MORE = "PDF, Word, slides, sheets, Markdown, text, web pages, e-books, e-mail"
SENDING = "Sending {done} of {total}"
CANCEL = "Cancel"
LEFT_OUT_ONE = "1 picture, sound or film was left out."
LEFT_OUT_MANY = "{count} pictures, sounds and films were left out."
REFUSED = {
    "too_large": "Larger than {limit}. Split it, or raise max_file_mb in pincite.toml and start the page again.",
    "unsent": "It did not arrive. Check that it can be read, and add it again.",
}
UNREADABLE = "It could not be taken in ({why}). Check the disk and try again."
STATES = {
    "waiting": "Waiting",
    "reading": "Reading",
    "embedding": "Indexing",
    "added": "Added",
    "updated": "Updated",
    "unchanged": "Unchanged",
    "failed": "Could not be read",
    "cancelled": "Not added",
}
ADDING, ADDED = "Adding documents: {done} of {total}", "{total} done"
OUTCOMES = {
    "added": "{count} added",
    "updated": "{count} updated",
    "unchanged": "{count} unchanged",
    "failed": "{count} could not be read",
    "cancelled": "{count} not added",
}
CANCEL_MORE = "The one at hand is finished; the others are not added."
MORE_LINES = "{count} more, not shown"
CLEAR = "Clear the list"

DOCUMENTS = "Documents"
FIND, FIND_LABEL = "Find a document", "Find a document by its title, name, kind or language"
FOUND, FOUND_NONE = "{count} of {total}", "No document here is called that."
MORE_DOCUMENTS = "{count} more. Find one by a part of its title or name."
FACTS = {
    "documents": "Documents",
    "passages": "Passages",
    "languages": "Languages",
    "last": "Last indexed",
    "size": "On disk",
    "place": "Kept in",
}
UNKNOWN_LANGUAGE = "too short to tell"
OTHER_LANGUAGES = "{count} more"
ADDED_ON = "added {when}"
READ_LABEL = "Read {title}"
CLOSE_READING = "Close"

LEDGER = "Could not be read"
LEDGER_MORE = "These files are not searched. Each says what can be done about it."
LEDGER_SINCE = "since {when}"
ADVICE = {
    "pdf": "Give its password. It opens the file this once, and is kept nowhere.",
    "password": "Save a copy without the password or protection, and add that.",
    "no_text_layer": "Its pages are pictures. Run it through OCR (for example ocrmypdf) and add the result.",
    "too_large": "Split it and add the parts, or raise max_file_mb in pincite.toml and try again.",
    "broken": "Save or download it again and add that; or try again once the file is mended.",
    "empty": "Add it again once it holds text, or forget it.",
    "unsupported": "Save it as PDF, Word, a web page or plain text, and add that.",
    "unreachable": "Check that it is where it was and may be read, then try again.",
}
RETRY, RETRY_LABEL = "Try again", "Try again to read {name}"
PASSWORD, PASSWORD_LABEL, OPEN_WITH_IT = "Password", "Password of {name}", "Open"
SEALED = "{name} needs its password; write it beside the file."
NOT_IN_LEDGER = "This file is not in the list any more."
FILE_GONE = "{name} is not where it was. Add it again from where it is now, or forget it."
WORDS_ONLY = "Found by its words only: the embedder does not know its language."
REMOVE, REMOVE_ASK, REMOVE_YES, REMOVE_NO = "Remove", "Remove this document?", "Remove", "Keep"
REMOVE_LABEL = "Remove {title}"
FORGET, FORGET_LABEL = "Forget", "Forget that {name} could not be read"
REMOVED = "Removed {title}."
FORGOTTEN = "Forgot {title}."
UNDO = "Undo"
UNDO_MORE = "You can bring it back for 10 minutes. Kept answers that quoted it are gone."
UNDO_LEDGER = "You can bring it back for 10 minutes."
BROUGHT_BACK = "Bringing back {title}."
TOO_LATE = "It is too late to bring this back. Add the document again."
NOTHING_REMOVED = "Nothing was removed: choose a document from the list."

EXAMPLES_OFFER = "Or look around first with five short example documents, and questions to try."
ADD_EXAMPLES = "Add the examples"
NO_SEEDS = "The example documents did not come with this installation. They lie in seeds/ of Pincite’s repository."

NARROW = "Kinds and dates"
KINDS, DATED, FROM, TO = "Kinds", "Dated", "From", "To"
OPEN_AGAIN = "All documents again"
REMAINING = "Searches {count} of {total}."
UNDATED = "{count} without a date left out."
NOTHING_LEFT = "No document fits this choice. Widen it before you ask."

EXPLORE = "Explore"
LOOK = "Search"
LOOK_FOR = "Look for passages"
PASSAGES, MAP, TIMELINE = "Passages", "Map", "Timeline"
VIEWS = "Ways to look around"
EXPLORE_LEAD = "Look around, without asking."
EXPLORE_MORE = (
    "A search brings the passages themselves, with why each came. The map lays out what lies near in meaning, and the"
    " timeline what was written when."
)
BESIDE = "The passage opens here."
BESIDE_MORE = "Choose one from the list, the map or the timeline, and it appears in its document."
NOTHING_FOUND = "Nothing was found."
NOTHING_FOUND_MORE = "Try other words."
FOUND_IN = "{passages} in {documents}, best first, in {seconds}"
WHY_FOUND = "Each way of finding gives a passage a place and a score. The order of the list is the last one’s."
HOLDS_WORDS = "Holds {words}"
HOLDS_NO_WORDS = "Holds none of your words: it came by its meaning"
LIT = "{shown} of the {passages} found are lit on the map."
DRAWING = "Laying out {passages} by what they say"
MAPPED = "{passages} of {documents}: what lies near speaks of like things."
MAPPED_SOME = "{shown} of {passages}, evenly from all over the library: what lies near speaks of like things."
UNPLACED = "Not on it: {passages} in other languages, found by words only."
NO_MAP = "Too little for a map."
NO_MAP_MORE = "A map needs three passages or more. What there is stands below."
NO_MAP_EMPTY = "Once it holds documents, they lie here side by side."
MAP_LABEL = "Map of the library. The list below says the same in words."
MAP_CHANGED = "The map has changed meanwhile."
MAP_CHANGED_MORE = "Open it again, and choose another passage."
NEARER, FARTHER, WHOLE_MAP = "Nearer", "Farther", "Whole map"
MAP_KEYS = "Drag to move, choose a mark to read."
PLACES = "The map as a list"
PLACES_MORE = "Each document with its mark, the words that tell it from the others, and what lies nearest to it."
OTHER_PLACES = "{count} smaller documents are on the map too, and not in this list."
NEAR = "near {title}"
MORE_PASSAGES = "{count} more on the map; search for them."
BY_DATE = "Documents by date"
PERIOD = "{period}: {documents}"
NO_DATES = "No document here bears a date."
NO_DATES_MORE = "Dates are read from the documents themselves, never from the file system."
WITHOUT_DATE = "{documents} without a date"
MORE_DATED = "{count} more: choose a bar."
MORE_UNDATED = "{count} more: search for them."

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
PLOTS = "Over time"
PLOTS_MORE = (
    "Each point is a run, with its 95% interval; it leads to the report. A line joins runs that asked the same cases of"
    " the same documents, and were judged alike."
)
PLOT_TOLD = "{figure} in {count}: {first} in the first, {last} in the newest; between {low} and {high}."
MEASURE = "Measure"
MEASURE_MORE = (
    "Each question is asked as a new visitor would ask it, in a process of its own beside this page. One evaluation"
    " runs at a time."
)
MEASURE_SEEDS, MEASURE_SEEDS_MORE = "Run the examples’ cases", "63 questions on the five example documents."
MEASURE_JUDGED = "Run your judged cases"
MEASURE_JUDGED_MORE = "{count} on this library, good or bad: what you called bad has to be completed first."
MEASURE_JUDGED_NONE = "None yet: call answers good or bad with the thumbs beneath them."
MEASURE_JUDGED_ALONE = "With several users this is for the terminal: python -m evals make CASES.jsonl --judged"
MEASURE_MODEL = "Answers are written by {model}."
MEASURING = {"seeds": "The examples’ cases", "judged": "Your judged cases"}
MEASURE_BEGINS, MEASURE_DONE_OF = "Getting ready", "{done} of {count} asked"
MEASURE_STOP, MEASURE_AGAIN = "Stop", "Go on"
MEASURE_BUSY = "an evaluation is under way; stop it, or wait until it is done"
MEASURE_NOTHING = "there is no evaluation to go on with; begin another one"
MEASURE_ABSENT = "the evaluation did not come with this installation; run it from Pincite’s repository"
MEASURE_UNWRITABLE = "{folder} cannot be made ({why}); see to it"
MEASURED = {
    "done": "Done. The run is in the list.",
    "stopped": "Stopped after {done}. What was asked is kept.",
    "failed": "It could not be finished: {said}",
}
FIGURES = {
    "answer_found": "Answer found",
    "faithfulness": "Faithful",
    "citations_exact": "Citations exact",
    "decision_right": "Answered or refused rightly",
    "hit_5": "Evidence in the first 5",
    "kept_unanswerable": "Unanswerable, yet answered",
}

PAST = "Past conversations"
PAST_SHUT = "Close past conversations"
PAST_SEARCH = "Search past conversations"
PAST_NONE = "Nothing yet. What you ask is kept here, beside the library, until you delete it."
PAST_NOT_FOUND = "No past conversation holds “{words}”."
PAST_OFF = "New conversations are not kept here: the setting conversation.keep is off."
PAST_MORE = "{count} older ones are not shown; search for their words."
PAST_UNTITLED = "Without words"
PAST_RENAME, PAST_RENAME_YES, PAST_RENAME_NO, PAST_TITLE = "Rename", "Save", "Cancel", "Title"
PAST_RENAME_LABEL, PAST_DELETE_LABEL = "Rename “{title}”", "Delete “{title}”"
PAST_DELETE, PAST_DELETE_ASK = "Delete", "Delete “{title}” with its answers?"
PAST_GONE = "This conversation is no longer there."
ANSWER_GONE = "A document that this answer quoted was removed from the library, and the answer with it."
JUDGE, GOOD, BAD = "Is this right?", "Good answer", "Bad answer"
JUDGE_NOTE, JUDGE_NOTE_KEEP = "Why? (optional)", "Save the note"
JUDGED = {True: "Noted as good.", False: "Noted as bad.", None: "Taken back."}
NOTED = "The note is saved."

SIGN_IN_FIRST = "Sign in first: open the page, and give your name and password."
SIGN_IN_TITLE, SIGN_IN_NAME, SIGN_IN_PASSWORD, SIGN_IN, SIGN_OUT = "Sign in", "Name", "Password", "Sign in", "Sign out"
SIGN_IN_WRONG = "This name and password do not belong together. Try again."
SIGN_IN_LATER = "Too many tries. Try again in {minutes}."
SIGN_IN_LOST = "If you have lost your password, whoever runs this page can give you another one."
STRANGER = "This page does not answer other sites. Open it by its own address."
ONLY_HERE = (
    "This page answers on this machine alone. Open it as localhost or 127.0.0.1; to reach it from elsewhere, let people"
    " sign in: pincite users add NAME"
)

CROWDED = "Many people are asking just now. Your question is back in its box; ask it again in a minute."
IN_LINE = "Waiting: {questions} before yours"

SETTINGS = "Settings"
SETTINGS_LEAD = "How you are answered"
SETTINGS_MORE = "What you change here counts for your next question, until you load the page again."
SETTINGS_GOOD = "To change it for good, write it into {file}."
SETTINGS_SAYS = "Default: {value}."
SETTINGS_SAVED = "Your next question is answered this way."
SETTINGS_BACK = "Back to the defaults"
SETTINGS_ARE = "You are answered by the defaults."
SIGNED_IN_AS = "Signed in as {name}"
PARTS_OF_SETTINGS = {
    "writing": "Writing", "finding": "Finding", "verifying": "Verifying", "looks": "Looks",
    "stored": "What is stored where", "keys": "Keys of providers",
}  # fmt: skip
PREFERENCES = {
    "model": (
        "Answer written by",
        "Quotes need no model. Whatever a model writes is held to its sources, sentence by sentence.",
    ),
    "depth": ("Search depth", "Passages that each way of searching brings. More find what is hidden, and take longer."),
    "evidence": ("Passages kept", "How many of the best passages an answer carries along as its evidence."),
    "sentences": ("Sentences quoted", "At most, where no model writes."),
    "confidence": ("Sure enough to answer", "Below this confidence the answer is that the documents don’t say."),
    "strict": (
        "Sentences not fully borne out",
        "A model’s sentence that its sources support only in part, or not. If it is left out, the answer says so.",
    ),
    "theme": ("Theme", "Kept in this browser."),
}  # fmt: skip
STRICT = {"false": "Show, marked", "true": "Leave out"}
THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}
QUOTES_ONLY, OTHER_MODEL = "Quotes only, no model", "Another model …"
OTHER_LABEL, OTHER_HINT = "Another model, as provider:name", "ollama:qwen3"
TO_PULL = "Models that answer on this machine without a key: pincite models pull NAME"
ONLY_OFFERED = "Where people sign in, the models on this list are the ones to choose from."
NO_SUCH_VALUE = "This value cannot be used. Choose another one."
OUT_OF_RANGE = "Give a number from {low} to {high}."
KEPT_INDEX = "Library"
KEPT_INDEX_MORE = "What was read from your documents, and its indexes. The files themselves stay where they are."
KEPT_MAP, KEPT_MAP_MORE = "Map", "Where each passage lies on it; it holds no words."
KEPT_UPLOADS, KEPT_UPLOADS_MORE = "Uploads", "Copies of files that were dropped on this page."
KEPT_TALKS, KEPT_TALKS_MORE = "Conversations", "Questions, answers and what people thought of them."
KEPT_REPLIES, KEPT_REPLIES_MORE = "Replies of models", "So that the same question is not paid for twice."
KEPT_MODELS, KEPT_MODELS_MORE = "Models", "Those that were pulled."
KEPT_RUNS = "Evaluations"
KEPT_RUNS_MORE = (
    "Runs, their reports and the cases made of judged answers. They go on quoting documents that are removed from a"
    " library."
)
KEPT_USERS, KEPT_USERS_MORE = "Users", "Names and hashed passwords."
KEPT_SETTINGS, KEPT_SETTINGS_MORE = "Settings", "What holds for everybody, for good."
OFF = "Turned off."
STORED_MORE = (
    "All of it lies on the machine that serves this page. Nothing is sent anywhere, but to a model’s provider if you"
    " choose one."
)
KEYS_MORE = "Keys are read from the environment and never shown."
KEY_SET, KEY_UNSET = "set", "not set"
NOTHING_YET = "nothing yet"

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

_COUNTED = {
    "case": ("case", "cases"),
    "document": ("document", "documents"),
    "error": ("error", "errors"),
    "file": ("file", "files"),
    "judged answer": ("judged answer", "judged answers"),
    "minute": ("minute", "minutes"),
    "page": ("page", "pages"),
    "passage": ("passage", "passages"),
    "question": ("question", "questions"),
    "run": ("run", "runs"),
    "second": ("second", "seconds"),
    "sentence": ("sentence", "sentences"),
    "source": ("source", "sources"),
}
"""What is counted: one of it, and any other number."""


def count(number: int, thing: str) -> str:
    """`1 document`, `2 documents`, `1,204 passages`, by `_COUNTED`."""
    one, many = _COUNTED[thing]
    return f"{number:,} {one if number == 1 else many}"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def day(value: str | None) -> str:
    """`2023-12-23` or a longer ISO 8601 moment as `23 December 2023`; anything else as it stands."""
    if not value:
        return ""
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return f"{found.day} {found:%B %Y}"


def short_day(value: str, until: str = "") -> str:
    """`2023-12-23` or a longer ISO 8601 moment as `23 Dec 2023`; without the year where that of `until` is the same."""
    found = date.fromisoformat(value[:10])
    return f"{found.day} {found:%b}" if value[:4] == until[:4] else f"{found.day} {found:%b %Y}"


def on_page(number: int | None) -> str:
    """`page 4`; nothing for a document without pages."""
    return f"page {number}" if number else ""


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


def size(number: int) -> str:
    """Bytes as `812 kB`, `3.4 MB` or `1.2 GB` (powers of 1000)."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6)):
        if number >= scale:
            return f"{number / scale:.1f} {unit}"
    return f"{max(1, round(number / 1000))} kB" if number else "nothing"


def share(value: float) -> str:
    """0..1 as `90.5%` or `100%`."""
    return f"{100 * value:.1f}%".replace(".0%", "%")


def seconds(value: float) -> str:
    """`0.21 s`, `3.4 s`, `64 s`."""
    digits = 2 if value < 1 else 1 if value < 10 else 0
    return f"{value:.{digits}f} s"
