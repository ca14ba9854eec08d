"""Bringing over the sharing agreements an earlier register had, so that a partnership can start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.errors import Refused
from joinedup.core.formats import date_long
from joinedup.information_sharing import rules
from joinedup.information_sharing.codes import Part
from joinedup.information_sharing.golive import Fault, LegacyAgreement, LegacyParty, Register, with_companions
from joinedup.information_sharing.golive_terms import LegacyPost
from joinedup.information_sharing.models import AgreementBroughtOver, LawfulBasis
from joinedup.information_sharing.permissions import (
    ANSWER_REQUEST,
    ASK_FOR_INFORMATION,
    BRING_AGREEMENTS_OVER,
    READ_LISTED,
)
from joinedup.information_sharing.services.agreements import (
    ItemTerms,
    Terms,
    draft_agreement,
    name_post,
    record_signature,
    set_party,
)
from joinedup.organisations import queries as organisations

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post


@dataclass
class AgreementsBroughtOver:
    """What became of every agreement of an extract."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    ended: int = 0
    rejected_agreements: int = 0
    rejected: list[Fault] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """They add up: read is everything else together."""
        return {
            "read": self.read,
            "created": self.created,
            "unchanged": self.unchanged,
            "ended": self.ended,
            "rejected": self.rejected_agreements,
        }


@dataclass(frozen=True)
class _Party:
    """A party of the extract with the organisation and the posts it means."""

    legacy: LegacyParty
    organisation: Organisation
    records_from: Organisation | None
    posts: tuple[tuple[Part, Post], ...]


@service(BRING_AGREEMENTS_OVER)
def bring_agreements_over(*, register: Register, by: Actor, at: datetime) -> AgreementsBroughtOver:
    """Enter every agreement of an extract that can be entered, all in one transaction; of the others every row is
    reported with its reason. What was brought over before is left as it is: doing it again changes nothing."""
    result = AgreementsBroughtOver(
        read=register.read, ended=len(register.ended), rejected_agreements=register.faulty,
        rejected=list(register.faults),
    )  # fmt: skip
    known = _Known(register.agreements, by)
    for legacy in register.agreements:
        try:
            with transaction.atomic():
                faults = _enter(legacy, known, result, by, at)
        except Refused as refusal:
            faults = [Fault(legacy.row, refusal.field or "reference", legacy.reference, refusal.sentence)]
        if faults:
            result.rejected_agreements += 1
            result.rejected += with_companions(faults, register.places[legacy.reference], legacy.reference)
    result.rejected.sort(key=lambda fault: (fault.row, fault.field))
    note(changed=("agreements",), words=result.counts)
    return result


class _Known:
    """What the rows speak of, looked up once for the whole file."""

    def __init__(self, agreements: Sequence[LegacyAgreement], by: Actor) -> None:
        self.organisations = {each.code.upper(): each for each in organisations.open_organisations(by)}
        self.bases = set(LawfulBasis.objects.values_list("code", flat=True))
        self.before: dict[str, str] = dict(AgreementBroughtOver.objects.values_list("reference", "digest"))
        named = {party.organisation for each in agreements for party in each.parties}
        ids = [self.organisations[code].pk for code in named & self.organisations.keys()]
        self._posts: dict[tuple[UUID, str], list[Post]] = defaultdict(list)
        for organisation_id, post in organisations.posts_of_organisations(by, ids):
            self._posts[organisation_id, post.account.email.lower()].append(post)

    def posts(self, organisation: Organisation, asked: LegacyPost, roles: frozenset[Role]) -> list[Post]:
        """The posts somebody holds for an organisation now, of those that could do it; of one title where it is given."""
        held = self._posts[organisation.pk, asked.address]
        title = asked.title.casefold()
        return [post for post in held if post.role in roles and title in {"", post.title.casefold()}]


def _enter(
    legacy: LegacyAgreement, known: _Known, result: AgreementsBroughtOver, by: Actor, at: datetime
) -> list[Fault]:
    """One agreement, counted in the result; what is wrong with it, when it cannot be entered."""
    before = known.before.get(legacy.reference)
    if before is not None:
        if before != legacy.digest:
            raise rules.AGREEMENT_KNOWN.refused()
        result.unchanged += 1
        return []
    parties, faults = _meant(legacy, known)
    if not faults:
        _write(legacy, parties, by, at)
        result.created += 1
    return faults


