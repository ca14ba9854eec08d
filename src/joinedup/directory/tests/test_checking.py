"""The check of any feed: the official mocks, the published schemas as a second opinion, and feeds that mean harm."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jsonschema_rs
import pytest

from joinedup.core.errors import Refused
from joinedup.directory.checking import check_feed
from joinedup.directory.profile import faults_of, is_format
from joinedup.directory.reading import FolderReader, WebReader, is_outside, parsed
from tests.architecture.source import ROOT

SAMPLES = ROOT.parent / "shared" / "data" / "directory" / "oruk_3.0"
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the published schemas and mocks are not on this machine"
)


@needs_samples
@pytest.mark.parametrize(
    ("mock", "level_1", "level_2"), [("Default", True, True), ("Warn", True, False), ("Fail", False, False)]
)
def test_the_official_mocks(mock: str, level_1: bool, level_2: bool) -> None:
    report = check_feed(FolderReader(SAMPLES / "mocks" / f"V3.0-UK-{mock}"))
    assert (report.passes_level_1, report.passes_level_2) == (level_1, level_2), report.as_words()
    failed = {each.path for each in report.addresses if each.outcome == "failed"}
    assert failed == {
        "Default": set(), "Warn": {"/taxonomy_terms/{id}"},
        "Fail": {"/", "/services", "/services/{id}", "/taxonomy_terms/{id}"},
    }[mock]  # fmt: skip


SCHEMAS = {
    "service_list": "compiled/service_list", "service": "compiled/service", "organization": "compiled/organization",
    "organization_list": "compiled/organization_list", "service_at_location": "compiled/service_at_location",
    "service_at_location_list": "compiled/service_at_location_list", "taxonomy_term": "taxonomy_term",
}  # fmt: skip


def schema_of(shape: str) -> Any:
    """The published schema as a validator that asserts formats."""
    text = json.loads((SAMPLES / "schema" / f"{SCHEMAS[shape]}.json").read_text())
    return jsonschema_rs.validator_for(text, validate_formats=True)


def _broken(value: Any) -> Iterator[Any]:
    """A record spoiled in one place after another: left out, null, of another kind, of no format."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield {key: one for key, one in value.items() if key != name}
            for wrong in (None, "no such thing", 7, True, [], {}, "", [3], "http://a b"):
                yield value | {name: wrong}
            for spoiled in _broken(inner):
                yield value | {name: spoiled}
    elif isinstance(value, list) and value:
        for spoiled in _broken(value[0]):
            yield [spoiled, *value[1:]]


@needs_samples
@pytest.mark.parametrize(
    ("shape", "file"),
    [
        ("service", "service_full"),
        ("service_at_location", "service_at_location_full"),
        ("taxonomy_term", "taxonomy_term"),
    ],
)
def test_our_table_and_the_published_schema_agree_on_every_spoiled_record(shape: str, file: str) -> None:
    record = json.loads((SAMPLES / "mocks" / "V3.0-UK-Default" / f"{file}.json").read_text())
    published, seen = schema_of(shape), 0
    for one in (record, *_broken(record)):
        ours = not [each for each in faults_of(one, shape) if not each.is_remark]
        assert ours == published.is_valid(one), (one, faults_of(one, shape))
        seen += 1
    assert seen > 60


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("uri", "https://a.example/x?y=%20", True), ("uri", "a.example/x", False), ("uri", "https://a b", False),
        ("uri", "https://a.example/%zz", False), ("email", "a@b.example", True), ("email", "email-example_com", False),
        ("email", "a..b@c.example", False), ("moment", "2026-02-28T10:00:00Z", True), ("moment", "2026-02-30T10:00:00Z", False),
        ("uuid", "ac148810-d857-441c-9679-408f346de14b", True), ("uuid", "ac148810d857441c9679408f346de14b", False),
    ],
)  # fmt: skip
def test_formats(kind: str, text: str, expected: bool) -> None:
    assert is_format(kind, text) is expected


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1%eth0", "0.0.0.0", "fd00::1", "224.0.0.1", "nonsense"])  # fmt: skip
def test_what_lies_inside(address: str) -> None:
    assert not is_outside(address)
    assert is_outside("93.184.216.34")


@pytest.mark.parametrize("content", [b"", b"{", b"NaN", b"\xff\xfe", b"[" * 200_000])
def test_what_is_no_json_is_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        parsed(content)
    assert refusal.value.rule == "DR-503"


class _Hostile(BaseHTTPRequestHandler):
    """Sends round in circles, into the network, pages that repeat, and more than anybody wants to read."""

    def do_GET(self) -> None:
        if self.path.startswith("/circle"):
            self._send(302, b"", location="/circle/")
        elif self.path.startswith("/inward"):
            self._send(302, b"", location="http://127.0.0.2:1/secret")
        elif self.path.startswith("/large"):
            self._send(200, b" " * 30_000_000)
        elif self.path.startswith("/repeat/services?"):
            page = int(self.path.rpartition("=")[2])
            record = {"id": "ac148810-d857-441c-9679-408f346de14b", "name": "Once", "status": "active"}
            self._send(200, json.dumps({
                "total_items": 9, "total_pages": 9, "page_number": page, "size": 1, "first_page": page == 1,
                "last_page": page == 9, "empty": False, "contents": [record],
            }).encode())  # fmt: skip
        else:
            self._send(404, b"{}")

    def _send(self, status: int, body: bytes, *, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return

    def log_message(self, *words: Any) -> None:
        """Quietly."""


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Hostile)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_feed_that_means_harm_is_a_sentence(hostile: str) -> None:
    assert "more than 5 times" in WebReader(f"{hostile}/circle").get("/").problem
    assert "lies inside this network" in WebReader(f"{hostile}/inward").get("/").problem
    assert "larger than 25 MB" in WebReader(f"{hostile}/large").get("/").problem
    for wrong in ("ftp://a.example", "file:///etc/passwd", "nothing", "https://user:word@a.example"):
        with pytest.raises(Refused):
            WebReader(wrong)


def test_paging_that_repeats_is_found(hostile: str) -> None:
    report = check_feed(WebReader(f"{hostile}/repeat"))
    services = next(each for each in report.addresses if each.path == "/services")
    assert services.outcome == "warned"
    assert services.pages_read == [1, 4, 9]
    assert "paging does not work" in report.as_words()
    assert not report.passes_level_1
