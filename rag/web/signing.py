"""Signing in and out, and the guard that sends everybody there first."""

import secrets
from typing import Any
from urllib.parse import parse_qs

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.users import LONGEST
from rag.web import words
from rag.web.attempts import Attempts
from rag.web.gate import LASTS, Gate
from rag.web.markup import esc, exact
from rag.web.rooms.parts import text

IN, OUT = "/sign-in", "/sign-out"
UNGUARDED = {"/gradio_api/startup-events"}
"""Asked once by the server of itself; it takes nothing and tells nothing."""
AT_ONCE = 2
"""Passwords checked at the same time: each takes 32 MiB."""
_BODY = 4 * LONGEST
"""Bytes of a form that are read."""
_KEPT_OUT = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "SAMEORIGIN"}
"""For every answer, where it does not say otherwise itself."""


def guarding(gate: Gate) -> dict[str, Any]:
    """For Gradio's `launch`: the guard around every address, and who asks as its `Request.username`."""
    known = {"auth_dependency": gate.visitor} if gate.users else {}
    return {"app_kwargs": {"middleware": [Middleware(Guard, gate=gate)]}, **known}


class Guard:
    """Lets in whom the gate knows, and shows others how to sign in. Middleware around every address of the page."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate
        self._attempts = Attempts()
        self._checking = anyio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers by itself, or hands the request on."""
        if scope["type"] == "websocket":  # the page has none
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        response = await self._response(Request(scope, receive))
        await (response or self._app)(scope, receive, _framed(send))

    async def _response(self, request: Request) -> Response | None:
        """What to say instead of the page's own answer; None to let the request through."""
        if self._gate.stranger(request):
            told = words.STRANGER if self._gate.users else words.ONLY_HERE
            return PlainTextResponse(told, 403)
        path, method = request.scope["path"], request.method
        if path in UNGUARDED:
            return None
        if path in ("/login", "/logout", IN, OUT) and self._gate.users is None:
            return PlainTextResponse("", 404)
        if path == IN and method == "POST":
            return await self._sign_in(request)
        if self._gate.visitor(request) is None:
            wants_page = method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")
            return _page(_asked(request), _up(path)) if wants_page else PlainTextResponse(words.SIGN_IN_FIRST, 401)
        if path == OUT and method == "POST":
            self._gate.end(request)
            gone = RedirectResponse("./", 303)
            gone.delete_cookie(self._gate.cookie)
            return gone
        if path in (IN, OUT):
            return RedirectResponse("./", 303)
        return None

    async def _sign_in(self, request: Request) -> Response:
        form = await _form(request)
        name, password, onward = (form.get(field, "") for field in ("name", "password", "onward"))
        name, address = name.strip(), request.client.host if request.client else ""
        if wait := self._attempts.wait(name, address):
            minutes = words.count(max(1, round(wait / 60 + 0.5)), "minute")
            return _page(onward, told=words.SIGN_IN_LATER.format(minutes=minutes), name=name, status=429)
        self._attempts.fail(name, address)  # counted before it is checked, or many at once would pass
        async with self._checking:
            token = await run_in_threadpool(self._gate.sign_in, name, password)
        if token is None:
            return _page(onward, told=words.SIGN_IN_WRONG, name=name)
        self._attempts.forgive(name, address)
        inside = RedirectResponse(f".{_local(onward)}", 303)
        secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
        inside.set_cookie(
            self._gate.cookie, token, max_age=int(LASTS), path="/", httponly=True, samesite="lax", secure=secure
        )
        return inside


def _page(onward: str, up: str = "", *, told: str = "", name: str = "", status: int = 401) -> Response:
    """The form, cut off from everything but itself. `up` leads from its address to the page's; `onward` from there."""
    nonce = secrets.token_urlsafe(16)
    alert = f'<p class="told" role="alert">{esc(told)}</p>' if told else ""
    focus = ("", " autofocus") if name else (" autofocus", "")
    title = f"{words.SIGN_IN_TITLE} · {words.NAME}"
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{text('styles/base.css')}{text('styles/sign.css')}</style></head>"
        f'<body class="sign"><script nonce="{nonce}">{text("scripts/theme.js")}</script><main><h1>{words.NAME}</h1>'
        f'<p class="tagline">{words.TAGLINE}</p><form method="post" action="{up}{IN.removeprefix("/")}">{alert}'
        f'<label for="name">{words.SIGN_IN_NAME}</label><input id="name" name="name" autocomplete="username"'
        f' autocapitalize="none" spellcheck="false" maxlength="64" value="{exact(name)}" required{focus[0]}>'
        f'<label for="password">{words.SIGN_IN_PASSWORD}</label><input id="password" name="password" type="password"'
        f' autocomplete="current-password" maxlength="{LONGEST}" required{focus[1]}>'
        f'<input type="hidden" name="onward" value="{exact(_local(onward))}"><button>{words.SIGN_IN}</button></form>'
        f'<p class="lost">{words.SIGN_IN_LOST}</p></main></body></html>'
    )
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(page, status, {"Content-Security-Policy": policy, "Cache-Control": "no-store"})


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; none where it is longer than one of these can be."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _BODY:
            return {}
    return {field: values[0] for field, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _asked(request: Request) -> str:
    """The address that was asked for, to be opened after signing in."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.url.path}?{query}" if query else request.url.path


def _local(onward: str) -> str:
    """`onward` where it leads to a place of this page, else the page itself."""
    plain = onward.startswith("/") and not onward.startswith("//") and "\\" not in onward and onward.isprintable()
    return onward if plain else "/"


def _up(path: str) -> str:
    """The way from an address to the page's own, which may lie below a folder of a proxy."""
    return "../" * (path.count("/") - 1)


def _framed(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _KEPT_OUT.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
