"""The review page: decisions are saved at once, nothing is lost, and nobody else can decide."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from evals.cases import Case, load_cases
from evals.making.keeping import CaseFile, Changed, edited
from evals.making.review import LARGEST, review_app
from rag import Library
from rag.errors import BadInput
from tests.browser import CHROMIUM, picture
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

HOSTILE = "<script>alert(1)</script> & \"'"
TEXT = (
    "The Lund Bridge opened in May 2021. Ada Berg is the mayor of Lund. It has two towers.\n\n"
    f"A passage with {HOSTILE} in it was added by Ada Berg in 2020.\n"
)
PORT = 8765
OURS = {"Origin": f"http://127.0.0.1:{PORT}"}


def case(id: str, question: str = "When did the Lund Bridge open?", **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": id,
        "group_id": id,
        "question": question,
        "answerable": True,
        "answers": ["May 2021"],
        "evidence": [{"source": "lund.txt", "quote": "The Lund Bridge opened in May 2021."}],
        "tags": ["proposed", "when"],
    }
    return {key: value for key, value in {**made, **fields}.items() if value is not None}


def twin(id: str, question: str) -> dict[str, Any]:
    return case(f"{id}-none", question, group_id=id, answerable=False, answers=None, evidence=None)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "index", embedder=WordHashEmbedder(), reranker=SharedWordsReranker())
    opened.add_documents([document(TEXT, "/docs/lund.txt", "Lund")])
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.jsonl"


def write(path: Path, *cases: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(each) + "\n" for each in cases), encoding="utf-8")


@pytest.fixture
def client(path: Path, library: Library) -> TestClient:
    write(
        path,
        case("one"),
        case("two", "Who is the mayor of Lund?", answers=["Ada Berg"]),
        case("three", "Kept?", tags=[]),
    )
    return TestClient(review_app(CaseFile(path), library, PORT), base_url=f"http://127.0.0.1:{PORT}")


def fields(page: httpx.Response) -> dict[str, str]:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    areas = dict(re.findall(r'<textarea id="(\w+)"[^>]*>(.*?)</textarea>', page.text, re.DOTALL))
    return {**hidden, **{name: unescape(value) for name, value in areas.items()}}


def decide(client: TestClient, id: str, action: str, **changes: str) -> httpx.Response:
    sent = {**fields(client.get("/case", params={"id": id})), "action": action, **changes}
    return client.post("/case", params={"id": id}, data=sent, headers=OURS, follow_redirects=False)


def test_the_first_undecided_case_is_shown_with_its_words_in_the_document(client: TestClient) -> None:
    page = client.get("/")
    assert page.url.raw_path == b"/case?id=one"
    assert "<b>1 of 2</b>" in page.text
    assert "<mark>The Lund Bridge opened in <strong>May 2021</strong>.</mark> Ada Berg is the mayor" in page.text


def test_accepting_takes_off_the_tag_keeps_the_wording_and_goes_on(client: TestClient, path: Path) -> None:
    other = path.read_text().splitlines()[1:]
    done = decide(client, "one", "accept", question="When  was it\nopened?", answers="May 2021\r\n\r\n2021-05\r\n")
    assert (done.status_code, done.headers["location"]) == (303, "/case?id=two")
    accepted = load_cases(path)[0]
    assert (accepted.question, accepted.answers, accepted.tags) == (
        "When was it opened?",
        ("May 2021", "2021-05"),
        ("when",),
    )
    assert path.read_text().splitlines()[1:] == other
    assert "1 accepted · 0 rejected" in client.get("/").text and "<b>2 of 2</b>" in client.get("/").text


def test_rejecting_moves_the_line_with_its_twin_and_it_is_not_proposed_again(client: TestClient, path: Path) -> None:
    write(path, case("one"), twin("one", "When did the Oslo Bridge open?"), case("two"))
    assert decide(client, "one", "reject").status_code == 303
    assert [each.id for each in load_cases(path)] == ["two"]
    kept = CaseFile(path)
    assert [each.id for each in load_cases(kept.rejected)] == ["one", "one-none"]
    assert "When did the Oslo Bridge open?" in kept.known()
    again = [Case.model_validate(twin("nine", "When did the Oslo Bridge open?"))]
    assert kept.append(again) == 0


def test_a_mark_before_the_first_line_stays_out_of_the_rejected_ones(client: TestClient, path: Path) -> None:
    write(path, case("one"), case("two"))
    decide(client, "two", "reject")
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert decide(client, "one", "reject").status_code == 303
    assert [each.id for each in load_cases(CaseFile(path).rejected)] == ["two", "one"]
    assert "\ufeff" not in CaseFile(path).rejected.read_text(encoding="utf-8")


def test_rejecting_a_twin_leaves_its_sibling(client: TestClient, path: Path) -> None:
    write(path, case("one"), twin("one", "When did the Oslo Bridge open?"))
    page = client.get("/case?id=one-none")
    assert "No document should answer this" in page.text and "When did the Lund Bridge open?" in page.text
    assert 'name="answers"' not in page.text
    decide(client, "one-none", "reject")
    assert [each.id for each in load_cases(path)] == ["one"]


def test_an_accepted_twin_has_no_answers_whatever_the_form_says(client: TestClient, path: Path) -> None:
    write(path, twin("one", "When did the Oslo Bridge open?"))
    assert decide(client, "one-none", "accept", answers="May 2021").status_code == 303
    assert load_cases(path)[0].answers == () and not load_cases(path)[0].answerable


def test_skipping_changes_nothing_and_comes_round_again(client: TestClient, path: Path) -> None:
    before = path.read_bytes()
    assert decide(client, "one", "skip").headers["location"] == "/case?id=two"
    assert decide(client, "two", "skip").headers["location"] == "/case?id=one"
    assert path.read_bytes() == before


def test_when_all_are_decided_the_page_says_so(client: TestClient) -> None:
    decide(client, "one", "accept")
    last = decide(client, "two", "reject")
    assert last.headers["location"] == "/done"
    assert "Nothing is left to decide" in client.get("/").text and "cases.rejected.jsonl" in client.get("/done").text


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"question": " \n "}, "The question is empty"), ({"answers": " \n "}, "There is no accepted answer")],
)
def test_a_case_without_question_or_answer_is_not_saved_and_what_was_typed_stays(
    client: TestClient, path: Path, changes: dict[str, str], told: str
) -> None:
    before = path.read_bytes()
    page = decide(client, "one", "accept", **{"question": "Mine?", **changes})
    assert page.status_code == 400 and told in page.text
    assert fields(page)["question"] == {"question": "Mine?", **changes}["question"]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": f"http://127.0.0.1:{PORT + 1}"},
        {"Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
def test_a_decision_from_another_page_is_refused(client: TestClient, path: Path, headers: dict[str, str]) -> None:
    before = path.read_bytes()
    sent = {**fields(client.get("/case?id=one")), "action": "reject"}
    assert client.post("/case?id=one", data=sent, headers=headers).status_code == 403
    assert path.read_bytes() == before


def test_a_decision_without_the_pages_token_is_refused(client: TestClient, path: Path) -> None:
    before = path.read_bytes()
    for sent in ({}, {"token": "é"}, {"token": "x" * (LARGEST + 1)}):
        assert client.post("/case?id=one", data={"action": "reject", **sent}, headers=OURS).status_code == 403
    assert path.read_bytes() == before
    assert client.get("/case?id=one&action=reject").status_code == 200
    assert path.read_bytes() == before
    assert decide(client, "one", "delete").status_code == 400
    assert path.read_bytes() == before


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", f"127.0.0.1:{PORT + 1}", "127.0.0.1", ""])
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/case?id=one", headers={"Host": host})
    assert answer.status_code == 403 and "Lund" not in answer.text


def test_the_page_may_load_nothing_and_run_nothing_but_its_own(client: TestClient) -> None:
    page = client.get("/case?id=one")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy and "unsafe" not in policy
    (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
    assert page.text.count(f'nonce="{nonce}"') == len(re.findall(r"<(?:script|style)\b", page.text))
    assert nonce not in client.get("/case?id=one").headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store" and not re.search(r"https?://", page.text)


def test_hostile_text_is_shown_and_never_run(client: TestClient, path: Path) -> None:
    quote = f"A passage with {HOSTILE} in it was added by Ada Berg in 2020."
    write(
        path,
        case(
            f"x{HOSTILE}/../",
            f"Who added {HOSTILE}?",
            answers=[f"{HOSTILE}</textarea>"],
            tags=["proposed", HOSTILE],
            evidence=[{"source": "lund.txt", "quote": quote}],
        ),
    )
    page = client.get("/")
    assert page.status_code == 200 and "alert(1)" in page.text
    assert "<script>alert" not in page.text and "</textarea></textarea>" not in page.text
    assert fields(page)["question"] == f"Who added {HOSTILE}?"
    frame = client.get(unescape(re.search(r'iframe src="([^"]+)"', page.text)[1]))  # type: ignore[index]
    assert frame.status_code == 200 and "<script>" not in frame.text


def test_two_browsers_do_not_decide_one_case_twice(client: TestClient, path: Path) -> None:
    stale = {**fields(client.get("/case?id=one")), "action": "reject"}
    decide(client, "one", "accept")
    answer = client.post("/case?id=one", data=stale, headers=OURS)
    assert answer.status_code == 409 and "decided meanwhile" in answer.text
    assert [each.id for each in load_cases(path)] == ["one", "two", "three"]


def test_a_case_changed_by_hand_meanwhile_is_shown_anew_and_other_lines_are_kept(
    client: TestClient, path: Path
) -> None:
    stale = {**fields(client.get("/case?id=one")), "action": "accept"}
    write(path, case("one", "When did it really open?"), case("added", "By hand?"))
    answer = client.post("/case?id=one", data=stale, headers=OURS)
    assert answer.status_code == 409 and "changed in the file meanwhile" in answer.text
    assert fields(answer)["question"] == "When did it really open?"
    decide(client, "one", "accept")
    assert [(each.id, "proposed" in each.tags) for each in load_cases(path)] == [("one", False), ("added", True)]


def test_a_broken_file_is_told_and_not_touched(client: TestClient, path: Path) -> None:
    path.write_text('{"id": "one"\n')
    page = client.get("/", headers=OURS)
    assert page.status_code == 500 and "cases.jsonl:1" in unescape(page.text)
    assert path.read_text() == '{"id": "one"\n'


def test_evidence_that_is_gone_is_told(client: TestClient, path: Path) -> None:
    write(
        path,
        case("one", evidence=[{"source": "lund.txt", "quote": "Not there."}, {"source": "other.txt", "quote": "x"}]),
        case("two", evidence=[{"source": "lund.txt", "start": 0, "end": 8}]),
    )
    page = client.get("/case?id=one").text
    assert "no longer has these words" in page and "is called other.txt" in page
    assert "<mark>The Lund</mark>" in client.get("/case?id=two").text


def test_the_frame_tells_what_pincite_answers_and_where_it_abstains(client: TestClient, path: Path) -> None:
    answered = client.get("/answer?id=one").text
    assert "The Lund Bridge opened in May 2021." in answered and "[1]" in answered
    write(path, twin("one", "Who won the chess tournament in Reykjavik?"))
    assert (
        "The documents don&#39;t say." in client.get("/answer?id=one-none").text
        or "don't say" in client.get("/answer?id=one-none").text
    )
    assert client.get("/answer?id=gone").status_code == 404


def test_a_line_that_another_hand_writes_at_the_same_moment_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(path, case("one"))
    kept = CaseFile(path)
    mark = kept.lines()[0].mark

    def meanwhile(*given: Any, **more: Any) -> Case:
        write(path, case("one"), case("late", "Late?"))
        return edited(*given, **more)

    monkeypatch.setattr("evals.making.keeping.edited", meanwhile)
    with pytest.raises(Changed):
        kept.accept("one", mark, "When?", ["May 2021"])
    assert [each.id for each in load_cases(path)] == ["one", "late"]
    assert [entry.name for entry in path.parent.iterdir() if entry.name.endswith(".part")] == []


def test_decisions_from_many_threads_lose_no_line(path: Path) -> None:
    write(path, *(case(f"c{number}", f"Question {number}?") for number in range(12)))
    kept = CaseFile(path)
    marks = {line.case.id: line.mark for line in kept.lines()}

    def take(id: str) -> None:
        if int(id[1:]) % 2:
            kept.reject(id, marks[id])
        else:
            kept.accept(id, marks[id], f"Asked {id}?", ["May 2021"])

    threads = [threading.Thread(target=take, args=(id,)) for id in marks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.id for each in load_cases(path)] == [f"c{number}" for number in range(0, 12, 2)]
    assert sorted(each.id for each in load_cases(kept.rejected)) == sorted(f"c{number}" for number in range(1, 12, 2))


def test_a_file_with_windows_lines_and_blank_ones_keeps_them(path: Path) -> None:
    first, second = json.dumps(case("one")), json.dumps(case("two", "Two?"))
    path.write_bytes(f"{first}\r\n\r\n  {second}  \r\n".encode())
    kept = CaseFile(path)
    line = kept.lines()[0]
    kept.accept("one", line.mark, "When?", ["May 2021"])
    assert path.read_bytes().endswith(f"\r\n\r\n  {second}  \r\n".encode())
    assert load_cases(path)[0].question == "When?"


def test_only_text_can_be_reviewed(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="not UTF-8"):
        CaseFile(path).lines()


@contextmanager
def served(cases: CaseFile, library: Library) -> Iterator[str]:
    """The page's address while it is served from a thread."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(review_app(cases, library, port), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")
