"""Speaking with chat models: over loopback through the real client, with servers that fail in every way."""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from rag.errors import BadInput, ModelError, SettingsError
from rag.models import providers, streams
from rag.models.chat import Message, Piece, Speaker, Usage, speaker
from rag.models.connecting import chat_model
from rag.models.streams import Cut, read
from rag.settings import AnswerSettings, Settings
from tests.chat_server import Server, Turn, serving

pytest.importorskip("langchain_openai")

QUESTION = [Message("system", "Be brief."), Message("user", "Who leaves at noon?")]


class AuthenticationError(Exception):
    pass


KEY = "sk-test-0123456789abcdefghij"


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "PAUSES", (0.0, 0.0))
    for variable in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(variable, raising=False)


def speaking(server: Server, seconds: float = 30) -> Speaker:
    return speaker("openai:test", Settings(answer=AnswerSettings(base_url=server.url, timeout=seconds)))


def said(server: Server, limit: int = 100, stop: tuple[str, ...] = ()) -> list[Piece]:
    return list(speaking(server).stream(QUESTION, limit=limit, stop=stop))


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_a_reply_comes_piece_by_piece_with_its_usage_last() -> None:
    with serving(Turn(["The ", "ferry ", "leaves."])) as server:
        pieces = said(server, limit=40)
    assert [piece.text for piece in pieces] == ["The ", "ferry ", "leaves.", ""]
    assert [piece.usage for piece in pieces] == [None, None, None, Usage(7, 3)]
    asked = server.asked[0]
    assert asked["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Who leaves at noon?"},
    ]
    assert (asked["temperature"], asked["max_completion_tokens"], asked["stream"]) == (0, 40, True)


def test_no_usage_is_no_guess() -> None:
    with serving(Turn(["So."], usage=None)) as server:
        assert said(server)[-1] == Piece("")


def test_an_earlier_conversation_is_sent_with_its_roles() -> None:
    with serving(Turn(["Yes."])) as server:
        list(speaking(server).stream([*QUESTION, Message("assistant", "The ferry."), Message("user", "Why?")], limit=9))
    assert [one["role"] for one in server.asked[0]["messages"]] == ["system", "user", "assistant", "user"]


def test_a_plain_server_needs_no_key_and_one_on_this_machine_gets_the_key_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(Turn(["Yes."])) as server:
        said(server)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        said(server)
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # nobody is there
        said(server)
    assert server.keys == ["Bearer none", f"Bearer {KEY}", f"Bearer {KEY}"]


def test_a_key_is_never_sent_in_the_clear_over_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def key_for(url: str) -> str:
        model: Any = chat_model("openai:test", Settings(answer=AnswerSettings(base_url=url)))
        return str(model.openai_api_key.get_secret_value())

    assert key_for("http://models.example:8000/v1") == key_for("http://127.0.0.1.example/v1") == "none"
    refused = providers.told("openai:test", AuthenticationError(), "http://models.example:8000/v1")
    assert "reach the server by https" in str(refused)
    assert key_for("https://models.example/v1") == key_for("http://[::1]:8000/v1") == KEY


def test_the_variable_of_the_provider_places_the_server_and_the_setting_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Turn(["By variable."])) as first, serving(Turn(["By setting."])) as second:
        monkeypatch.setenv("OPENAI_BASE_URL", first.url)
        assert text(list(speaker("openai:test", Settings()).stream(QUESTION, limit=9))) == "By variable."
        assert text(said(second)) == "By setting."


@pytest.mark.parametrize("url", ["ftp://here", "http://user:secret@here/v1", "here:8080", "https://here/v1?key=secret"])
def test_an_address_that_is_none_or_holds_a_secret_is_refused_without_showing_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_ANSWER__BASE_URL", url)
    with pytest.raises(SettingsError, match=r"answer\.base_url") as told:
        Settings.load()
    assert "secret" not in str(told.value)


def test_a_busy_server_is_asked_again_and_then_given_up() -> None:
    busy = Turn(status=429, headers={"retry-after": "0"})
    with serving(busy, Turn(status=500), Turn(["At last."])) as server:
        assert text(said(server)) == "At last."
        assert len(server.asked) == 3
    with serving(busy) as server:
        with pytest.raises(ModelError, match=r"^openai:test: the provider is busy or the quota is used up"):
            said(server)
        assert len(server.asked) == 3


