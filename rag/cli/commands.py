"""The commands, one function each; the library does the work."""

import dataclasses
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli import show
from rag.cli.users import users
from rag.errors import BadInput

if TYPE_CHECKING:
    from rag import Library
    from rag.settings import Settings

CHECK_FAILED = 3

Index = Annotated[Path | None, typer.Option("--index", help="The library's folder; indexes/default where not set.")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="Only from this path or pattern; may be repeated.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="PROVIDER:NAME", help="A chat model that writes; extractive for quotes."),
]
NoRerank = Annotated[bool, typer.Option("--no-rerank", help="Leave out the reranker: faster, less exact.")]


@dataclasses.dataclass(slots=True)
class State:
    """What is set before the command's name."""

    debug: bool = False


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
models = typer.Typer(help="The models that come with the install, and those that can be pulled.", no_args_is_help=False)
app.add_typer(models, name="models")
app.add_typer(users, name="users")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"pincite {version('pincite')}")
        raise typer.Exit


@app.callback()
def pincite(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Ask your own documents; every sentence of the answer shows the exact words that support it."""
    context.ensure_object(State).debug = debug


@app.command()
def index(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders or http(s) addresses.")],
    index: Index = None,
    sync: Annotated[bool, typer.Option("--sync", help="Also remove what has vanished under these paths.")] = False,
    password: Annotated[str | None, typer.Option("--password", help="For protected files.")] = None,
) -> None:
    """Read documents into the library; unchanged ones cost nothing."""
    from rag.cli.progress import shown

    with _library(index, making=paths) as library, shown() as progress:
        report = library.add(*paths, password=password, sync=sync, progress=progress)
    show.show_report(report)
    if not (report.added or report.updated or report.unchanged or report.removed):
        raise BadInput("nothing could be indexed; the reasons stand above, and in: pincite list")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In your own words, in quotation marks.")],
    index: Index = None,
    model: Model = None,
    source: Sources = None,
    json: Json = False,
    no_abstain: Annotated[bool, typer.Option("--no-abstain", help="Answer always, however weak the evidence.")] = False,
    no_rerank: NoRerank = False,
) -> None:
    """Answer a question; "the documents don't say" is an answer too."""
    with _library(index) as library:
        answer = library.ask(
            question, sources=source or None, abstain=not no_abstain, rerank=not no_rerank, model=model
        )
    if json:
        show.show_json(answer.to_dict())
    else:
        show.show_answer(answer)


@app.command()
def chat(
    index: Index = None,
    model: Model = None,
    source: Sources = None,
    no_abstain: Annotated[bool, typer.Option("--no-abstain", help="Answer always, however weak the evidence.")] = False,
    no_rerank: NoRerank = False,
) -> None:
    """Ask question after question; what points back to an earlier one is understood, and said."""
    from rag.cli.chat import talk

    with _library(index) as library:
        talk(library.chat(sources=source or None, abstain=not no_abstain, rerank=not no_rerank, model=model))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    k: Annotated[int, typer.Option("-k", min=1, help="How many passages.")] = 10,
    index: Index = None,
    source: Sources = None,
    json: Json = False,
    no_rerank: NoRerank = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each passage came: ranks, scores, words.")
    ] = False,
) -> None:
    """Find passages, best first."""
    with _library(index) as library:
        hits = library.search(query, k, sources=source or None, rerank=not no_rerank)
    if json:
        show.show_json([dataclasses.asdict(hit) for hit in hits])
    else:
        show.show_hits(hits, query if explain else None)


@app.command(name="list")
def list_documents(index: Index = None, json: Json = False) -> None:
    """The documents of the library, and the files that could not be read."""
    with _library(index) as library:
        documents, failed = library.documents(), library.failures()
    if json:
        listed = {
            "documents": [dataclasses.asdict(entry) for entry in documents],
            "failed": [dataclasses.asdict(failure) for failure in failed],
        }
        show.show_json(listed)
    else:
        show.show_entries(documents)
        show.show_failures(failed, stderr=False)


@app.command()
def remove(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE…", help="Paths, addresses or patterns.")],
    index: Index = None,
) -> None:
    """Take documents out of the library; the files themselves stay."""
    with _library(index) as library:
        show.show_report(library.remove(*sources))


@app.command()
def doctor(index: Index = None, json: Json = False) -> None:
    """Check versions, weights, settings and the library, and say what to do about each fault."""
    from rag.cli.doctor import examine

    checks = examine(index)
    if json:
        show.show_json([dataclasses.asdict(check) for check in checks])
    else:
        show.show_checks(checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@app.command()
def verify(
    answers: Annotated[
        list[str],
        typer.Argument(
            metavar="ANSWER.json…", help="From `ask --json`: files, folders of them, or - for what is piped in."
        ),
    ],
    index: Index = None,
    json: Json = False,
) -> None:
    """Check saved answers again, and say what has changed; exit status 3 where something no longer holds.

    Each quote must stand, to the character, in the version of the document that it names, and the library and the file
    must still have that version, under that title and date. Each sentence is judged anew by its quotes; a better
    verdict than it had is no fault. No word may be outside the sentences, no quote uncited, no mark without its quote.

    Not checked: that the question asks for this, the confidence, a verdict's degree and notes, the passages of the
    evidence, model, times and signals.
    """
    from rag.cli.verify import examine, read

    given = {name: read(text, name) for name, text in _answers(answers)}
    with _library(index) as library:
        checks = {name: examine(answer, library) for name, answer in given.items()}
    if json:
        show.show_json([{"answer": name, **dataclasses.asdict(check)} for name in checks for check in checks[name]])
    else:
        for name, found in checks.items():
            show.show_checks(found, heading=name if len(checks) > 1 else None)
    if not all(check.ok for found in checks.values() for check in found):
        raise typer.Exit(CHECK_FAILED)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; the default is this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 7860,
    index: Index = None,
    model: Model = None,
) -> None:
    """Serve the page in your browser until Ctrl-C."""
    from rag.web import serve as serve_page

    def ready(address: str) -> None:
        print(f"Pincite is at {address} (stop it with Ctrl-C)", flush=True)

    serve_page(_settings(index).index, host=host, port=port, ready=ready, model=model)


@app.command(
    name="eval", add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def evaluate(context: typer.Context) -> None:
    """Measure: everything after `eval` goes to `python -m evals`."""
    import runpy

    sys.argv = ["pincite eval", *context.args]
    runpy.run_module("evals", run_name="__main__")


@models.command(name="list")
def list_models() -> None:
    """Each model with its licence, and whether its files are there and unaltered."""
    from rag.models.local.registry import PULLED
    from rag.models.local.registry import fault as unfit
    from rag.models.weights import PACKAGED, check

    for weights in PACKAGED.values():
        fault = check(weights)
        print(f"{weights.name}  {weights.upstream}  {weights.licence}  from {weights.carrier}")
        print(f"    {fault or f'in place, sha256 {weights.sha256[:12]}…'}")
    folder = _settings(None).models
    for gguf in PULLED.values():
        print(f"local:{gguf.name}  {gguf.upstream}  {gguf.licence}  {gguf.size // 1_000_000} MB")
        print(f"    {unfit(gguf, folder) or f'in {folder}, sha256 {gguf.sha256[:12]}…'}")


@models.command()
def pull(name: Annotated[str, typer.Argument(help="Which model; pincite models list shows them.")]) -> None:
    """Fetch a chat model that answers on this machine without a key; a pull that was stopped goes on."""
    from rag.cli.progress import pulled
    from rag.models.local.pulling import pull as fetch
    from rag.models.local.registry import known
    from rag.models.weights import PACKAGED

    if name in PACKAGED:
        raise BadInput(f"{name} comes with its package, and nothing has to be pulled")
    gguf = known(name.removeprefix("local:"))
    with pulled(gguf.name) as watch:
        path = fetch(gguf, _settings(None).models, watch)
    print(f"{gguf.name} is in {path} ({gguf.licence}); ask it with: pincite ask QUESTION --model local:{gguf.name}")


def _settings(index: Path | None) -> "Settings":
    from rag.settings import Settings

    given: dict[str, Any] = {} if index is None else {"index": index}
    return Settings.load(**given)


def _library(index: Path | None, *, making: Sequence[str] = ()) -> "Library":
    """The library in force. Where there is none it is made, but only from targets (`making`) that exist."""
    settings = _settings(index)
    from rag import Library

    if not Library.exists(settings.index):
        if not making:
            where = "" if index is None else f" --index {index}"
            raise BadInput(f"there is no library in {settings.index}; make one: pincite index PATH{where}")
        from rag.loaders import find

        for target in making:
            find(target)
    return Library(settings.index, settings=settings)


def _answers(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name and text of each answer; for a folder, of every JSON file in it. Raises `BadInput`."""
    for path in given:
        if path == "-":
            yield "standard input", sys.stdin.read()
        elif Path(path).is_dir():
            found = sorted(Path(path).glob("*.json"))
            if not found:
                raise BadInput(
                    f"{path} holds no answers; save some into it: pincite ask QUESTION --json > {path}/1.json"
                )
            yield from ((str(one), _text(str(one))) for one in found)
        else:
            yield path, _text(path)


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from None
