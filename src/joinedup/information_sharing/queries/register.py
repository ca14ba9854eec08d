"""The register of sharing agreements for whoever keeps it, and the notice to the public made from those in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.core.partnership import value
from joinedup.information_sharing import rules
from joinedup.information_sharing.codes import PURPOSES
from joinedup.information_sharing.lifecycle import AGREEMENT_LABELS, LIVE, WAITING, AgreementState
from joinedup.information_sharing.models import (
    Agreement,
    AgreementBasis,
    AgreementItem,
    AgreementParty,
    AgreementPost,
    AgreementReview,
    AgreementTransition,
    InformationRequest,
    LawfulBasis,
)
from joinedup.information_sharing.permissions import (
    CHANGE_DRAFT,
    END_AGREEMENT,
    NAME_POST,
    READ_AGREEMENTS,
    REVIEW_AGREEMENT,
    SIGN_AGREEMENT,
)
from joinedup.information_sharing.queries.records import BasisChoice
from joinedup.information_sharing.settings import REVIEW_WARNING_DAYS

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class AgreementRow:
    """One agreement in the register. `state` is how it stands on the viewer's day."""

    id: UUID
    reference: str
    title: str
    state: AgreementState
    state_label: str
    parties: tuple[str, ...]
    signed: int
    starts_on: date | None
    review_on: date | None
    expires_on: date | None
    is_review_near: bool
    is_review_late: bool
    open_requests: int


@dataclass(frozen=True)
class ItemSeen:
    """One item as the register and the notice show it."""

    code: str
    name: str
    is_allowed: bool
    justification: str
    rule: str
    column: str
    terms: rules.ItemRule


@dataclass(frozen=True)
class PartySeen:
    """A party, what it may share and may not, and its signature."""

    id: UUID
    organisation_id: UUID
    organisation: str
    records_from_id: UUID | None
    records_from: str
    signatory: str
    signatory_title: str
    signed_on: date | None
    items: tuple[ItemSeen, ...]

    @property
    def allowed(self) -> tuple[ItemSeen, ...]:
        """What it may share."""
        return tuple(item for item in self.items if item.is_allowed)

    @property
    def excluded(self) -> tuple[ItemSeen, ...]:
        """What the agreement leaves out in so many words."""
        return tuple(item for item in self.items if not item.is_allowed)


@dataclass(frozen=True)
class PostNamed:
    """A post named to ask or answer for a party."""

    id: UUID
    part: str
    organisation: str
    name: str
    title: str
    named_at: datetime
    is_held: bool


@dataclass(frozen=True)
class Happened:
    """A change of state or a review."""

    title: str
    at: datetime
    by: str
    words: str


@dataclass(frozen=True)
class AgreementRecord:
    """Everything the page of one agreement shows. `may` names what the viewer may do with it now."""

    id: UUID
    version: int
    reference: str
    title: str
    state: AgreementState
    state_label: str
    purposes: tuple[tuple[str, str], ...]
    purpose_words: str
    bases: tuple[BasisChoice, ...]
    impact_assessment: str
    impact_assessed_on: date | None
    starts_on: date | None
    review_on: date | None
    expires_on: date | None
    ended_on: date | None
    kept_for: str
    how_to_object: str
    replaces: str
    # Its reference in the earlier register it was brought over from, and when; blank for one entered here.
    brought_over: str
    brought_at: datetime | None
    parties: tuple[PartySeen, ...]
    posts: tuple[PostNamed, ...]
    history: tuple[Happened, ...]
    is_review_near: bool
    is_review_late: bool
    asked: int
    waiting: int
    answered: int
    refused: int
    may: frozenset[str]

    @property
    def unsigned(self) -> tuple[PartySeen, ...]:
        """The parties that have not signed."""
        return tuple(party for party in self.parties if party.signed_on is None)


_WITH_ITEMS = Prefetch("items", queryset=AgreementItem.objects.order_by("position", "pk"))
_ORDER = {
    AgreementState.IN_FORCE: 0, AgreementState.SIGNED: 1, AgreementState.DRAFT: 2, AgreementState.EXPIRED: 3,
    AgreementState.ENDED: 4,
}  # fmt: skip


def agreements(viewer: Actor) -> list[AgreementRow]:
    """The register: what is in force first, by the review that comes next."""
    check(viewer, READ_AGREEMENTS)
    today = timezone.localdate(viewer.at)
    parties = Prefetch("parties", queryset=AgreementParty.objects.select_related("organisation"))
    live = Q(requests__state__in=sorted(LIVE))
    rows = Agreement.objects.prefetch_related(parties).annotate(live=Count("requests", filter=live))
    found = [_row(row, today) for row in rows]
    return sorted(found, key=lambda row: (_ORDER[row.state], row.review_on or date.max, row.reference))


