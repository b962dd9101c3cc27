"""Who may come in. It stands before every address of the page, also before those that Gradio leaves open.

Where nobody signs in, the page answers on this machine alone and to its own pages alone: a page from elsewhere, whose
name its owner lets lead to 127.0.0.1 (DNS rebinding), bears that name in `Host`. Where people sign in, a cookie tells
who asks; no script can read it, and no other site's page sends it along but by a link that was followed.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from rag.users import Users

LASTS = 7 * 24 * 3600.0
"""Seconds after which one has to sign in again; so too once the server has been started anew."""
MOST = 10_000
"""Sessions at a time; the oldest ones end first."""


@dataclass(frozen=True, slots=True)
class _Session:
    user: str
    stamp: str
    """Of the password when it began; with another one it ends."""
    until: float


class Gate:
    """Knows who is asking. Safe for threads."""

    def __init__(self, users: Users | None = None, *, clock: Callable[[], float] = time.time) -> None:
        """Without `users` nobody signs in. `clock` gives seconds."""
        self.users = users
        self.cookie = f"pincite-{secrets.token_hex(4)}"
        """Its name, another one for each server: cookies do not tell ports apart."""
        self._clock = clock
        self._sessions: dict[str, _Session] = {}
        self._changing = threading.Lock()

    def visitor(self, request: HTTPConnection) -> str | None:
        """The signed-in user's id, empty where nobody signs in; None for one who has yet to."""
        if self.users is None:
            return ""
        session = self._sessions.get(_key(request.cookies.get(self.cookie, "")))
        if session is None or session.until < self._clock() or self.users.stamp(session.user) != session.stamp:
            return None
        return self.users.id(session.user)

    def sign_in(self, name: str, password: str) -> str | None:
        """Begins a session, if this is the password of `name`: what the cookie holds. Takes a quarter of a second."""
        if self.users is None:
            return None
        stamp = self.users.stamp(name)
        if not self.users.check(name, password) or stamp is None:
            return None
        token = secrets.token_urlsafe(32)
        with self._changing:
            if len(self._sessions) >= MOST:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[_key(token)] = _Session(name, stamp, self._clock() + LASTS)
        return token

    def end(self, request: HTTPConnection) -> None:
        """Ends the session of who asks."""
        with self._changing:
            self._sessions.pop(_key(request.cookies.get(self.cookie, "")), None)

    def stranger(self, request: HTTPConnection) -> bool:
        """Whether a page from elsewhere asks, or under another name than this machine's where nobody signs in."""
        if self.users is None and not is_here(urlsplit(f"//{request.headers.get('host', '')}").hostname or ""):
            return True
        site, method = request.headers.get("sec-fetch-site"), request.scope["method"]
        followed = method in ("GET", "HEAD") and request.headers.get("sec-fetch-dest", "document") == "document"
        if site is not None:
            return site not in ("same-origin", "none") and not followed
        origin = request.headers.get("origin")
        return origin is not None and urlsplit(origin).netloc not in (
            request.headers.get("host"),
            request.headers.get("x-forwarded-host"),
        )


def is_here(host: str) -> bool:
    """Whether a host's name or address is this machine's own, which nobody else can reach."""
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _key(token: str) -> str:
    """What is kept of a token: from it the token cannot be had."""
    return hashlib.sha256(token.encode()).hexdigest()