def test_the_provider_may_ask_for_a_longer_pause_within_bounds() -> None:
    class Busy(Exception):
        def __init__(self, after: str) -> None:
            self.response = type("Response", (), {"headers": {"retry-after": after}, "status_code": 429})

    waits = [providers.pause_of(Busy(after), 2.0) for after in ("", "1", "12", "86400", "Mon, 1 Jan", "nan")]
    assert waits == [2.0, 2.0, 12.0, providers.LONGEST_PAUSE, 2.0, 2.0]


@pytest.mark.parametrize(
    ("turn", "kind", "line"),
    [
        (Turn(status=401, error=f"Incorrect API key provided: {KEY}"), BadInput, "refuses the key; set OPENAI_API_KEY"),
        (Turn(status=403), BadInput, "refuses the key"),
        (Turn(status=404), BadInput, "has no such model; check the name"),
        (Turn(status=422, error=f"odd {KEY} inside"), ModelError, r"^openai:test failed \(\w+\): .*odd … inside"),
        (Turn(status=400, error="request exceeds the available context size"), ModelError, "longer than the model can"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do_and_no_second_try(turn: Turn, kind: Any, line: str) -> None:
    with serving(turn) as server:
        with pytest.raises(kind, match=line) as told:
            said(server)
        assert len(server.asked) == 1
    assert KEY not in str(told.value) and "\n" not in str(told.value)
    assert told.value.__cause__ is None and told.value.__suppress_context__


def test_a_key_of_any_shape_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "swordfish")
    with serving(Turn(status=422, error="swordfish is odd")) as server, pytest.raises(ModelError) as told:
        said(server)
    assert "swordfish" not in str(told.value)


def test_where_no_server_runs_it_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "PAUSES", (60.0, 60.0))
    with serving(Turn()) as server:
        pass
    with pytest.raises(ModelError, match=rf"no server answers at {server.url}; start it, or correct answer\.base_url"):
        said(server)


@pytest.mark.parametrize("words", [["The ferry ", "leaves "], ["The"]])
def test_a_connection_that_breaks_in_the_middle_gives_what_came_and_then_says_so(words: list[str]) -> None:
    with serving(Turn(words, breaks=True)) as server:
        stream = speaking(server).stream(QUESTION, limit=50)
        came = [next(stream).text for _ in words]
        with pytest.raises(ModelError, match="broke off in the middle of its reply"):
            next(stream)
        assert came == words and len(server.asked) == 1


def test_a_connection_that_breaks_before_the_first_word_is_tried_again() -> None:
    with serving(Turn(breaks=True), Turn(["Here."])) as server:
        assert text(said(server)) == "Here."
        assert len(server.asked) == 2


def test_an_empty_reply_is_no_error() -> None:
    with serving(Turn([])) as server:
        assert said(server) == [Piece("", Usage(7, 3))]


def test_an_endless_reply_is_cut_and_the_server_let_go() -> None:
    with serving(Turn(["word "], endless=True)) as server:
        reply = text(said(server, limit=20))
        assert reply.startswith("word word ") and len(reply) <= 16 * 20 + 5
        assert server.left.wait(10)


def test_whoever_leaves_ends_the_call_even_before_the_first_word() -> None:
    with serving(Turn(["word "], endless=True, pause=0.02)) as server:
        stream: Any = speaking(server).stream(QUESTION, limit=10_000)
        assert next(stream).text == "word "
        stream.close()
        assert server.left.wait(10)
    with serving(Turn(["late"], endless=True, pause=1.5)) as server:
        with pytest.raises(ModelError, match="did not reply in time"):
            list(speaking(server, seconds=1.0).stream(QUESTION, limit=10))
        assert server.left.wait(10)


def test_while_a_reply_is_waited_for_there_are_signs_at_which_it_can_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BEAT", 0.01)
    with serving(Turn(["late"], endless=True, pause=0.5)) as server:
        stream: Any = speaking(server).stream(QUESTION, limit=10_000)
        assert next(sign for sign in stream if server.begun.is_set()) == Piece("")
        stream.close()
        assert server.left.wait(10)
    with serving(Turn(breaks=True, pause=0.1), Turn(["Here."])) as server:  # a sign is not the beginning of a reply
        assert text(said(server)) == "Here."


def test_a_slow_reply_ends_in_time_with_what_came() -> None:
    with serving(Turn(["word "], endless=True, pause=0.4)) as server:
        stream = speaking(server, seconds=2.0).stream(QUESTION, limit=10_000)
        assert next(stream).text == "word "
        with pytest.raises(ModelError, match="did not come to an end in time"):
            list(stream)


def test_a_reply_ends_before_a_stop_even_where_the_server_ignores_it() -> None:
    with serving(Turn(["Noon.\n", "Que", "stion", ": and ", "more"])) as server:
        pieces = said(server, stop=("\nQuestion:",))
    assert text(pieces) == "Noon." and server.asked[0]["stop"] == ["\nQuestion:"]


@pytest.mark.parametrize("option", ["temperature", "stop"])
def test_an_option_that_a_model_refuses_is_left_out_from_then_on(option: str) -> None:
    refusal = Turn(status=400, error=f"Unsupported parameter: '{option}' is not supported with this model.")
    with serving(refusal, Turn(["Noon. END more"])) as server:
        speaking_to = speaking(server)
        for _ in range(2):
            assert text(list(speaking_to.stream(QUESTION, limit=9, stop=("END",)))) == "Noon. "
    assert [option in asked for asked in server.asked] == [True, False, False]


def test_questions_at_the_same_time_do_not_mix() -> None:
    with serving(Turn(["a ", "b ", "c"], pause=0.01)) as server:
        speaking_to, replies = speaking(server), []

        def ask() -> None:
            replies.append(text(list(speaking_to.stream(QUESTION, limit=9))))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert replies == ["a b c"] * 8


def test_a_langchain_model_is_spoken_with_as_it_is() -> None:
    model = GenericFakeChatModel(messages=iter([AIMessage("The ferry leaves at noon. Stop here.")]))
    one = speaker(model, Settings())
    assert one.name == "generic-fake-chat-model"
    assert text(list(one.stream(QUESTION, limit=100, stop=("Stop",)))) == "The ferry leaves at noon. "


def test_the_limit_given_to_a_langchain_model_is_only_lowered() -> None:
    from langchain_openai import ChatOpenAI

    with serving(Turn(["Yes."])) as server:
        model = ChatOpenAI(model="test", base_url=server.url, api_key="none", max_tokens=30)  # type: ignore[call-arg,arg-type]
        for limit in (20, 40):
            list(speaker(model, Settings()).stream(QUESTION, limit=limit))
    assert [asked["max_completion_tokens"] for asked in server.asked] == [20, 30]
    assert model.max_tokens == 30


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("gpt-4.1", "names no chat model; give provider:model"),
        ("local:", "names no chat model"),
        ("nonesuch:model", "no provider called 'nonesuch'"),
        ("openai:gpt-4.1", "needs a key; set OPENAI_API_KEY$"),
        ("local:nonesuch", r"no local model called 'nonesuch'; there are: qwen2\.5-0\.5b"),
    ],
)
def test_a_model_that_cannot_be_had_is_told_before_anything_is_asked(name: str, line: str) -> None:
    with pytest.raises(BadInput, match=line):
        speaker(name, Settings())