def _row(row: Agreement, today: date) -> AgreementRow:
    state = row.state_on(today)
    parties = sorted(row.parties.all(), key=lambda party: party.organisation.name)
    return AgreementRow(
        id=row.pk,
        reference=row.reference,
        title=row.title,
        state=state,
        state_label=AGREEMENT_LABELS[state],
        parties=tuple(party.organisation.name for party in parties),
        signed=sum(party.signed_on is not None for party in parties),
        starts_on=row.starts_on,
        review_on=row.review_on,
        expires_on=row.expires_on,
        is_review_near=is_review_near(row, today),
        is_review_late=state == AgreementState.IN_FORCE and row.review_on is not None and row.review_on < today,
        open_requests=getattr(row, "live", 0) if state == AgreementState.IN_FORCE else 0,
    )


def is_review_near(row: Agreement, today: date) -> bool:
    """In force, and its review within the days of the setting, or past."""
    soon = today + timedelta(days=int(value(REVIEW_WARNING_DAYS, on=today)))
    return row.state_on(today) == AgreementState.IN_FORCE and row.review_on is not None and row.review_on <= soon


def agreement(viewer: Actor, agreement_id: UUID) -> AgreementRecord:
    """One agreement in full; NotVisible when there is none. It names no child, so the trail needs no row."""
    check(viewer, READ_AGREEMENTS)
    today = timezone.localdate(viewer.at)
    row = agreement_for_change(viewer, agreement_id)
    state, brought = row.state_on(today), getattr(row, "brought_over", None)
    counted = InformationRequest.objects.filter(agreement=row).aggregate(
        asked=Count("pk"),
        waiting=Count("pk", filter=Q(state__in=sorted(WAITING))),
        answered=Count("pk", filter=Q(answers__number=1)),
        refused=Count("pk", filter=Q(refusals__item_code=""), distinct=True),
    )
    bases = AgreementBasis.objects.filter(agreement=row).select_related("basis").order_by("pk")
    return AgreementRecord(
        id=row.pk,
        version=row.version,
        reference=row.reference,
        title=row.title,
        state=state,
        state_label=AGREEMENT_LABELS[state],
        purposes=tuple((code, PURPOSES[code]) for code in row.purposes if code in PURPOSES),
        purpose_words=row.purpose_words,
        bases=tuple(basis_choice(each.basis) for each in bases),
        impact_assessment=row.impact_assessment,
        impact_assessed_on=row.impact_assessed_on,
        starts_on=row.starts_on,
        review_on=row.review_on,
        expires_on=row.expires_on,
        ended_on=row.ended_on,
        kept_for=row.kept_for,
        how_to_object=row.how_to_object,
        replaces=row.replaces.reference if row.replaces else "",
        brought_over=brought.reference if brought else "",
        brought_at=brought.brought_at if brought else None,
        parties=parties_seen(row.pk),
        posts=_posts(row, viewer),
        history=_history(viewer, row),
        is_review_near=is_review_near(row, today),
        is_review_late=state == AgreementState.IN_FORCE and row.review_on is not None and row.review_on < today,
        asked=counted["asked"],
        waiting=counted["waiting"] if state == AgreementState.IN_FORCE else 0,
        answered=counted["answered"],
        refused=counted["refused"],
        may=_may(viewer, row, state),
    )


def basis_choice(basis: LawfulBasis) -> BasisChoice:
    """A lawful basis as it is shown."""
    return BasisChoice(basis.code, basis.name, basis.words, basis.source, basis.is_verified)


def parties_seen(agreement_id: UUID) -> tuple[PartySeen, ...]:
    """The parties with their items, by name."""
    rows = AgreementParty.objects.filter(agreement_id=agreement_id).select_related("organisation", "records_from")
    return tuple(party_seen(row) for row in rows.prefetch_related(_WITH_ITEMS).order_by("organisation__name"))


def party_seen(row: AgreementParty) -> PartySeen:
    """One party as it is shown."""
    return PartySeen(
        id=row.pk,
        organisation_id=row.organisation_id,
        organisation=row.organisation.name,
        records_from_id=row.records_from_id,
        records_from=row.records_from.name if row.records_from else "",
        signatory=row.signatory,
        signatory_title=row.signatory_title,
        signed_on=row.signed_on,
        items=tuple(
            ItemSeen(
                item.code, item.name, item.is_allowed, item.justification, rules.rule_in_words(item.rule), item.column,
                item.rule,
            )
            for item in row.items.all()
        ),
    )  # fmt: skip


def _posts(row: Agreement, viewer: Actor) -> tuple[PostNamed, ...]:
    named = AgreementPost.objects.filter(AgreementPost.is_named_at(viewer.at), agreement=row)
    named = named.select_related("organisation", "post__account").order_by(
        "organisation__name", "part", "post__account__name"
    )
    return tuple(
        PostNamed(
            each.pk, each.part, each.organisation.name, each.post.account.name, each.post.title, each.named_at,
            each.post.is_held_at(viewer.at),
        )
        for each in named
    )  # fmt: skip


