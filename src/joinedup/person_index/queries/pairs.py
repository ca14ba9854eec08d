"""One question of the review, two-up: what each side says field by field, and what the model makes of it, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.core.formats import age as age_in_words
from joinedup.core.formats import date_long, london, nhs
from joinedup.person_index.models import LinkDecision, LinkProposal, Person
from joinedup.person_index.models.linkage import LIVE
from joinedup.person_index.permissions import LINK_RECORD, READ_PROPOSALS
from joinedup.person_index.queries.families import Mate, household_of
from joinedup.person_index.queries.known import Known, KnownRecord, known_of
from joinedup.person_index.queries.restrictions import unseen_among
from joinedup.person_index.queries.review import LastDecision, last_decision
from joinedup.person_index.review_settings import is_blind_first
from joinedup.person_index.reviewing import FLAGS, KINDS, LR_6, OUTCOMES, URGENCIES, is_told_otherwise


@dataclass(frozen=True)
class Told:
    """A value and who says it."""

    value: str
    sources: tuple[str, ...]
    is_shared: bool  # the other side says it, too


@dataclass(frozen=True)
class Row:
    """One field of both sides. `verdict` is same, differs, partly or one_side."""

    label: str
    left: tuple[Told, ...]
    right: tuple[Told, ...]
    verdict: str

    @property
    def words(self) -> str:
        """The verdict, for whoever does not see colours."""
        return {"same": "Same", "differs": "Differs", "partly": "Agrees in part", "one_side": "On one side only"}[
            self.verdict
        ]


@dataclass(frozen=True)
class Weight:
    """What one field weighs, in words and as the length of a bar from 0 to 10."""

    field: str
    sentence: str
    strength: str
    is_for: bool
    length: int


@dataclass(frozen=True)
class Side:
    """One side: a person with their records, or one record."""

    title: str
    birth_date: date | None
    age: str
    agencies: tuple[str, ...]
    records: tuple[KnownRecord, ...]
    household: tuple[Mate, ...]


@dataclass(frozen=True)
class OtherOpinion:
    """What somebody thought before."""

    by: str
    outcome: str
    words: str
    made_at: datetime


@dataclass(frozen=True)
class Pair:
    """A question with everything needed to decide it. `proposal` is what the services take."""

    proposal: LinkProposal
    kind: str
    urgency: str
    question: str
    left: Side
    right: Side
    rows: tuple[Row, ...]
    flags: tuple[str, ...]
    reasons: tuple[str, ...]
    weights: tuple[Weight, ...]
    chance: str
    is_shown: bool  # whether what the model makes of it is on the page
    opinions: tuple[OtherOpinion, ...]
    is_live: bool
    is_own_second: bool
    may_search: UUID | None  # a record to search for somebody else with
    last: LastDecision | None
    is_between_people: bool
    not_linked_here: str  # why the two cannot be made one on this page


_FIELDS: tuple[tuple[str, Callable[[KnownRecord], str]], ...] = (
    ("First name", lambda each: each.given_name),
    ("Last name", lambda each: each.family_name),
    ("Date of birth", lambda each: date_long(each.birth_date) if each.birth_date else ""),
    ("Sex", lambda each: {"M": "Male", "F": "Female"}.get(each.sex, "")),
    ("NHS number", lambda each: nhs(each.nhs_number) if each.nhs_number else ""),
    ("Pupil number", lambda each: each.upn),
    ("Address", lambda each: each.address),
    ("Postcode", lambda each: each.postcode),
    ("Phone", lambda each: each.phone),
)
_TOLD = "What we were told"
_FIELD_NAMES = {
    "forename": "First name", "surname": "Last name", "name": "Name", "dob": "Date of birth",
    "birth_date": "Date of birth", "birth": "Date of birth", "middle": "Middle name", "sex": "Sex", "nhs": "NHS number", "nhs_number": "NHS number", "upn": "Pupil number",
    "address": "Address", "postcode": "Postcode", "house": "House", "twin": "Twins", "household": "Household",
}  # fmt: skip


def pair_in_question(viewer: Actor, proposal_id: UUID, *, purpose: str, ask_model: bool = False) -> Pair:
    """A question two-up. 404 where either side is withheld from the viewer; the read is audited, with both named."""
    check(viewer, READ_PROPOSALS)
    rows = LinkProposal.objects.visible_to(viewer).select_related("left", "right", "record__agency")
    row = rows.filter(pk=proposal_id).first()
    if row is None:
        raise NotVisible
    left, right = _sides(viewer, row)
    people = {each for each in (row.left_id, row.right_id) if each}
    people |= {mate.person_id for side in (left, right) for mate in side.household}
    audit.record_read(viewer, subject=(LinkProposal._meta.label_lower, str(row.pk)), people=people, purpose=purpose)
    is_shown = ask_model or not is_blind_first(london(viewer.at).date())
    records = (*left.records, *right.records)
    return Pair(
        proposal=row,
        kind=KINDS[row.kind],
        urgency=URGENCIES[row.urgency],
        question="Are these the same person?" if row.right_id else "Does this record belong to this person?",
        left=left,
        right=right,
        rows=compared(left.records, right.records),
        flags=tuple(FLAGS.get(flag, flag) for flag in row.flags),
        reasons=tuple(row.reasons),
        weights=weights_of(row.evidence) if is_shown else (),
        chance=chance_in_words(row.probability) if is_shown else "",
        is_shown=is_shown,
        opinions=_opinions(viewer, row),
        is_live=row.state in LIVE,
        is_own_second=row.state == LinkProposal.State.SECOND and row.second_asked_by == viewer.account_id,
        may_search=next((each.id for each in records if each.agency_reference), None)
        if can(viewer, LINK_RECORD)
        else None,
        last=last_decision(viewer),
        is_between_people=row.right_id is not None,
        not_linked_here=LR_6.sentence if row.right and is_told_otherwise(row.left.stated, row.right.stated) else "",
    )


def _sides(viewer: Actor, row: LinkProposal) -> tuple[Side, Side]:
    ids = [each for each in (row.left_id, row.right_id) if each]
    known, homes = known_of(ids, with_history=False), household_of(ids)
    hidden = unseen_among(viewer, {mate.person_id for several in homes.values() for mate in several})
    on = london(viewer.at).date()

    def side(title: str, born: date | None, records: Sequence[KnownRecord], person_id: UUID) -> Side:
        mates = tuple(mate for mate in homes[person_id] if mate.person_id not in hidden)
        agencies = tuple(sorted({each.agency for each in records}))
        return Side(title, born, age_in_words(born, on), agencies, tuple(records), mates)

    mine = known[row.left_id]
    if row.right is not None:
        theirs = known[row.right.pk]
        return (
            side(str(row.left), row.left.birth_date, _with_told(mine, row.left), row.left_id),
            side(str(row.right), row.right.birth_date, _with_told(theirs, row.right), row.right.pk),
        )
    own = [each for each in mine.records if each.id == row.record_id]
    rest = [each for each in mine.records if each.id != row.record_id]
    name = f"{own[0].given_name} {own[0].family_name}".strip() if own else "The record"
    return (
        side(name or "The record", own[0].birth_date if own else None, own, row.left_id),
        side(str(row.left), row.left.birth_date, rest, row.left_id),
    )


def _with_told(known: Known, person: Person) -> list[KnownRecord]:
    """The agencies' records, and what somebody told us of the person as if it were one more."""
    if known.records and not person.stated:
        return known.records
    home = next((each for each in known.addresses if each.is_present and each.source not in known.agencies), None)
    told = KnownRecord(
        id=person.pk,
        version=0,
        agency=_TOLD,
        agency_reference="",
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        sex=person.sex,
        nhs_number=str(person.stated.get("nhs_number", "")),
        upn=str(person.stated.get("upn", "")),
        address=home.lines if home else "",
        postcode=home.postcode if home else "",
        phone="",
        as_of=None,
        supplied_at=person.created_at,
        as_supplied={},
        rule="",
        reason="",
        linked_at=person.created_at,
    )
    return [*known.records, told]