def _meant(legacy: LegacyAgreement, known: _Known) -> tuple[list[_Party], list[Fault]]:
    """The organisations and posts the rows mean, and every one that is not known."""
    faults = [
        Fault(legacy.row, rules.BASIS_KNOWN.field, code, rules.BASIS_KNOWN.sentence.format(code=code))
        for code in legacy.bases
        if code not in known.bases
    ]
    parties = []
    for party in legacy.parties:
        organisation = known.organisations.get(party.organisation)
        source = known.organisations.get(party.records_from)
        if party.records_from and source is None:
            faults.append(Fault(party.row, "records from", party.records_from, rules.PARTY_KNOWN.sentence))
        if organisation is None:
            faults.append(Fault(party.row, "party", party.organisation, rules.PARTY_KNOWN.sentence))
            continue
        posts, unknown = _posts_meant(party, organisation, legacy, known)
        faults += unknown
        parties.append(_Party(party, organisation, source, tuple(posts)))
    return parties, faults


def _posts_meant(
    party: LegacyParty, organisation: Organisation, legacy: LegacyAgreement, known: _Known
) -> tuple[list[tuple[Part, Post]], list[Fault]]:
    """Each post a row names; never a guess where somebody holds several."""
    posts: list[tuple[Part, Post]] = []
    faults: list[Fault] = []
    # Under this purpose whoever is named to ask sees the children the indicators list, and asks nobody.
    sees_listed = READ_LISTED.roles if "find_early" in legacy.purposes else frozenset()
    for part, named, roles, act in (
        (Part.ASKS, party.asks, ASK_FOR_INFORMATION.roles | sees_listed, "ask"),
        (Part.ANSWERS, party.answers, ANSWER_REQUEST.roles, "answer"),
    ):
        for one in named:
            found = known.posts(organisation, one, roles)
            if len(found) == 1:
                posts.append((part, found[0]))
                continue
            rule = rules.POST_TITLED if found else rules.POST_KNOWN
            reason = rule.sentence.format(address=one.address, act=act, title=found[0].title if found else "")
            faults.append(Fault(party.row, part.value, one.address, reason))
    return posts, faults


def _write(legacy: LegacyAgreement, parties: Sequence[_Party], by: Actor, at: datetime) -> None:
    """The agreement as it stands there: drafted, its parties and posts named, and whoever has signed signs with the true
    day. With the last signature it is in force from its true first day; until then it is a draft here too."""
    terms = Terms(
        title=legacy.title, purposes=legacy.purposes, bases=legacy.bases, purpose_words=legacy.purpose_words,
        impact_assessment=legacy.assessment, impact_assessed_on=legacy.assessed_on, starts_on=legacy.starts_on,
        review_on=legacy.review_on, expires_on=legacy.expires_on, kept_for=legacy.kept_for,
        how_to_object=legacy.how_to_object,
    )  # fmt: skip
    agreement = draft_agreement(terms=terms, reason=_history(legacy), by=by, at=at)
    for party in parties:
        items = [ItemTerms(item.code, item.name, item.justification, item.rule) for item in party.legacy.items]
        set_party(
            agreement=agreement, organisation=party.organisation, items=items, records_from=party.records_from, by=by,
            at=at,
        )  # fmt: skip
        for part, post in party.posts:
            name_post(agreement=agreement, organisation=party.organisation, post=post, part=part, by=by, at=at)
    signed = [(party.legacy.signed_on, party) for party in parties if party.legacy.signed_on]
    for day, party in sorted(signed, key=lambda each: each[0]):
        record_signature(
            agreement=agreement, organisation=party.organisation, name=party.legacy.signatory,
            title=party.legacy.signatory_title, signed_on=day, by=by, at=at,
        )  # fmt: skip
    AgreementBroughtOver.objects.create(
        reference=legacy.reference, agreement=agreement, as_supplied=legacy.as_supplied, digest=legacy.digest,
        brought_at=at,
    )  # fmt: skip


def _history(legacy: LegacyAgreement) -> str:
    """Where it came from, and its true days, as its history says it."""
    said = f"Brought over from an earlier register, agreement {legacy.reference}."
    days: list[date] = [party.signed_on for party in legacy.parties if party.signed_on]
    if len(days) == len(legacy.parties) and legacy.starts_on:
        said += f" Signed by every party by {date_long(max(days))}, to start on {date_long(legacy.starts_on)}."
    return said
