"""Finding and fetching: files, folders, patterns and addresses."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rag.errors import LoadError, NoSuchSource
from rag.loaders import document_id, fetch, find, parse


def names(found: list[str]) -> list[str]:
    return [Path(one).name for one in found]


def test_a_folder_gives_every_file_below_but_the_hidden_and_each_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.txt", ".git/d.txt", "a/.e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert find(tmp_path) == [str(tmp_path / "a" / "c.txt"), str(tmp_path / "b.txt")]
    assert find(tmp_path / "b.txt") == [str(tmp_path / "b.txt")]
    assert names(find(f"{tmp_path}/**/*.txt")) == ["c.txt", "b.txt"]


def test_an_address_stands_for_itself() -> None:
    assert find("https://example.org/a?b=c") == ["https://example.org/a?b=c"]


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target in ("missing.txt", "*.nothing", "", "pipe"):
        with pytest.raises(NoSuchSource, match=r"; .*(check|give)"):
            find(tmp_path / target)


def test_an_id_belongs_to_its_source() -> None:
    assert document_id("/a") == document_id("/a") != document_id("/b")
    assert len(document_id("/a")) == 16


def test_files_are_read_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("twelve bytes")
    raw = fetch(str(file), max_bytes=12)
    assert (raw.name, raw.data, raw.media_type, len(raw.sha256)) == ("a.txt", b"twelve bytes", None, 64)
    with pytest.raises(LoadError, match="max_file_mb") as caught:
        fetch(str(file), max_bytes=11)
    assert caught.value.kind == "too_large"
    file.write_text("")
    with pytest.raises(LoadError) as caught:
        fetch(str(file), max_bytes=11)
    assert caught.value.kind == "empty"
    with pytest.raises(LoadError) as caught:
        fetch(str(tmp_path / "gone"), max_bytes=11)
    assert caught.value.kind == "unreachable"


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/page")
            self.end_headers()
        elif self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()
        elif self.path in ("/page", "/long"):
            body = b"<html><body><p>The tide is out.</p></body></html>" * (1 if self.path == "/page" else 1000)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_fetched_through_its_redirects(site: str) -> None:
    raw = fetch(f"{site}/moved", max_bytes=10_000)
    assert (raw.name, raw.media_type) == ("moved", "text/html; charset=utf-8")
    document = parse(raw)
    assert (document.source, document.text) == (f"{site}/moved", "The tide is out.")


@pytest.mark.parametrize(("path", "kind"), [("/gone", "unreachable"), ("/away", "unreachable"), ("/long", "too_large")])
def test_what_a_server_will_not_give_is_told(site: str, path: str, kind: str) -> None:
    with pytest.raises(LoadError) as caught:
        fetch(site + path, max_bytes=10_000)
    assert caught.value.kind == kind
    assert "\n" not in str(caught.value)


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(LoadError, match="check the address") as caught:
        fetch("http://127.0.0.1:1/page", max_bytes=10)
    assert caught.value.kind == "unreachable"