def compared(left: Sequence[KnownRecord], right: Sequence[KnownRecord]) -> tuple[Row, ...]:
    """Both sides field by field, each value once with everybody who says it; fields nobody filled are left out."""
    rows = []
    for label, read in _FIELDS:
        mine, theirs = _said(left, read), _said(right, read)
        if mine or theirs:
            rows.append(_compared(label, mine, theirs, (len(left), len(right))))
    return tuple(rows)


def _said(records: Sequence[KnownRecord], read: Callable[[KnownRecord], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in records:
        value = read(each).strip()
        if value:
            found.setdefault(value, []).append(each.agency)
    return found


def _plain(value: str) -> str:
    return "".join(each for each in value.casefold() if each.isalnum())


def _sources(said: list[str], everybody: int) -> tuple[str, ...]:
    """Who says it; in a word where everybody on that side does."""
    if everybody > 2 and len(said) == everybody:
        return (f"All {everybody} records",)
    return tuple(dict.fromkeys(said))


def _compared(label: str, mine: dict[str, list[str]], theirs: dict[str, list[str]], sizes: tuple[int, int]) -> Row:
    one, other = {_plain(each) for each in mine}, {_plain(each) for each in theirs}
    shared = one & other
    if not one or not other:
        verdict = "one_side"
    elif one == other:
        verdict = "same"
    else:
        verdict = "partly" if shared else "differs"

    def told(said: dict[str, list[str]], everybody: int) -> tuple[Told, ...]:
        return tuple(
            Told(value, _sources(sources, everybody), _plain(value) in shared) for value, sources in said.items()
        )

    return Row(label, told(mine, sizes[0]), told(theirs, sizes[1]), verdict)


_STRENGTHS = (
    (8.0, "very strong evidence"),
    (4.0, "strong evidence"),
    (1.5, "some evidence"),
    (0.3, "a little evidence"),
)


def weights_of(evidence: Sequence[dict[str, object]]) -> tuple[Weight, ...]:
    """What each field weighs, in plain words, the heaviest first. A bit doubles the odds; the bar is full at ten."""
    found = []
    for each in evidence:
        bits = float(str(each.get("bits") or 0))
        side = "for" if bits > 0 else "against"
        strength = next((f"{words} {side}" for least, words in _STRENGTHS if abs(bits) >= least), "says nothing")
        name = str(each.get("field", ""))
        found.append(
            Weight(
                field=_FIELD_NAMES.get(name, name.replace("_", " ").capitalize()),
                sentence=str(each.get("sentence", "")),
                strength=strength,
                is_for=bits > 0,
                length=min(10, round(abs(bits))),
            )
        )
    return tuple(sorted(found, key=lambda weight: (-weight.length, weight.field)))


def chance_in_words(probability: Decimal | None) -> str:
    """How likely the model finds it, as a number people can picture."""
    if probability is None:
        return "The model has not judged this."
    if probability >= Decimal("0.995"):
        return "Of a hundred pairs like this, the model expects nearly all to be one person."
    if probability <= Decimal("0.005"):
        return "Of a hundred pairs like this, the model expects hardly any to be one person."
    return f"Of a hundred pairs like this, the model expects about {round(probability * 100)} to be one person."


def _opinions(viewer: Actor, row: LinkProposal) -> tuple[OtherOpinion, ...]:
    rows = list(LinkDecision.objects.filter(proposal=row, undone_at__isnull=True).order_by("made_at", "pk"))
    names = names_of_accounts(viewer, {each.made_by for each in rows if each.made_by})
    return tuple(
        OtherOpinion(
            names.get(each.made_by, "") if each.made_by else "Joinedup",
            OUTCOMES[each.outcome],
            each.words,
            each.made_at,
        )
        for each in rows
    )