@pytest.mark.parametrize("script", [True, False])
def test_cases_are_decided_in_a_browser(browser: Browser, path: Path, library: Library, script: bool) -> None:
    write(
        path,
        case("one"),
        twin("one", "When did the Oslo Bridge open?"),
        case("two", "Who is the mayor of Lund?", answers=["Ada Berg"]),
    )
    with served(CaseFile(path), library) as address:
        faults: list[str] = []
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
            page = browser.new_page(
                viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=script
            )
            page.set_default_timeout(20_000)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
            page.goto(address)
            expect(page.get_by_text("1 of 3")).to_be_visible()
            expect(page.locator("mark")).to_have_text("The Lund Bridge opened in May 2021.")
            expect(page.frame_locator("iframe").locator("body")).to_contain_text("The Lund Bridge opened in May 2021.")
            picture(page, f"review-{scheme}-{width}-{'keys' if script else 'plain'}", whole=True)
            if script:
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0
            if (scheme, width) != ("light", 390):
                page.close()
        page.get_by_label("Question", exact=True).fill("When was the Lund Bridge opened?")
        if script:
            page.keyboard.press("a")
            expect(page.get_by_label("Question", exact=True)).to_have_value(re.compile("openeda|aWhen|opened\\?a"))
            page.get_by_label("Question", exact=True).fill("When was the Lund Bridge opened?")
            page.keyboard.press("Escape")
            for key, shown in (("a", "2 of 3"), ("s", "3 of 3"), ("r", "2 of 3")):
                page.keyboard.press(key)
                expect(page.get_by_text(shown)).to_be_visible()
        else:
            for name, shown in (("Accept", "2 of 3"), ("Skip", "3 of 3"), ("Reject", "2 of 3")):
                page.get_by_role("button", name=name).click()
                expect(page.get_by_text(shown)).to_be_visible()
        picture(page, f"review-twin-{'keys' if script else 'plain'}", whole=True)
        page.close()
    assert not faults
    assert next((each.question, each.tags) for each in load_cases(path)) == (
        "When was the Lund Bridge opened?",
        ("when",),
    )
    assert [each.id for each in load_cases(CaseFile(path).rejected)] == ["two"]
