"""Whether a feed conforms to Open Referral UK 3.0, by the checks of the official validator, said in words.

Level 1 is `/`, `/services` and `/services/{id}`; level 2 every other address that is offered. Lists come first, then single
records with identifiers taken from them. Of a list the first, the middle and the last page are read. What is not offered at all
(404, 501, 503) fails only where it is required. Rules: the validator's OpenApiValidationService, as read in March 2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joinedup.core.errors import Refused
from joinedup.directory import rules
from joinedup.directory.profile import VERSION, Fault, faults_of
from joinedup.directory.reading import MOST_BYTES, Answer, Reader, parsed

_ABSENT = {404, 501, 503}
_ENVELOPE = {
    "total_items": int, "total_pages": int, "page_number": int, "size": int, "first_page": bool, "last_page": bool,
    "empty": bool, "contents": list,
}  # fmt: skip
_MOST_FAULTS = 200


@dataclass(frozen=True)
class Endpoint:
    """An address to check: a list with the shape of its records, or a single record beside its list."""

    path: str
    shape: str
    level: int
    single: str = ""


LISTS: tuple[Endpoint, ...] = (
    Endpoint("/services", "service_list", 1, "service"),
    Endpoint("/taxonomies", "taxonomy", 2, "taxonomy"),
    Endpoint("/taxonomy_terms", "taxonomy_term", 2, "taxonomy_term"),
    Endpoint("/service_at_locations", "service_at_location_list", 2, "service_at_location"),
    Endpoint("/organizations", "organization_list", 2, "organization"),
)


@dataclass
class Checked:
    """What was found at one address. `outcome` is passed, warned, failed or absent."""

    path: str
    level: int
    outcome: str = "passed"
    records: int = 0
    pages_read: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, faults: list[Fault]) -> None:
        """Add faults; one that is no remark fails the address. Beyond two hundred they are only felt, not kept."""
        if any(not each.is_remark for each in faults):
            self.outcome = "failed"
        elif faults and self.outcome == "passed":
            self.outcome = "warned"
        self.faults += faults[: max(0, _MOST_FAULTS - len(self.faults))]


@dataclass
class Report:
    """The whole check. A level is None where an earlier one already failed."""

    feed: str
    version: str = ""
    addresses: list[Checked] = field(default_factory=list)

    @property
    def passes_level_1(self) -> bool:
        """Whether the basic checks hold."""
        return all(each.outcome not in {"failed", "absent"} for each in self.addresses if each.level == 1)

    @property
    def passes_level_2(self) -> bool:
        """Whether the extended checks hold too."""
        return self.passes_level_1 and all(each.outcome != "failed" for each in self.addresses if each.level == 2)

    def as_data(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "feed": self.feed, "version": self.version, "level_1": self.passes_level_1, "level_2": self.passes_level_2,
            "addresses": [
                {
                    "path": each.path, "level": each.level, "outcome": each.outcome, "records": each.records,
                    "pages": each.pages_read,
                    "faults": [{"path": one.path, "words": one.words, "is_remark": one.is_remark} for one in each.faults],
                }
                for each in self.addresses
            ],
        }  # fmt: skip

    def as_words(self, most: int = 8) -> str:
        """For people: the verdict first, then each address with what is wrong there."""
        said = {
            (True, True): "passes level 1 (basic) and level 2 (extended).",
            (True, False): "passes level 1 (basic) only.",
        }.get((self.passes_level_1, self.passes_level_2), "fails.")
        lines = [f"{self.feed} {said}", ""]
        for each in self.addresses:
            lines.append(f"{_OUTCOMES[each.outcome]:<12} level {each.level}  {each.path}{_counted(each)}")
            lines += [
                f"             {one.path} {one.words}{' (a remark)' if one.is_remark else ''}"
                for one in each.faults[:most]
            ]
            if len(each.faults) > most:
                lines.append(f"             and {len(each.faults) - most} more; --json has them")
        return "\n".join(lines)


_OUTCOMES = {"passed": "Passed", "warned": "With remarks", "failed": "Failed", "absent": "Not offered"}


def _counted(each: Checked) -> str:
    if not each.pages_read:
        return ""
    pages = "page" if len(each.pages_read) == 1 else "pages"
    return f", {each.records} records read on {pages} {', '.join(map(str, each.pages_read))}"


def check_feed(reader: Reader) -> Report:
    """Check a feed at every address of the standard. Never raises for what the feed does."""
    report = Report(reader.name)
    report.addresses.append(_details(reader, report))
    singles = []
    for endpoint in LISTS:
        checked, known = _list(reader, endpoint)
        report.addresses.append(checked)
        if checked.outcome != "absent" or endpoint.level == 1:
            singles.append((endpoint, known))
    for endpoint, known in singles:
        report.addresses.append(_single(reader, endpoint, known))
    return report


def check_file(path: Path) -> Report:
    """Check one answer that was kept as a file: a page, a list of services, a single record, or what stands at `/`. What it is, is
    known by what it holds; only that is checked, at level 1 where it is of services. Never raises for what the file holds."""
    report = Report(path.name)
    if path.stat().st_size > MOST_BYTES:
        report.addresses.append(Checked("/", 1, "failed", faults=[Fault("/", rules.TOO_LARGE.refused(most=MOST_BYTES // 1_000_000).sentence)]))  # fmt: skip
        return report
    try:
        body = parsed(path.read_bytes())
    except Refused as refusal:
        report.addresses.append(Checked("/", 1, "failed", faults=[Fault("/", refusal.sentence)]))
        return report
    if isinstance(body, dict) and "openapi_url" in body:
        report.addresses.append(_details(_OneAnswer(path.name, body), report))
        return report
    rows = body if isinstance(body, list) else body.get("contents") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        endpoint = _kind_of(body)
        checked = Checked(endpoint.path + "/{id}", endpoint.level, records=1, pages_read=[1])
        checked.add(faults_of(body, endpoint.single))
        report.addresses.append(checked)
        return report
    endpoint = _kind_of(next((each for each in rows if isinstance(each, dict)), {}))
    checked = Checked(endpoint.path, endpoint.level, records=len(rows), pages_read=[1])
    if isinstance(body, dict):
        number = body.get("page_number")
        _page(checked, body, number if isinstance(number, int) else 1)
    for place, one in enumerate(rows):
        checked.add(faults_of(one, endpoint.shape, f"contents/{place}"))
    report.addresses.append(checked)
    return report


def _kind_of(record: Any) -> Endpoint:
    """What a record is, by the fields only its kind has; a service where nothing else is sure."""
    names = set(record) if isinstance(record, dict) else set()
    known = {each.path: each for each in LISTS}
    if names & {"location_id", "location"} and names & {"service_id", "service"}:
        return known["/service_at_locations"]
    if names & {"taxonomy_id", "term_uri", "parent_id", "taxonomy"}:
        return known["/taxonomy_terms"]
    if names & {"status", "service_at_locations", "schedules", "organization", "organization_id", "cost_options"}:
        return known["/services"]
    if names & {"organization_identifiers", "website", "email", "legal_status", "services"}:
        return known["/organizations"]
    return (
        known["/taxonomies"]
        if names and names <= {"id", "name", "description", "uri", "version", "taxonomy_terms"}
        else known["/services"]
    )


class _OneAnswer:
    """A single answer, read as a feed is."""

    most_pages = 1

    def __init__(self, name: str, body: Any) -> None:
        self.name, self._body = name, body

    def get(self, path: str, **asked: object) -> Answer:
        """The answer, whatever is asked."""
        return Answer(200, self._body)


def _details(reader: Reader, report: Report) -> Checked:
    checked = Checked("/", 1)
    body = _opened(checked, reader.get("/"))
    if body is None:
        return checked
    checked.add(faults_of(body, "details"))
    said = body.get("version") if isinstance(body, dict) else None
    report.version = said if isinstance(said, str) else ""
    # The official validator strips the words and reads what is left as a number, and falls back to 1.0 where it is none.
    number = re.sub(r"^(HSDS-UK-|V)", "", report.version, flags=re.IGNORECASE)
    if report.version and re.fullmatch(r"\d+\.\d+", number) is None:
        checked.add(
            [Fault("version", f"is “{report.version}”: the official validator would take the feed for version 1.0")]
        )
    elif report.version and report.version != VERSION:
        checked.add(
            [Fault("version", f"is “{report.version}”, and these checks are those of {VERSION}", is_remark=True)]
        )
    return checked


def _opened(checked: Checked, answer: Answer) -> Any:
    """The body, or None with the reason noted."""
    if answer.status in _ABSENT:
        checked.outcome = "absent"
        words = "is not offered" + (" and is required" if checked.level == 1 else "")
        checked.faults.append(Fault(checked.path, words, is_remark=checked.level > 1))
        return None
    if answer.problem:
        checked.add([Fault(checked.path, answer.problem)])
        return None
    origin = answer.headers.get("access-control-allow-origin")
    if answer.headers and origin != "*":
        checked.add(
            [Fault(checked.path, "does not let pages of other sites read it (Access-Control-Allow-Origin: *)", True)]
        )
    return answer.body


def _list(reader: Reader, endpoint: Endpoint) -> tuple[Checked, list[str]]:
    checked, known, first = Checked(endpoint.path, endpoint.level), [], []
    pages = [1]
    while pages:
        page = pages.pop(0)
        body = _opened(checked, reader.get(endpoint.path, page=page))
        if body is None:
            break
        checked.pages_read.append(page)
        contents = _page(checked, body, page)
        for place, one in enumerate(contents):
            checked.add([Fault(f"page {page}: {each.path}", each.words, each.is_remark) for each in faults_of(one, endpoint.shape, f"contents/{place}")])  # fmt: skip
        ids = [one["id"] for one in contents if isinstance(one, dict) and isinstance(one.get("id"), str)]
        checked.records += len(contents)
        known += ids
        if page == 1:
            first = ids
            pages = _further(body)
            pages = [each for each in pages if each <= reader.most_pages]
        elif ids and ids == first:
            checked.add(
                [Fault(endpoint.path, f"page {page} holds the same records as page 1: paging does not work", True)]
            )
    return checked, list(dict.fromkeys(known))


def _further(body: Any) -> list[int]:
    """The middle and the last page, as the validator reads them."""
    total = body.get("total_pages") if isinstance(body, dict) else None
    if not isinstance(total, int) or isinstance(total, bool) or total < 2:
        return []
    return [total // 2, total] if total // 2 > 1 else [total]


def _page(checked: Checked, body: Any, page: int) -> list[Any]:
    """The records of a page; what is wrong with its envelope is noted."""
    if not isinstance(body, dict):
        checked.add([Fault("/", "is not a page: an object with contents")])
        return []
    for name, kind in _ENVELOPE.items():
        value = body.get(name)
        if name not in body:
            checked.add([Fault(name, "is missing and is required")])
        elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            checked.add([Fault(name, f"is not a {_KINDS[kind]}")])
    contents = body.get("contents")
    contents = contents if isinstance(contents, list) else []
    if not contents:
        checked.add([Fault("contents", "is empty, so nothing in it could be checked", is_remark=True)])
    checked.add(_sums(body, contents, page))
    return contents


_KINDS: dict[type, str] = {int: "whole number", bool: "true or false", list: "list"}


def _sums(body: dict[str, Any], contents: list[Any], page: int) -> list[Fault]:
    """Whether the envelope says of the page what is so. Remarks: the schema does not hold it."""
    found = []
    if isinstance(body.get("size"), int) and body["size"] != len(contents):
        found.append(Fault("size", f"is {body['size']}, and the page holds {len(contents)}", is_remark=True))
    if isinstance(body.get("page_number"), int) and body["page_number"] != page:
        found.append(Fault("page_number", f"is {body['page_number']}, and page {page} was asked for", is_remark=True))
    if isinstance(body.get("empty"), bool) and body["empty"] != (not contents):
        found.append(Fault("empty", "does not say what is so", is_remark=True))
    total = body.get("total_pages")
    if isinstance(total, int) and isinstance(body.get("last_page"), bool) and body["last_page"] != (page >= total):
        found.append(Fault("last_page", f"does not fit {total} pages", is_remark=True))
    return found


def _single(reader: Reader, endpoint: Endpoint, known: list[str]) -> Checked:
    checked = Checked(endpoint.path + "/{id}", endpoint.level)
    if not known:
        checked.add([Fault(checked.path, "could not be checked: its list holds no identifier", is_remark=True)])
        return checked
    body = _opened(checked, reader.get(f"{endpoint.path}/{known[0]}"))
    if body is not None:
        checked.add(faults_of(body, endpoint.single))
    return checked
