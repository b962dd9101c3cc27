"""What keeps other pages and other machines away from a page that is served on this machine."""

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAME = {"same-origin", "none"}


class Guard:
    """Refuses foreign hosts (DNS rebinding) and posts from foreign origins (CSRF), and forbids whatever is not ours.

    Each request gets a `nonce` in its state, without which neither style nor script runs.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        if port == 80:
            self._hosts |= {"127.0.0.1", "localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope["method"], Headers(scope=scope))
        if refused:
            await PlainTextResponse(refused, 403)(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = (
                    f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; frame-src 'self';"
                    " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
                )
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, guarded)

    def _refused(self, method: str, headers: Headers) -> str:
        if headers.get("host", "") not in self._hosts:
            return "This page answers only to 127.0.0.1 and localhost."
        if method in {"GET", "HEAD"}:
            return ""
        origin = headers.get("origin")
        ours = origin is not None and origin.removeprefix("http://") in self._hosts and origin.startswith("http://")
        if ours or (origin is None and headers.get("sec-fetch-site") in _SAME):
            return ""
        return "Decisions are taken only from this page itself."
