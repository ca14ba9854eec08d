"""A small honest OpenID Connect provider for tests: discovery, authorise, token, keys and user information over HTTP.

It does what the standard says (code once, PKCE S256, client secret, nonce in the token, RS256), so that a sign-in that
works here works because the whole flow is right. `lie` lets a test bend one thing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "joinedup-test", "the secret of the client"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """Who signs in there is `person`; `lie` overrides claims of the token, or other parts of an answer."""

    def __init__(self) -> None:
        self.issuer = ""
        self.person: dict[str, Any] = {}
        self.lie: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, str]] = []
        self.calls: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.calls.append(path)
        pages = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": self._keys,
            "/authorise": self._authorise,
            "/token": self._token,
            "/me": self._me,
        }
        status, headers, body = pages[path](environ) if path in pages else ("404 Not Found", [], {})
        start_response(status, [("Content-Type", "application/json"), *headers])
        return [json.dumps(body).encode()]

    def _discovery(self, environ: Any) -> Any:
        return (
            "200 OK",
            [],
            {
                "issuer": self.lie.get("discovery_issuer", self.issuer),
                "authorization_endpoint": f"{self.issuer}/authorise",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        )

    def _keys(self, environ: Any) -> Any:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
        return "200 OK", [], {"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def _authorise(self, environ: Any) -> Any:
        asked = dict(parse_qsl(environ["QUERY_STRING"]))
        self.asked.append(asked)
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        state = self.lie.get("state", asked["state"])
        there = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': state})}"
        if self.lie.get("cancel"):
            there = f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': state})}"
        return "302 Found", [("Location", there)], {}

    def _token(self, environ: Any) -> Any:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        sent = {name: values[0] for name, values in parse_qs(environ["wsgi.input"].read(length).decode()).items()}
        asked = self.codes.pop(sent["code"], None)  # a code works once
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        is_right = (
            asked is not None
            and sent["client_secret"] == SECRET
            and sent["redirect_uri"] == asked["redirect_uri"]
            and proof.decode().rstrip("=") == asked["code_challenge"]
        )
        if not is_right or asked is None:
            return "400 Bad Request", [], {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= {"auth_time": now - 5, **self.person, **self.lie.get("claims", {})}
        claims = {name: value for name, value in claims.items() if value is not None}
        key = _OTHER_KEY if self.lie.get("forged") else _KEY
        algorithm = self.lie.get("algorithm", "RS256")
        signed = jwt.encode(claims, key if algorithm == "RS256" else None, algorithm=algorithm, headers={"kid": "one"})
        access = secrets.token_urlsafe(12)
        self.tokens[access] = self.lie.get("userinfo", self.person)
        return "200 OK", [], {"access_token": access, "token_type": "Bearer", "id_token": signed}

    def _me(self, environ: Any) -> Any:
        known = self.tokens.get(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer "))
        return ("200 OK", [], known) if known is not None else ("401 Unauthorized", [], {})


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The provider on a free port of this machine."""
    provider = Provider()
    server = WSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(provider)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
