"""Bringing sharing agreements over from an earlier register: reading its extract, a row for each party. Pure.

The rows with one reference are one agreement. What is said of the agreement as a whole stands in any of its rows; where
it stands in several, they must say the same. An agreement with a row that cannot be read is not brought over at all,
and every row of it is reported with the column and a sentence; no row is dropped silently.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from joinedup.engines.linkage.identifiers import birth_date
from joinedup.information_sharing import rules
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, INVOLVEMENT_NAME, PURPOSES
from joinedup.information_sharing.golive_terms import LegacyItem, LegacyPost, read_items, read_posts
from joinedup.information_sharing.lifecycle import AGREEMENT_LABELS, AgreementState, agreement_state_on

COLUMNS: dict[str, tuple[str, ...]] = {
    "reference": ("agreementreference", "agreementref", "agreementid", "agreementno", "agreementnumber", "reference"),
    "title": ("title", "agreementtitle", "agreement", "agreementname"),
    "status": ("status", "agreementstatus", "state"),
    "purposes": ("purposes", "purpose", "purposecodes"),
    "purpose_words": ("purposeinplainwords", "purposewords", "inplainwords"),
    "bases": ("lawfulbasis", "lawfulbases", "lawfulbasiscode", "basis", "bases"),
    "assessment": ("impactassessment", "impactassessmentreference", "impactassessmentref", "dpia", "dpiareference"),
    "assessed_on": ("impactassessedon", "impactassessmentdate", "dpiadate", "assessedon"),
    "starts_on": ("startson", "startdate", "starts", "start", "inforcefrom"),
    "review_on": ("reviewon", "reviewdate", "nextreview", "nextreviewon", "reviewby"),
    "expires_on": ("expireson", "expirydate", "expires", "expiry", "enddate"),
    "kept_for": ("keptfor", "retention", "retentionperiod"),
    "how_to_object": ("howtoobject", "objections"),
    "party": ("party", "partycode", "organisation", "organisationcode", "agency", "agencycode"),
    "records_from": ("recordsfrom", "recordscomefrom"),
    "signed_by": ("signedby", "signatory"),
    "signed_as": ("signedas", "signatorytitle", "signatoryposition", "position"),
    "signed_on": ("signedon", "signeddate", "datesigned", "signaturedate"),
    "asks": ("asks", "mayask", "askedby", "postsasking"),
    "answers": ("answers", "mayanswer", "answeredby", "postsanswering"),
    "shares": ("shares", "items", "itemsshared", "mayshare"),
    "leaves_out": ("leavesout", "excluded", "itemsexcluded", "notshared"),
}
NEEDED = ("reference", "title", "purposes", "bases", "party")
WHOLE = (
    "title", "status", "purposes", "purpose_words", "bases", "assessment", "assessed_on", "starts_on", "review_on",
    "expires_on", "kept_for", "how_to_object",
)  # fmt: skip
LONGEST = {
    "reference": 60, "title": 200, "purpose_words": 2000, "assessment": 60, "kept_for": 300, "how_to_object": 500,
    "signed_by": 120, "signed_as": 120,
}  # fmt: skip
STANDING_WORDS = {"", "open", "active", "current", "live", "in force", "signed", "draft", "unsigned"}
ENDED_WORDS = {"closed", "ended", "inactive", "expired", "superseded", "replaced", "terminated", "withdrawn"}
EARLIEST = date(1980, 1, 1)
NOT_READABLE = "not readable"
_YEARS_AHEAD = 20
_A_DATE = "This is not a day between 1980 and 20 years from now. Write it as 1/9/2026 or 1 September 2026."
_TITLES = {title for titles in COLUMNS.values() for title in titles}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, for the report."""

    row: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True)
class LegacyParty:
    """A party as one row has it."""

    row: int
    organisation: str
    records_from: str = ""
    signatory: str = ""
    signatory_title: str = ""
    signed_on: date | None = None
    asks: tuple[LegacyPost, ...] = ()
    answers: tuple[LegacyPost, ...] = ()
    items: tuple[LegacyItem, ...] = ()


