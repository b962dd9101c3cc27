"""The guard: no address of the page answers one who has not signed in, nor a page from elsewhere."""

import asyncio
import gc
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag import users as users_module
from rag.users import Users
from rag.web import words
from rag.web.attempts import LIMITS, WINDOW, Attempts
from rag.web.gate import LASTS, Gate, is_here

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
GOOD, OTHER = "correct horse battery", "a wholly other one"
HERE = "http://127.0.0.1:7860"
PAGE = {"accept": "text/html"}
pytestmark = pytest.mark.filterwarnings(  # Gradio leaves event loops of its own to be collected
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def _swept() -> Iterator[None]:
    """What Gradio leaves is collected here, and not during another test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asyncio.set_event_loop(None)
        gc.collect()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users_module, "_COST", {"n": 2**4, "r": 8, "p": 1})


@pytest.fixture
def users(tmp_path: Path) -> Users:
    found = Users(tmp_path / "users.json")
    found.add("anna", GOOD)
    found.add("ben", OTHER)
    return found


def served(tmp_path: Path, users: Users | None) -> Any:
    """Every address there is, Gradio's and those beside the rooms, without the rooms themselves and without a port."""
    import gradio as gr
    from gradio.routes import App

    from rag.web.house import House
    from rag.web.routes import attach
    from rag.web.signing import guarding
    from tests.web_fakes import FakeLibrary, harbour, make_run

    make_run(tmp_path / "runs" / "first")
    house = House(FakeLibrary(harbour()), tmp_path / "runs", users=users)
    with gr.Blocks(analytics_enabled=False) as page:
        gr.Textbox("Harbour")
    app = App.create_app(page, **guarding(house.gate))
    attach(app, house)
    return app


@pytest.fixture
def app(tmp_path: Path, users: Users, _swept: None) -> Any:
    return served(tmp_path, users)


@pytest.fixture
def anyone(app: Any) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE, follow_redirects=False) as client:
        yield client


def sign_in(client: TestClient, name: str = "anna", password: str = GOOD, onward: str = "/") -> Any:
    return client.post("/sign-in", data={"name": name, "password": password, "onward": onward})


def addresses(router: Any) -> list[tuple[str, str]]:
    """Method and a plausible address of every route there is."""
    found = []
    for route in router.routes:
        if hasattr(route, "original_router"):
            found += addresses(route.original_router)
        else:
            found += [(method, re.sub(r"\{[^}]*\}", "1", route.path)) for method in sorted(route.methods)]
    return found


def test_no_address_answers_one_who_has_not_signed_in(app: Any, anyone: TestClient) -> None:
    tried = addresses(app)
    assert {("GET", "/runs/1/1"), ("POST", "/gradio_api/queue/join"), ("GET", "/")} < set(tried)
    for method, path in [*tried, ("GET", "/no/such/place")]:
        if path == "/gradio_api/startup-events":
            continue
        told = anyone.request(method, path, headers=PAGE)
        assert told.status_code == 401, (method, path)
        assert "Harbour" not in told.text and "anna" not in told.text and not told.cookies
    assert anyone.get("/runs/first/report.html").text == words.SIGN_IN_FIRST


def test_who_has_signed_in_is_let_in_and_known(app: Any, anyone: TestClient, users: Users) -> None:
    told = sign_in(anyone, onward="/runs/first/report.html")
    assert (told.status_code, told.headers["location"]) == (303, "./runs/first/report.html")
    cookie = told.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie and "secure" not in cookie
    assert anyone.get("/runs/first/report.html").status_code == 200
    assert anyone.get("/config").json()["username"] == users.id("anna")
    assert anyone.get("/sign-in").headers["location"] == "./"


def test_behind_tls_the_cookie_never_goes_in_the_clear(anyone: TestClient) -> None:
    told = anyone.post("/sign-in", data={"name": "anna", "password": GOOD}, headers={"x-forwarded-proto": "https"})
    assert "secure" in told.headers["set-cookie"].lower()


def test_signing_out_ends_the_session_also_for_one_who_kept_the_cookie(anyone: TestClient) -> None:
    sign_in(anyone)
    kept = dict(anyone.cookies)
    assert anyone.get("/sign-out").status_code == 303 and anyone.get("/config").status_code == 200
    told = anyone.post("/sign-out")
    assert told.status_code == 303 and "max-age=0" in told.headers["set-cookie"].lower()
    anyone.cookies.update(kept)
    assert anyone.get("/config").status_code == 401


@pytest.mark.parametrize(("name", "password"), [("anna", OTHER), ("carla", GOOD), ("", ""), ("Anna", GOOD)])
def test_a_wrong_password_opens_nothing_and_does_not_say_what_was_wrong(
    anyone: TestClient, name: str, password: str
) -> None:
    told = sign_in(anyone, name, password)
    assert told.status_code == 401 and words.SIGN_IN_WRONG in told.text and not told.cookies
    assert password == "" or password not in told.text


def test_the_form_leads_on_to_what_was_asked_for_and_nowhere_else(anyone: TestClient) -> None:
    told = anyone.get("/runs/first/report.html?a=1&b=2", headers=PAGE)
    assert 'action="../../sign-in"' in told.text
    assert 'name="onward" value="/runs/first/report.html?a=1&amp;b=2"' in told.text
    assert "script-src 'nonce-" in told.headers["content-security-policy"]
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"):
        assert sign_in(anyone, onward=elsewhere).headers["location"] == "./"


def test_what_was_typed_stands_in_the_form_as_text(anyone: TestClient) -> None:
    told = sign_in(anyone, '"><script>harm()</script>', "no such password")
    assert "<script>harm" not in told.text and "&lt;script&gt;harm" in told.text


