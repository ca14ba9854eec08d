"""Reading somebody else's feed or a folder of its answers, within bounds: time, size, redirects, and no way into this network.

An address is looked up once and the connection goes to what was found, so that a name cannot point elsewhere a moment later. An
address inside this network is refused unless the person asked for exactly that host.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from joinedup.core.errors import Refused
from joinedup.directory import rules

MOST_BYTES = 25_000_000
MOST_REDIRECTS = 5
_ANSWER_SECONDS = 20.0


@dataclass(frozen=True)
class Answer:
    """What came back: `status` 0 and a sentence in `problem` where nothing useful did."""

    status: int
    body: Any = None
    problem: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Reader(Protocol):
    """Answers of a feed, by path. `most_pages` is how many pages of a list there can be."""

    name: str
    most_pages: int

    def get(self, path: str, **asked: object) -> Answer:
        """One answer; never raises for what the other side does."""


def parsed(content: bytes) -> Any:
    """JSON as the standard has it: no NaN, nothing nested without end. Raises Refused (DR-503)."""

    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is no JSON")

    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise rules.NOT_JSON.refused(why=str(error)[:120]) from None


def _found(host: str, port: int) -> list[str]:
    try:
        return list(dict.fromkeys(str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    except (OSError, UnicodeError):
        return []


def is_outside(address: str) -> bool:
    """Whether an address is of the open internet: no loopback, private, link-local, reserved or mapped one."""
    try:
        one = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(one, ipaddress.IPv6Address):
        inner = one.ipv4_mapped or one.sixtofour
        if inner is not None:
            return is_outside(str(inner))
    return one.is_global and not one.is_multicast and not one.is_reserved


class WebReader:
    """A feed on the web. `asked_for` is the host the person named: it alone may lie inside this network."""

    def __init__(self, url: str, *, seconds: float = 120.0, clock: Callable[[], float] = time.monotonic) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
            raise rules.NO_ADDRESS.refused()
        self.name, self.most_pages = url.rstrip("/"), 1_000_000
        self.asked_for = (parts.hostname.lower(), _port(parts))
        self._clock, self._ends = clock, clock() + seconds

    def get(self, path: str, **asked: object) -> Answer:
        """One answer; redirects are followed within the bounds."""
        url = self.name + ("/" if path == "/" else path)
        if asked:
            url += "?" + urlencode(asked)
        try:
            return self._follow(url)
        except Refused as refusal:
            return Answer(0, problem=refusal.sentence)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answer(0, problem=f"No answer: {error or type(error).__name__}.")

    def _follow(self, url: str) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            status, headers, content = self._ask(url)
            if status not in {301, 302, 303, 307, 308} or "location" not in headers:
                break
            url = urljoin(url, headers["location"])
        else:
            raise rules.REDIRECTS.refused(most=MOST_REDIRECTS)
        if not 200 <= status < 300:
            return Answer(status, problem=f"It answered {status}.", headers=headers)
        try:
            return Answer(status, parsed(content), headers=headers)
        except Refused as refusal:
            return Answer(status, problem=refusal.sentence, headers=headers)

    def _ask(self, url: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise rules.NO_ADDRESS.refused()
        connection = self._connected(parts)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={"Accept": "application/json", "Accept-Encoding": "identity"})
            response = connection.getresponse()
            headers = {name.lower(): text for name, text in response.getheaders()}
            return response.status, headers, self._content(response)
        finally:
            connection.close()

    def _content(self, response: http.client.HTTPResponse) -> bytes:
        pieces, size = [], 0
        while piece := response.read1(65536):
            size += len(piece)
            if size > MOST_BYTES:
                raise rules.TOO_LARGE.refused(most=MOST_BYTES // 1_000_000)
            self._seconds_left()
            pieces.append(piece)
        return b"".join(pieces)

    def _seconds_left(self) -> float:
        left = self._ends - self._clock()
        if left <= 0:
            raise rules.TOO_SLOW.refused()
        return left

    def _connected(self, parts: SplitResult) -> http.client.HTTPConnection:
        host, port = str(parts.hostname).lower(), _port(parts)
        addresses = _found(host, port)
        if not addresses:
            raise rules.NOT_FOUND.refused(host=host)
        if (host, port) != self.asked_for and not all(is_outside(each) for each in addresses):
            raise rules.INSIDE.refused(host=host)
        timeout = min(_ANSWER_SECONDS, self._seconds_left())
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        plain = socket.create_connection((addresses[0], port), timeout)
        secure = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) if parts.scheme == "https" else plain
        )
        connection.sock = secure
        return connection


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


# What the official mocks and others call the files of their answers.
_FILES: dict[str, tuple[str, ...]] = {
    "/": ("api_details", "index", "details"),
    "/services": ("service_list", "services"),
    "/services/": ("service_full", "service"),
    "/taxonomies": ("taxonomy_list", "taxonomies"),
    "/taxonomies/": ("taxonomy",),
    "/taxonomy_terms": ("taxonomy_term_list", "taxonomy_terms"),
    "/taxonomy_terms/": ("taxonomy_term",),
    "/service_at_locations": ("service_at_location_list", "service_at_locations"),
    "/service_at_locations/": ("service_at_location_full", "service_at_location"),
    "/organizations": ("organization_list", "organizations"),
    "/organizations/": ("organization_full", "organization"),
}


class FolderReader:
    """A folder of answers kept as files, as the official mocks are: one file for each kind of answer."""

    def __init__(self, folder: Path) -> None:
        self.name, self.most_pages = folder.name, 1
        self._folder = folder

    def get(self, path: str, **asked: object) -> Answer:
        """The file that stands for a path; whatever is asked of a list, there is one page of it."""
        known = path if path in _FILES else path.rpartition("/")[0] + "/"
        for name in _FILES.get(known, ()):
            file = self._folder / f"{name}.json"
            if file.is_file():
                if file.stat().st_size > MOST_BYTES:
                    return Answer(0, problem=rules.TOO_LARGE.refused(most=MOST_BYTES // 1_000_000).sentence)
                try:
                    return Answer(200, parsed(file.read_bytes()))
                except Refused as refusal:
                    return Answer(200, problem=refusal.sentence)
        return Answer(404, problem="There is no file for it.")
