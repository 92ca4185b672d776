"""Who is asking, by the phone's cookie or a script's bearer token, and whether the request comes from us."""

import hashlib
import hmac
import time
from ipaddress import ip_address, ip_network

from flask import Response, current_app, g, request

from app.api.errors import Problem
from app.services import identity
from app.services.identity import Identity

COOKIE_SECONDS = 400 * 86_400
"""As long as browsers keep a cookie at most; it is renewed once a day while the device is used."""
HERE = "wengu_here"
LONGEST_SECRET = 500


def now_ms() -> int:
    """The server's clock, in ms since 1970 UTC."""
    return time.time_ns() // 1_000_000


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host over TLS; browsers refuse it on plain http, where this
    machine itself and phones in its network still have to work."""
    return "__Host-wengu" if request.is_secure else "wengu_session"


def keep_session(secret: str) -> None:
    """Keep the session on the device with this answer: no script reads it, no other site sends it along."""
    g.session_secret = secret


def forget_session() -> None:
    """Make the device forget its session with this answer."""
    g.session_secret = ""


def write_cookie(response: Response) -> Response:
    """Put the cookies that were asked for on the response.

    The second one only says that there is a session: an app whose browser cleared away what scripts keep can
    tell by it that the server still has everything.
    """
    secret: str | None = g.pop("session_secret", None)
    if secret is not None:
        for name, value, httponly in ((cookie_name(), secret, True), (HERE, "1" if secret else "", False)):
            response.set_cookie(
                name,
                value,
                max_age=COOKIE_SECONDS if secret else 0,
                secure=request.is_secure,
                httponly=httponly,
                samesite="Lax",
            )
    return response


def identify() -> Identity | None:
    """Whose request this is, None when it says nothing or nothing that is still good."""
    secret = _secret()
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    known = identity.identify(current_app.extensions["engine"], secret, now_ms())
    if known is not None:
        g.language = known.language
        if known.renewed:
            keep_session(secret)
    return known


def require(caller: Identity | None) -> Identity:
    """The caller, or Problem 401."""
    if caller is None:
        raise Problem(401, "not-signed-in")
    return caller


def check_same_site(caller: Identity | None) -> None:
    """Refuse an unsafe request that another site made a browser send (Problem 403).

    Browsers say where a request comes from; scripts with a token need not. A cookie without any such word is
    refused too: every browser that we support sends Origin with unsafe methods.
    """
    if "Authorization" in request.headers:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        fine = site == "same-origin"
    elif origin is not None:
        fine = origin in _own_origins()
    else:
        fine = caller is None
    if not fine:
        raise Problem(403, "cross-site")


def _secret() -> str | None:
    """The proof that the request brings. Where it has an Authorization header, cookies count for nothing."""
    header = request.headers.get("Authorization")
    if header is None:
        return request.cookies.get(cookie_name())
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _own_origins() -> tuple[str, ...]:
    here = f"{request.scheme}://{request.host}"
    public = current_app.extensions["settings"].public_url
    return (here, public) if public else (here,)


def client_mark() -> str:
    """The network address that asks, as a keyed hash: enough to slow guesses down, without keeping addresses.

    Of an IPv6 address its network of 64 bits counts, for whoever has one address there has them all.
    """
    address = request.remote_addr or ""
    try:
        known = ip_address(address)
    except ValueError:  # a socket file instead of a network
        network = address
    else:
        network = str(ip_network((known, 64 if known.version == 6 else 32), strict=False))
    key = current_app.extensions["settings"].read_secret().encode()
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()[:32]