@pytest.mark.parametrize("extra", ["openai", "anthropic", "ollama", "google"])
def test_a_missing_extra_says_what_to_install(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = "google_genai" if extra == "google" else extra
    monkeypatch.setitem(sys.modules, f"langchain_{provider}", None)
    with pytest.raises(BadInput, match=rf"pip install 'pincite\[{extra}\]'$"):
        speaker(f"{provider}:model", Settings())


def test_no_key_is_written_shown_or_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(Turn(["Yes."]), Turn(status=401, error=f"bad {KEY}")) as server:
        one = speaking(server)
        list(one.stream(QUESTION, limit=9))
        with pytest.raises(BadInput) as told:
            list(one.stream(QUESTION, limit=9))
        model = chat_model("openai:test", Settings(answer=AnswerSettings(base_url=server.url)))
    shown = [str(told.value), repr(model), str(one.__dict__), *capfd.readouterr()]
    assert not [one for one in [*shown, *(record.getMessage() for record in caplog.records)] if KEY in one]


@given(st.lists(st.text("abEN", max_size=4)), st.lists(st.text("abEN", min_size=1, max_size=3), max_size=3))
def test_a_cut_text_is_the_text_up_to_the_first_stop_however_it_is_split(pieces: list[str], stops: list[str]) -> None:
    cut = Cut(stops)
    shown = "".join(cut.feed(piece) for piece in pieces)
    whole = "".join(pieces)
    ends = [at for at in (whole.find(stop) for stop in stops) if at >= 0]
    assert cut.done == bool(ends)
    assert shown + cut.rest() == (whole[: min(ends)] if ends else whole)


def test_the_time_that_the_reader_takes_does_not_count() -> None:
    async def two() -> Any:
        yield 1
        yield 2

    stream = read(two, 1.0)
    assert next(stream) == 1
    time.sleep(1.1)
    assert list(stream) == [2]


def test_a_stream_that_gives_nothing_for_a_while_is_told_from_one_that_is_too_slow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "BEAT", 0.01)
    let_go = threading.Event()

    async def one() -> Any:
        yield 1
        while not let_go.is_set():
            await asyncio.sleep(0.001)
        yield 2

    stream = read(one, 30, 0)
    assert [next(stream), next(stream)] == [1, 0]
    let_go.set()
    assert [number for number in stream if number] == [2]
    let_go.clear()
    stream = read(one, 0.05, 0)
    with pytest.raises(TimeoutError):
        list(stream)