def _history(viewer: Actor, row: Agreement) -> tuple[Happened, ...]:
    moves = list(AgreementTransition.objects.filter(agreement=row))
    reviews = list(AgreementReview.objects.filter(agreement=row))
    names = names_of_accounts(viewer, {by for by in [*(m.by for m in moves), *(r.by for r in reviews)] if by})
    found = [
        Happened(AGREEMENT_LABELS[AgreementState(each.end)], each.at, _by(each.by, names), each.reason)
        for each in moves
    ]
    found += [Happened("Reviewed", each.reviewed_at, _by(each.by, names), each.words) for each in reviews]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def _by(account_id: UUID | None, names: dict[UUID, str]) -> str:
    return names.get(account_id, "") if account_id else "Joinedup"


def _may(viewer: Actor, row: Agreement, state: AgreementState) -> frozenset[str]:
    signed = AgreementParty.objects.filter(agreement=row, signed_on__isnull=False).exists()
    is_draft = state == AgreementState.DRAFT
    asked = {
        "change": (CHANGE_DRAFT, is_draft and not signed),
        "sign": (SIGN_AGREEMENT, is_draft),
        "name_post": (NAME_POST, state not in {AgreementState.EXPIRED, AgreementState.ENDED}),
        "review": (REVIEW_AGREEMENT, state in {AgreementState.SIGNED, AgreementState.IN_FORCE}),
        "end": (END_AGREEMENT, state not in {AgreementState.EXPIRED, AgreementState.ENDED}),
        "draft_next": (CHANGE_DRAFT, not is_draft),
    }
    return frozenset(name for name, (permission, is_time) in asked.items() if is_time and can(viewer, permission, row))


def agreement_for_change(viewer: Actor, agreement_id: UUID) -> Agreement:
    """An agreement to hand to a service."""
    check(viewer, READ_AGREEMENTS)
    row = Agreement.objects.select_related("replaces", "brought_over").filter(pk=agreement_id).first()
    if row is None:
        raise NotVisible
    return row


def party_for_change(viewer: Actor, agreement_id: UUID, party_id: UUID) -> tuple[PartySeen, Organisation]:
    """A party of an agreement as it is, and its organisation to hand to a service."""
    check(viewer, READ_AGREEMENTS)
    rows = AgreementParty.objects.select_related("organisation", "records_from").prefetch_related(_WITH_ITEMS)
    row = rows.filter(pk=party_id, agreement_id=agreement_id).first()
    if row is None:
        raise NotVisible
    return party_seen(row), row.organisation


def named_post_for_change(viewer: Actor, agreement_id: UUID, named_id: UUID) -> AgreementPost:
    """A post named in an agreement, to hand to a service."""
    check(viewer, READ_AGREEMENTS)
    row = AgreementPost.objects.filter(pk=named_id, agreement_id=agreement_id).first()
    if row is None:
        raise NotVisible
    return row


def basis_for_change(viewer: Actor, code: str) -> LawfulBasis:
    """A lawful basis to hand to a service."""
    check(viewer, READ_AGREEMENTS)
    row = LawfulBasis.objects.filter(code=code).first()
    if row is None:
        raise NotVisible
    return row


# --- For anybody.


@dataclass(frozen=True)
class Shared:
    """One agreement in force, as the public may know it: no post and no name of anybody."""

    title: str
    purposes: tuple[str, ...]
    purpose_words: str
    parties: tuple[PartySeen, ...]
    bases: tuple[BasisChoice, ...]
    impact_assessment: str
    starts_on: date | None
    expires_on: date | None
    kept_for: str
    how_to_object: str


def privacy_notice(viewer: Actor) -> list[Shared]:
    """Who shares what with whom, why, on which basis and how long, from the agreements in force today."""
    today = timezone.localdate(viewer.at)
    parties = AgreementParty.objects.select_related("organisation", "records_from").prefetch_related(_WITH_ITEMS)
    rows = Agreement.objects.in_force_on(today).prefetch_related(
        Prefetch("parties", queryset=parties.order_by("organisation__name")),
        Prefetch("bases", queryset=AgreementBasis.objects.select_related("basis").order_by("pk")),
    )
    return [
        Shared(
            title=row.title,
            purposes=tuple(PURPOSES[code] for code in row.purposes if code in PURPOSES),
            purpose_words=row.purpose_words,
            parties=tuple(party_seen(party) for party in row.parties.all()),
            bases=tuple(basis_choice(each.basis) for each in row.bases.all()),
            impact_assessment=row.impact_assessment,
            starts_on=row.starts_on,
            expires_on=row.expires_on,
            kept_for=row.kept_for,
            how_to_object=row.how_to_object,
        )
        for row in rows.order_by("title", "pk")
    ]