@dataclass(frozen=True)
class LegacyAgreement:
    """One agreement as the earlier register has it; `row` is its first line in the file."""

    row: int
    reference: str
    title: str
    purposes: tuple[str, ...]
    bases: tuple[str, ...]
    parties: tuple[LegacyParty, ...]
    purpose_words: str = ""
    assessment: str = ""
    assessed_on: date | None = None
    starts_on: date | None = None
    review_on: date | None = None
    expires_on: date | None = None
    kept_for: str = ""
    how_to_object: str = ""

    @property
    def as_supplied(self) -> dict[str, object]:
        """What the register says of it, without the lines it stood in, as it is kept."""
        said = asdict(self)
        said.pop("row")
        for party in said["parties"]:
            party.pop("row")
            for item in party["items"]:
                item["rule"]["levels"] = sorted(item["rule"]["levels"])
        said["parties"] = sorted(said["parties"], key=lambda party: str(party["organisation"]))
        kept: dict[str, object] = json.loads(json.dumps(said, default=date.isoformat))
        return kept

    @property
    def digest(self) -> str:
        """Changes when the register says anything else about it, not when its rows change places."""
        return hashlib.sha256(json.dumps(self.as_supplied, sort_keys=True).encode()).hexdigest()

    def state_on(self, day: date) -> AgreementState:
        """How it stands on a day: a draft until every party has signed."""
        is_signed = all(party.signed_on for party in self.parties)
        written = AgreementState.SIGNED if is_signed else AgreementState.DRAFT
        return agreement_state_on(written, starts_on=self.starts_on, expires_on=self.expires_on, on=day)


@dataclass(frozen=True)
class Line:
    """One agreement that is not ended, readable or not, as the reconciliation counts it."""

    row: int
    reference: str
    state: str = NOT_READABLE
    parties: str = NOT_READABLE
    signatures: str = NOT_READABLE
    starts: str = NOT_READABLE
    review: str = NOT_READABLE
    expires: str = NOT_READABLE
    digest: str = ""


@dataclass
class Register:
    """A file that was read. `read` counts agreements and `rows` the rows they stood in."""

    rows: int = 0
    read: int = 0
    agreements: list[LegacyAgreement] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)  # references of what has ended and stays behind
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    lines: list[Line] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)  # the rows of each agreement, by its reference