def test_a_session_ends_with_the_user_and_with_the_password(anyone: TestClient, users: Users) -> None:
    sign_in(anyone)
    users.password("anna", OTHER)
    assert anyone.get("/config").status_code == 401
    sign_in(anyone, password=OTHER)
    assert anyone.get("/config").status_code == 200
    users.remove("anna")
    assert anyone.get("/config").status_code == 401
    users.remove("ben")
    assert anyone.get("/config").status_code == 401, "with nobody left the page must not stand open"


def test_a_session_ends_after_its_time(users: Users) -> None:
    now = [0.0]
    gate = Gate(users, clock=lambda: now[0])
    token = gate.sign_in("anna", GOOD)

    def visitor() -> str | None:
        from starlette.requests import HTTPConnection

        cookie = f"{gate.cookie}={token}".encode()
        return gate.visitor(HTTPConnection({"type": "http", "headers": [(b"cookie", cookie)]}))

    now[0] = LASTS - 1
    assert visitor() == users.id("anna")
    now[0] = LASTS + 1
    assert visitor() is None


def test_too_many_tries_have_to_wait_even_with_the_right_password(anyone: TestClient) -> None:
    for _ in range(LIMITS["pair"]):
        assert sign_in(anyone, password="not this one").status_code == 401
    told = sign_in(anyone)
    assert told.status_code == 429 and "Try again in 15 minutes" in told.text and not told.cookies
    assert sign_in(anyone, "ben", OTHER).status_code == 303, "another name from the same place may go on"


def test_how_often_one_may_try() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(LIMITS["pair"]):
        assert attempts.wait("anna", "here") == 0
        attempts.fail("anna", "here")
    assert attempts.wait("anna", "here") == WINDOW and attempts.wait("anna", "there") == 0
    now[0] = WINDOW / 2
    assert attempts.wait("anna", "here") == WINDOW / 2
    now[0] = WINDOW + 1
    assert attempts.wait("anna", "here") == 0
    for n in range(LIMITS["address"]):
        attempts.fail(f"name{n}", "here")
    assert attempts.wait("somebody", "here") > 0 and attempts.wait("somebody", "there") == 0


def test_a_right_password_takes_back_what_was_counted() -> None:
    attempts = Attempts(lambda: 0.0)
    for _ in range(10 * LIMITS["address"]):
        attempts.fail("anna", "office")
        attempts.forgive("anna", "office")
    assert attempts.wait("anna", "office") == 0


REBOUND = {"host": "evil.example:7860", "origin": "http://evil.example:7860", "sec-fetch-site": "same-origin"}
CROSS = {"origin": "http://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-dest": "empty"}


@pytest.fixture
def here(tmp_path: Path, _swept: None) -> Iterator[TestClient]:
    """The page where nobody signs in."""
    with TestClient(served(tmp_path, None), base_url=HERE, follow_redirects=False) as client:
        yield client


def test_a_name_that_was_made_to_lead_here_reads_nothing(here: TestClient) -> None:
    assert here.get("/config").status_code == 200
    for headers in (REBOUND, {"host": "evil.example"}, {"host": "127.0.0.1.evil.example"}, {"host": ""}):
        for method, path in (("GET", "/"), ("GET", "/config"), ("POST", "/gradio_api/queue/join")):
            told = here.request(method, path, headers=headers)
            assert (told.status_code, told.text) == (403, words.ONLY_HERE), headers
    for host in ("localhost:7860", "127.0.0.1", "[::1]:7860", "127.8.8.8:1"):
        assert here.get("/config", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        CROSS,
        {**CROSS, "sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_a_page_from_elsewhere_changes_nothing(here: TestClient, headers: dict[str, str]) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/cancel", "/gradio_api/run/x"):
        assert here.post(path, headers=headers, content="{}").status_code == 403


def test_a_page_from_elsewhere_neither_reads_nor_frames_but_may_link(here: TestClient) -> None:
    assert here.get("/config", headers=CROSS).status_code == 403
    frame = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate"}
    link = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
    assert here.get("/config", headers=frame).status_code == 403
    followed = here.get("/config", headers=link)
    assert followed.status_code == 200 and followed.headers["x-frame-options"] == "SAMEORIGIN"


def test_its_own_page_may_do_all_that(here: TestClient) -> None:
    own = {"origin": HERE, "sec-fetch-site": "same-origin", "sec-fetch-dest": "empty"}
    for headers in (own, {"origin": HERE}, {}):
        assert here.post("/gradio_api/reset", headers=headers, json={"event_id": "1"}).status_code == 200
    assert here.post("/sign-in", data={}).status_code == 404 and here.get("/sign-out").status_code == 404


def test_a_page_from_elsewhere_cannot_sign_somebody_in_or_out(anyone: TestClient) -> None:
    for path in ("/sign-in", "/sign-out"):
        assert anyone.post(path, data={"name": "anna", "password": GOOD}, headers=CROSS).status_code == 403


def test_where_people_sign_in_any_name_of_the_machine_will_do(anyone: TestClient) -> None:
    assert anyone.get("/", headers={**PAGE, "host": "reading.example.org"}).status_code == 401
    sign_in(anyone)
    behind = {
        "host": "127.0.0.1:7860",
        "origin": "https://reading.example.org",
        "x-forwarded-host": "reading.example.org",
    }
    assert anyone.post("/gradio_api/reset", headers=behind, json={"event_id": "1"}).status_code == 200


def test_a_web_socket_is_closed_at_once(here: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), here.websocket_connect("/"):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "::1", "127.1.2.3"])
def test_what_is_this_machine_alone(host: str) -> None:
    assert is_here(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.4", "localhost.evil.example"])  # noqa: S104
def test_what_others_can_reach(host: str) -> None:
    assert not is_here(host)
