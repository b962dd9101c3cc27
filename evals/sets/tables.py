"""A person's own table of questions, CSV or JSON Lines, by the names of its columns."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from evals.cases import Case, Evidence
from evals.sets.cells import Row, read_rows, several
from evals.sets.files import key
from rag.errors import BadInput

COMMON: Mapping[str, tuple[str, ...]] = {
    "question": ("question", "query", "user_input"),
    "answers": (
        "answers",
        "answer",
        "ground_truth",
        "ground_truths",
        "expected",
        "expected_answer",
        "expected_output",
        "reference",
    ),
    "answerable": ("answerable",),
    "source": ("source", "document", "file", "filename", "sources"),
    "quote": ("quote", "evidence", "context", "reference_contexts"),
    "page": ("page", "page_number"),
    "start": ("start",),
    "end": ("end",),
    "id": ("id", "case_id", "question_id"),
    "group_id": ("group_id", "group"),
    "tags": ("tags", "tag", "category"),
}
"""What a column may be called without being named: by field of a case, the first that the table has is taken."""
UNREAD = "-"
"""Instead of a column: the field is not read."""
_PLACES = ("source", "quote", "page", "start", "end")
_LISTED = ("answers", "source", "page", "start", "end", "tags")
"""Fields whose cells may hold several values between bars."""
_YES = {"true", "yes", "y", "1", "ja", "wahr"}
_NO = {"false", "no", "n", "0", "nein", "falsch"}


def read_table(path: Path, columns: Mapping[str, str] | None = None) -> list[Case]:
    """The cases of a table whose columns bear our names, common ones (`COMMON`), or those given by field.

    A field given the column `-` is not read. Several answers, sources, pages or tags stand in one cell between ` | `,
    or as a JSON list; quotes only as a JSON list. One source goes with every page or quote; else they go in pairs.
    Where a row has both, the quote counts and not the page. Without a column for it a case's id is made from its
    question and its group is its first source, or else its id.

    A row is answerable if `answerable` says so. Without that column a row is answerable unless its answers and its
    places are all empty; but a table where no row has any is refused, since then its columns were hardly meant so.

    Raises `BadInput`, one line with file, line and column.
    """
    path = Path(path)
    header, rows = read_rows(path)
    if not rows:
        raise BadInput(f"{path} holds no cases; write one question a row below the names of the columns")
    named = _named(path, header, columns or {})
    cases: list[Case] = []
    seen: dict[str, int] = {}
    asked: Counter[str] = Counter()
    for row in rows:
        case = _case(path, row, named, asked)
        if case.id in seen:
            raise BadInput(f"{path}:{row.line}: id {case.id!r} is already on line {seen[case.id]}; ids must differ")
        seen[case.id] = row.line
        cases.append(case)
    if "answerable" not in named and not any(case.answerable for case in cases):
        raise BadInput(f"{path}: no row has an answer or a place; name their columns with --columns answers=COLUMN")
    return cases


def _named(path: Path, header: list[str], given: Mapping[str, str]) -> dict[str, str]:
    """The table's column for each field."""
    for field, column in given.items():
        if field not in COMMON:
            raise BadInput(f"--columns: {field!r} is no field of a case; known: {', '.join(COMMON)}")
        if column != UNREAD and column not in header:
            raise BadInput(f"{path}: there is no column {column!r}; it has {', '.join(header)}")
    plain = {column.strip().casefold().replace(" ", "_"): column for column in reversed(header)}
    named = {}
    for field, names in COMMON.items():
        column = given.get(field, next((plain[name] for name in names if name in plain), ""))
        if column not in ("", UNREAD):
            named[field] = column
    if "question" not in named:
        raise BadInput(f"{path}: no column is called question; name it with --columns question=COLUMN")
    if not named.keys() & {"answers", "answerable", "source"}:
        raise BadInput(f"{path}: no column holds answers; name it with --columns answers=COLUMN")
    if place := next((field for field in _PLACES if field in named and "source" not in named), None):
        column = named[place]
        raise BadInput(
            f"{path}: column {column!r} needs one that names the document; "
            f"add source=COLUMN to --columns, or {place}=- to leave it out"
        )
    return named


def _case(path: Path, row: Row, named: Mapping[str, str], asked: Counter[str]) -> Case:
    cells = {field: several(row.cells.get(column), field in _LISTED) for field, column in named.items()}
    question = " ".join(cells["question"])
    if not question:
        raise BadInput(f"{path}:{row.line}: column {named['question']!r} is empty; write the question")
    answers, evidence = tuple(cells.get("answers", ())), _evidence(path, row, named, cells)
    answerable = bool(answers or evidence)
    if "answerable" in named:
        answerable = _yes(cells["answerable"], f"{path}:{row.line}: column {named['answerable']!r}")
    name = "".join(cells.get("id", ())) or _made_id(question, asked)
    try:
        return Case(
            id=name,
            group_id="".join(cells.get("group_id", ())) or (evidence[0].source if evidence else name),
            question=question,
            answerable=answerable,
            answers=answers,
            evidence=evidence,
            tags=tuple(cells.get("tags", ())),
        )
    except ValidationError as error:
        raise BadInput(f"{path}:{row.line}: {_said(error)}") from None


def _evidence(path: Path, row: Row, named: Mapping[str, str], cells: Mapping[str, list[str]]) -> tuple[Evidence, ...]:
    places = {field: cells[field] for field in _PLACES if cells.get(field)}
    if "quote" in places:
        places.pop("page", None)
    if not places:
        return ()
    where = f"{path}:{row.line}"
    if "source" not in places:
        raise BadInput(f"{where}: column {named['source']!r} is empty, but the row names a place; write its document")
    count = max(len(found) for found in places.values())
    for field, found in places.items():
        if len(found) not in (1, count) or (field != "source" and len(found) != count):
            raise BadInput(
                f"{where}: column {named[field]!r} has {len(found)} where another has {count}; give as many of each"
            )
    made = []
    for at in range(count):
        place: dict[str, str | int] = {}
        for field, found in places.items():
            value = found[at if len(found) > 1 else 0]
            place[field] = (
                value if field in ("source", "quote") else _number(value, f"{where}: column {named[field]!r}")
            )
        try:
            made.append(Evidence.model_validate(place))
        except ValidationError as error:
            raise BadInput(f"{where}: {_said(error, named)}") from None
    return tuple(made)


def _number(value: str, where: str) -> int:
    try:
        number = float(value)
        if not number.is_integer():
            raise ValueError
    except (ValueError, OverflowError):
        raise BadInput(f"{where}: {value!r} is no whole number") from None
    return int(number)


def _yes(cell: list[str], where: str) -> bool:
    word = "".join(cell).casefold()
    if word not in _YES | _NO:
        raise BadInput(f"{where}: {word!r} is neither yes nor no" if word else f"{where} is empty; write yes or no")
    return word in _YES


def _made_id(question: str, asked: Counter[str]) -> str:
    """From the question, so that it stays when rows are moved; a question asked again gets a number."""
    asked[question] += 1
    return key(question) if asked[question] == 1 else f"{key(question)}-{asked[question]}"


def _said(error: ValidationError, named: Mapping[str, str] | None = None) -> str:
    """The first fault in words, with the column it is in."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    column = (named or {}).get(field, field)
    return f"{f'column {column!r}: ' if column else ''}{first['msg'].removeprefix('Value error, ')}"