def test_an_error_of_the_stream_comes_after_what_it_gave() -> None:
    async def broken() -> Any:
        yield 1
        raise ValueError("odd")

    def collected() -> Iterator[int]:
        yield from read(broken, 5)

    stream = collected()
    assert next(stream) == 1
    with pytest.raises(ValueError, match="odd"):
        next(stream)


@contextmanager
def replying(status: int, kind: str, body: bytes) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that says one thing to all: its address, and what was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            length = self.headers.get("content-length")
            asked.append(json.loads(self.rfile.read(int(length))) if length else {})
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ollama(url: str) -> Speaker:
    pytest.importorskip("langchain_ollama")
    return speaker("ollama:qwen3", Settings(answer=AnswerSettings(base_url=url)))


def test_ollama_speaks_past_any_proxy_and_is_told_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # nobody is there
    said = [
        {"message": {"role": "assistant", "content": "At "}, "done": False},
        {"message": {"role": "assistant", "content": "noon."}, "done": False},
        {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop", "prompt_eval_count": 5}
        | {"eval_count": 3},
    ]
    lines = [json.dumps({"model": "qwen3", "created_at": "2026-01-01T00:00:00Z", **one}) for one in said]
    with replying(200, "application/x-ndjson", "\n".join(lines).encode()) as (url, asked):
        pieces = list(ollama(url).stream(QUESTION, limit=20, stop=("END",)))
    assert text(pieces) == "At noon." and pieces[-1].usage == Usage(5, 3)
    assert asked[0]["options"] == {"num_predict": 20, "temperature": 0.0, "stop": ["END"]}


def test_what_ollama_lacks_is_told_as_its_own_commands() -> None:
    with replying(404, "application/json", b'{"error": "model not found"}') as (url, _):
        one = ollama(url)
        with pytest.raises(BadInput, match=r"get it with: ollama pull qwen3$"):
            list(one.stream(QUESTION, limit=9))
    with pytest.raises(ModelError, match=r"start it with: ollama serve$"):
        list(one.stream(QUESTION, limit=9))


def test_anthropic_needs_its_key_and_says_when_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_anthropic")
    with pytest.raises(BadInput, match=r"needs a key; set ANTHROPIC_API_KEY$"):
        speaker("anthropic:claude", Settings())
    refusal = b'{"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}'
    with replying(401, "application/json", refusal) as (url, asked):
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
        with pytest.raises(BadInput, match="refuses the key; set ANTHROPIC_API_KEY"):
            list(speaker("anthropic:claude", Settings()).stream(QUESTION, limit=20))
    assert [(one["max_tokens"], one["system"]) for one in asked] == [(20, "Be brief.")]