def known_titles(cells: Sequence[str]) -> int:
    """How many cells are titles of a register, so that its header is found below a note."""
    return sum(_plain(cell) in _TITLES for cell in cells)


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by title; raises ValueError naming the titles that are missing."""
    plain = [_plain(title) for title in header]
    found = {}
    for name, titles in COLUMNS.items():
        place = next((plain.index(title) for title in titles if title in plain), None)
        if place is not None:
            found[name] = place
    missing = [_shown(name) for name in NEEDED if name not in found]
    if missing:
        raise ValueError(f"The file has no column for: {', '.join(missing)}. Its columns are: {', '.join(header)}.")
    return found


def read_register(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    today: date,
    broken: Mapping[int, str] | None = None,
) -> Register:
    """Read every row. `broken` says by line, once it has been read, why a row could not be taken apart."""
    places = columns_of(header)
    groups: dict[str, list[_Row]] = {}
    register = Register()
    for number, cells in rows:
        said = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        said["reference"] = " ".join(said["reference"].split())
        why_broken = (broken or {}).get(number, "")
        key = "" if why_broken else said["reference"]
        # A row without a reference belongs to nothing else, so it counts as an agreement that cannot be read.
        groups.setdefault(key or f"\0{number}", []).append(_Row(number, said, why_broken, today))
        register.rows += 1
    for group in groups.values():
        _read_group(register, group, today)
    register.read = len(groups)
    return register


def _read_group(register: Register, group: list[_Row], today: date) -> None:
    first, whole = group[0], _whole(group)
    reference = first.said["reference"]
    register.places[reference] = [row.number for row in group]
    ends = first.day("expires_on", whole["expires_on"]) if whole["expires_on"] else None
    first.faults = []  # said again below, where the agreement stands
    if whole["status"].casefold() in ENDED_WORDS or (ends is not None and ends <= today):
        register.ended.append(reference)
        return
    found = _agreement_of(group, whole, today)
    faults = [fault for row in group for fault in row.faults]
    if faults:
        register.faults += with_companions(faults, register.places[reference], reference)
        register.faulty += 1
        register.lines.append(Line(first.number, reference[:60]))
        return
    register.agreements.append(found)
    register.lines.append(_line_of(found, today))


def _whole(group: list[_Row]) -> dict[str, str]:
    """What the rows say of the agreement as a whole: each the first that is filled."""
    return {name: next((row.said[name] for row in group if row.said.get(name)), "") for name in WHOLE}


def with_companions(faults: Sequence[Fault], rows: Sequence[int], reference: str) -> list[Fault]:
    """The faults of an agreement, and for each of its rows that has none which row keeps it out."""
    own = {fault.row for fault in faults}
    reason = f"Row {min(own)} of the same agreement cannot be brought over."
    return [*faults, *(Fault(row, "reference", reference[:200], reason) for row in rows if row not in own)]


def _agreement_of(group: list[_Row], whole: Mapping[str, str], today: date) -> LegacyAgreement:
    first = group[0]
    for row in group:
        row.check_itself(whole)
    first.check_whole(whole)
    days = {name: first.day(name, whole[name]) for name in ("assessed_on", "starts_on", "review_on", "expires_on")}
    parties = tuple(row.party() for row in group)
    if not first.why_broken:
        _check_parties(group, parties)
        _check_days(first, whole, days, today)
    if any(party.signed_on for party in parties):
        _check_complete(group, whole)
    purposes = first.purposes(whole["purposes"])
    return LegacyAgreement(
        row=first.number, reference=first.said["reference"], title=whole["title"],
        purposes=tuple(code for code in PURPOSES if code in purposes), bases=tuple(parted(whole["bases"].lower())),
        parties=parties, purpose_words=whole["purpose_words"], assessment=whole["assessment"],
        kept_for=whole["kept_for"], how_to_object=whole["how_to_object"], **days,
    )  # fmt: skip


def _check_parties(group: list[_Row], parties: Sequence[LegacyParty]) -> None:
    seen: dict[str, int] = {}
    for row, party in zip(group, parties, strict=True):
        if party.organisation in seen:
            row.check("party", False, f"This organisation is in row {seen[party.organisation]} of it already.")
        seen.setdefault(party.organisation, row.number)
    group[0].check("party", len(seen) > 1, rules.TWO_PARTIES.sentence + " Give each a row.")


def _check_days(first: _Row, whole: Mapping[str, str], days: Mapping[str, date | None], today: date) -> None:
    assessed = days["assessed_on"]
    first.check("assessed_on", assessed is None or assessed <= today, "This day is in the future.", whole)
    in_order = rules.are_dates_in_order(
        starts_on=days["starts_on"], review_on=days["review_on"], expires_on=days["expires_on"]
    )
    first.check("expires_on", in_order, rules.DATES_OF_AGREEMENT.sentence, whole)


def _check_complete(group: list[_Row], whole: Mapping[str, str]) -> None:
    """What nobody could have signed without."""
    first = group[0]
    for name in ("assessment", "assessed_on", "starts_on", "review_on", "expires_on"):
        first.check(name, bool(whole[name]), "Somebody has signed, and a signed agreement says this.", whole)
    for name in ("asks", "answers"):
        is_named = any(row.said.get(name) for row in group)
        first.check(name, is_named, f"Somebody has signed, and a signed agreement names a post that {name}.")


class _Row:
    """One row while it is being read: what it says and what is wrong with it."""

    def __init__(self, number: int, said: Mapping[str, str], why_broken: str, today: date) -> None:
        self.number, self.said, self.why_broken, self.today = number, said, why_broken, today
        self.faults: list[Fault] = []

    def check(self, name: str, is_right: bool, reason: str, whole: Mapping[str, str] | None = None) -> None:
        """Note a fault unless it is right; the value is that of the row, or of the agreement as a whole."""
        if is_right:
            return
        value = (whole or {}).get(name) or self.said.get(name, "")
        self.faults.append(Fault(self.number, _shown(name), value[:200], reason))

    def check_itself(self, whole: Mapping[str, str]) -> None:
        """What must be right in every row, and that it says of the agreement what the others say."""
        if self.why_broken:
            self.check("reference", False, self.why_broken)
            return
        self.check("reference", bool(self.said["reference"]), "This is empty.")
        for name in WHOLE:
            said = self.said.get(name, "")
            is_same = not said or said.casefold() == whole[name].casefold()
            self.check(name, is_same, f"Another row of the agreement says “{whole[name][:100]}”.")
        for name, longest in LONGEST.items():
            self.check(name, len(self.said.get(name, "")) <= longest, f"This has at most {longest} characters.")

    def check_whole(self, whole: Mapping[str, str]) -> None:
        """What is said of the agreement, noted against its first row."""
        if self.why_broken:
            return
        for name in ("title", "purposes", "bases"):
            self.check(name, bool(whole[name]), "This is empty.")
        self.check(
            "status", whole["status"].casefold() in STANDING_WORDS | ENDED_WORDS,
            "Say whether the agreement is in force, a draft or ended.", whole,
        )  # fmt: skip
        unknown = [one for one, code in zip(parted(whole["purposes"]), self.purposes(whole["purposes"]), strict=True)
                   if code not in PURPOSES]  # fmt: skip
        self.check("purposes", not unknown, f"These are the purposes: {', '.join(PURPOSES)}.", whole)

    def purposes(self, text: str) -> list[str]:
        """The codes of the purposes, given by code or in the words of the register."""
        codes = {label.casefold(): code for code, label in PURPOSES.items()}
        return [codes.get(one.casefold(), re.sub(r"[\s-]+", "_", one.casefold())) for one in parted(text)]

    def day(self, name: str, text: str) -> date | None:
        """The day a text says, up to 20 years from now; none where it says nothing or nothing readable."""
        if not text:
            return None
        try:
            found = birth_date(text, today=date(self.today.year + _YEARS_AHEAD, 1, 1))
        except ValueError:
            found = None
        if found is None or found < EARLIEST:
            self.check(name, False, _A_DATE, {name: text})
            return None
        return found

    def party(self) -> LegacyParty:
        """The party of this row."""
        said = {name: self.said.get(name, "") for name in COLUMNS}
        if not self.why_broken:
            self.check("party", bool(said["party"]), "This is empty.")
        signed_on = self.day("signed_on", said["signed_on"])
        self.check("signed_on", signed_on is None or signed_on <= self.today, "Nobody can have signed after today.")
        self.check("signed_by", not said["signed_on"] or bool(said["signed_by"]), "Say who signed.")
        self.check("signed_on", not said["signed_by"] or bool(said["signed_on"]), "Say on which day it was signed.")
        posts = {name: read_posts(said[name]) for name in ("asks", "answers")}
        for name, (_, reasons) in posts.items():
            for reason in reasons:
                self.check(name, False, reason)
        return LegacyParty(
            row=self.number, organisation=said["party"].upper(), records_from=said["records_from"].upper(),
            signatory=said["signed_by"], signatory_title=said["signed_as"], signed_on=signed_on,
            asks=posts["asks"][0], answers=posts["answers"][0], items=self._items(said, bool(said["answers"])),
        )  # fmt: skip

    def _items(self, said: Mapping[str, str], is_answering: bool) -> tuple[LegacyItem, ...]:
        found: list[LegacyItem] = []
        is_readable = True
        for name in ("shares", "leaves_out"):
            items, reasons = read_items(said[name], is_allowed=name == "shares", after=found)
            found += items
            for reason in reasons:
                is_readable = False
                self.check(name, False, reason)
        if found:
            has_first = not is_answering or any(item.code == INVOLVEMENT_ITEM for item in found)
            reason = "Every answer says whether it is involved: list “involvement”, with why."
            self.check("shares", has_first or not is_readable, reason)
        elif is_answering:
            found.append(LegacyItem(INVOLVEMENT_ITEM, INVOLVEMENT_NAME, LEAST))
        return tuple(found)


LEAST = "Brought over from a register that lists no items: the least that any answer says."


def parted(text: str) -> list[str]:
    """What a cell lists, parted by commas, semicolons, bars or lines; each once."""
    return list(dict.fromkeys(one.strip() for one in re.split(r"[;,|\n]", text) if one.strip()))


def parties_in_words(codes: Iterable[str]) -> str:
    """Every party, as the reconciliation compares them."""
    return ", ".join(sorted(codes))


def day_in_words(day: date | None) -> str:
    """A day as the reconciliation compares it."""
    return day.isoformat() if day else "not given"


def _line_of(found: LegacyAgreement, today: date) -> Line:
    signed = sum(party.signed_on is not None for party in found.parties)
    return Line(
        row=found.row,
        reference=found.reference,
        state=AGREEMENT_LABELS[found.state_on(today)],
        parties=parties_in_words(party.organisation for party in found.parties),
        signatures=f"{signed} of {len(found.parties)}",
        starts=day_in_words(found.starts_on),
        review=day_in_words(found.review_on),
        expires=day_in_words(found.expires_on),
        digest=found.digest,
    )


def _plain(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.lower())


def _shown(name: str) -> str:
    return _SHOWN.get(name, name.replace("_", " "))


_SHOWN = {"bases": "lawful basis", "assessment": "impact assessment", "assessed_on": "impact assessed on"}
