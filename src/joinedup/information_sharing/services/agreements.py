"""The register: drafting an agreement, who may share what and who may ask, signing, reviewing, ending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version, new_reference
from joinedup.information_sharing import rules
from joinedup.information_sharing.codes import PURPOSES, Part
from joinedup.information_sharing.lifecycle import AGREEMENT_LABELS, AgreementState
from joinedup.information_sharing.models import (
    Agreement,
    AgreementBasis,
    AgreementItem,
    AgreementParty,
    AgreementPost,
    AgreementReview,
    AgreementTransition,
    LawfulBasis,
)
from joinedup.information_sharing.permissions import (
    CHANGE_DRAFT,
    DRAFT_AGREEMENT,
    END_AGREEMENT,
    NAME_POST,
    REVIEW_AGREEMENT,
    SIGN_AGREEMENT,
    VERIFY_BASIS,
)
from joinedup.information_sharing.rules import ItemRule
from joinedup.information_sharing.services.steps import _close_under, _lock, _move_agreement, _said

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post


@dataclass(frozen=True)
class Terms:
    """What an agreement says as a whole. `purposes` are codes, `bases` the codes of lawful bases; `expires_on` is the
    first day on which nothing may be asked or answered under it any more."""

    title: str
    purposes: Sequence[str]
    bases: Sequence[str]
    purpose_words: str = ""
    impact_assessment: str = ""
    impact_assessed_on: date | None = None
    starts_on: date | None = None
    review_on: date | None = None
    expires_on: date | None = None
    kept_for: str = ""
    how_to_object: str = ""


@dataclass(frozen=True)
class ItemTerms:
    """One thing a party may share, or may not: why, and what narrows it. `column` names the column of the party's own
    file that says it already."""

    code: str
    name: str
    justification: str
    rule: ItemRule = field(default_factory=ItemRule)
    column: str = ""


@service(DRAFT_AGREEMENT)
def draft_agreement(*, terms: Terms, reason: str = "", by: Actor, at: datetime) -> Agreement:
    """Begin an agreement; `reason` is kept with its history. Nothing can be asked under a draft. Raises Refused (IS-46,
    IS-50)."""
    _require_terms(terms)
    agreement = Agreement.objects.create(reference=new_reference("SA"), drafted_at=at, **_facts(terms))
    _set_bases(agreement, terms)
    AgreementTransition.objects.create(
        agreement=agreement, end=AgreementState.DRAFT, at=at, by=by.account_id, reason=reason[:500]
    )
    return agreement


@service(DRAFT_AGREEMENT, on="agreement")
def draft_next(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """Begin the agreement that is to follow this one, with the same parties, items and posts, undated and unsigned."""
    following = Agreement.objects.create(
        reference=new_reference("SA"), title=agreement.title, purposes=agreement.purposes,
        purpose_words=agreement.purpose_words, impact_assessment=agreement.impact_assessment,
        impact_assessed_on=agreement.impact_assessed_on, kept_for=agreement.kept_for,
        how_to_object=agreement.how_to_object, replaces=agreement, drafted_at=at,
    )  # fmt: skip
    AgreementBasis.objects.bulk_create(
        AgreementBasis(agreement=following, basis_id=each.basis_id) for each in agreement.bases.all()
    )
    for party in agreement.parties.prefetch_related("items"):
        copy = AgreementParty.objects.create(
            agreement=following, organisation_id=party.organisation_id, records_from_id=party.records_from_id
        )
        items = list(party.items.all())
        for item in items:
            item.pk, item.party = None, copy
        AgreementItem.objects.bulk_create(items)
    named = agreement.posts.filter(AgreementPost.is_named_at(at))
    AgreementPost.objects.bulk_create(
        AgreementPost(
            agreement=following, organisation_id=each.organisation_id, post_id=each.post_id, part=each.part, named_at=at
        )
        for each in named
    )
    AgreementTransition.objects.create(agreement=following, end=AgreementState.DRAFT, at=at, by=by.account_id)
    note(subject=following)
    return following


@service(CHANGE_DRAFT, on="agreement")
def change_draft(*, agreement: Agreement, terms: Terms, version: int, by: Actor, at: datetime) -> Agreement:
    """Change what a draft says. Once anybody has signed, the wording stands (IS-40)."""
    _require_draft(agreement)
    _require_terms(terms)
    claim_version(agreement, version)
    for name, fact in _facts(terms).items():
        setattr(agreement, name, fact)
    agreement.save()
    _set_bases(agreement, terms)
    note(changed=tuple(_facts(terms)))
    return agreement


@service(CHANGE_DRAFT, on="agreement")
def set_party(
    *,
    agreement: Agreement,
    organisation: Organisation,
    items: Sequence[ItemTerms] = (),
    records_from: Organisation | None = None,
    by: Actor,
    at: datetime,
) -> AgreementParty:
    """An organisation is a party of the draft and may share these items and no others; one without items only asks.
    Whatever was said of it before gives way. Raises Refused (IS-40, IS-45)."""
    _require_draft(agreement)
    for item in items:
        _said(item.name, rules.ITEM_NAMED)
        if not item.justification.strip():
            raise rules.ITEM_JUSTIFIED.refused("justification", name=item.name)
    party, _ = AgreementParty.objects.update_or_create(
        agreement=agreement, organisation=organisation, defaults={"records_from": records_from}
    )
    party.items.all().delete()
    AgreementItem.objects.bulk_create(
        AgreementItem(
            party=party, code=item.code, name=item.name.strip(), is_allowed=item.rule.is_allowed,
            justification=item.justification.strip(), minimum_age=item.rule.minimum_age,
            maximum_age=item.rule.maximum_age, years_back=item.rule.years_back, levels=sorted(item.rule.levels),
            column=item.column.strip(), position=position,
        )
        for position, item in enumerate(items)
    )  # fmt: skip
    note(changed=("parties",), words={"organisation": organisation.code, "items": [item.code for item in items]})
    return party


@service(CHANGE_DRAFT, on="agreement")
def remove_party(*, agreement: Agreement, organisation: Organisation, by: Actor, at: datetime) -> Agreement:
    """An organisation is no party of the draft after all; its posts go with it."""
    _require_draft(agreement)
    AgreementItem.objects.filter(party__agreement=agreement, party__organisation=organisation).delete()
    AgreementParty.objects.filter(agreement=agreement, organisation=organisation).delete()
    AgreementPost.objects.filter(agreement=agreement, organisation=organisation).delete()
    note(changed=("parties",), words={"organisation": organisation.code})
    return agreement


@service(NAME_POST, on="agreement")
def name_post(
    *, agreement: Agreement, organisation: Organisation, post: Post, part: str, by: Actor, at: datetime
) -> AgreementPost:
    """A post may ask, or answer, for a party: until it is taken out or the agreement ends. Posts change while an
    agreement is in force; its wording does not. Raises Refused (IS-47, IS-48)."""
    if agreement.state_on(timezone.localdate(at)) in {AgreementState.EXPIRED, AgreementState.ENDED}:
        raise rules.MOVE_FORBIDDEN.refused(state=AGREEMENT_LABELS[agreement.state_on(timezone.localdate(at))].lower())
    is_party = AgreementParty.objects.filter(agreement=agreement, organisation=organisation).exists()
    if not is_party or organisation.pk not in {post.host_id, post.employer_id} or part not in set(Part):
        raise rules.POST_OF_PARTY.refused()
    there = AgreementPost.objects.filter(AgreementPost.is_named_at(at), agreement=agreement, post=post, part=part)
    found = there.filter(organisation=organisation).first()
    note(changed=("posts",), words={"post": str(post.pk), "part": part})
    return found or AgreementPost.objects.create(
        agreement=agreement, organisation=organisation, post=post, part=part, named_at=at
    )


@service(NAME_POST, on="agreement")
def take_out_post(*, agreement: Agreement, named: AgreementPost, by: Actor, at: datetime) -> AgreementPost:
    """A post may ask or answer no more, from this moment on; what it saw by it, it sees no longer."""
    if named.ended_at is None and named.agreement_id == agreement.pk:
        named.ended_at = at
        named.save(update_fields=["ended_at"])
        note(changed=("posts",), words={"post": str(named.post_id), "part": named.part})
    return named


@service(SIGN_AGREEMENT, on="agreement")
def record_signature(
    *, agreement: Agreement, organisation: Organisation, name: str, title: str, signed_on: date, by: Actor, at: datetime
) -> Agreement:
    """A party has signed. With the last signature the agreement is signed by everybody, and in force from the day it
    starts. Raises Refused (IS-42 to IS-44, IS-48)."""
    _lock(agreement)
    party = AgreementParty.objects.select_for_update().filter(agreement=agreement, organisation=organisation).first()
    if agreement.state != AgreementState.DRAFT or party is None:
        raise rules.MOVE_FORBIDDEN.refused(state=AGREEMENT_LABELS[AgreementState(agreement.state)].lower())
    _require_complete(agreement, at)
    if party.signed_on is not None:
        raise rules.SIGNED_ONCE.refused(organisation=organisation.name)
    if not name.strip() or signed_on > timezone.localdate(at):
        raise rules.SIGNED_BY_NOW.refused("" if name.strip() else "name")
    party.signatory, party.signatory_title, party.signed_on = name.strip(), title.strip(), signed_on
    party.recorded_by = by.account_id
    party.save(update_fields=["signatory", "signatory_title", "signed_on", "recorded_by"])
    note(changed=("signatures",), words={"organisation": organisation.code, "signatory": name.strip()})
    if not AgreementParty.objects.filter(agreement=agreement, signed_on__isnull=True).exists():
        _move_agreement(agreement, AgreementState.SIGNED, by=by, at=at, reason="Every party has signed.")
        _settle(agreement, by=by, at=at)
    return agreement


@service(END_AGREEMENT, on="agreement")
def end_agreement(*, agreement: Agreement, reason: str, by: Actor, at: datetime) -> Agreement:
    """End an agreement, or give up a draft, today. Whatever is open under it closes in the same transaction, and with it
    what anybody saw by it. Raises Refused (IS-32, IS-48)."""
    _lock(agreement)
    why = _said(reason, rules.REASON_NEEDED)
    _settle(agreement, by=by, at=at)
    agreement.ended_on = timezone.localdate(at)
    _move_agreement(agreement, AgreementState.ENDED, by=by, at=at, reason=why)
    _close_under(agreement, by=by, at=at)
    return agreement


@service(REVIEW_AGREEMENT, on="agreement")
def review_agreement(
    *, agreement: Agreement, words: str, next_review_on: date, by: Actor, at: datetime
) -> AgreementReview:
    """Somebody looked at an agreement in force again: what they found, and when it is looked at next. Raises Refused
    (IS-32, IS-48, IS-49)."""
    _lock(agreement)
    today = timezone.localdate(at)
    if agreement.state_on(today) not in {AgreementState.IN_FORCE, AgreementState.SIGNED}:
        raise rules.MOVE_FORBIDDEN.refused(state=AGREEMENT_LABELS[agreement.state_on(today)].lower())
    found = _said(words, rules.REVIEW_SAID)
    if next_review_on <= today or (agreement.expires_on is not None and next_review_on > agreement.expires_on):
        raise rules.REVIEW_AHEAD.refused()
    review = AgreementReview.objects.create(
        agreement=agreement, reviewed_at=at, by=by.account_id, words=found, next_review_on=next_review_on
    )
    claim_version(agreement, agreement.version)
    agreement.review_on = next_review_on
    agreement.save(update_fields=["review_on"])
    note(changed=("review_on",))
    return review


@service(VERIFY_BASIS, on="basis")
def verify_basis(*, basis: LawfulBasis, by: Actor, at: datetime) -> LawfulBasis:
    """Somebody checked this lawful basis against the law as it stands and answers for it."""
    basis.is_verified, basis.verified_by, basis.verified_at = True, by.account_id, at
    basis.save(update_fields=["is_verified", "verified_by", "verified_at"])
    note(changed=("is_verified",))
    return basis


def _settle(agreement: Agreement, *, by: Actor, at: datetime) -> None:
    """Write down what the day has made of a locked agreement: in force since it started, expired since it did."""
    today = timezone.localdate(at)
    if agreement.state == AgreementState.SIGNED and agreement.state_on(today) == AgreementState.IN_FORCE:
        _move_agreement(agreement, AgreementState.IN_FORCE, by=by, at=at)
    elif agreement.state != AgreementState.EXPIRED and agreement.state_on(today) == AgreementState.EXPIRED:
        _move_agreement(agreement, AgreementState.EXPIRED, by=by, at=at)
        _close_under(agreement, by=by, at=at)


def _require_draft(agreement: Agreement) -> None:
    """IS-40: nobody has signed yet."""
    _lock(agreement)
    signed = AgreementParty.objects.filter(agreement=agreement, signed_on__isnull=False).exists()
    if agreement.state != AgreementState.DRAFT or signed:
        raise rules.DRAFT_ONLY.refused()


def _require_terms(terms: Terms) -> None:
    _said(terms.title, rules.TITLE_NEEDED)
    if not terms.purposes or not set(terms.purposes) <= set(PURPOSES) or not terms.bases:
        raise rules.BASIS_CHOSEN.refused("purposes" if not terms.purposes else "bases")
    if not rules.are_dates_in_order(starts_on=terms.starts_on, review_on=terms.review_on, expires_on=terms.expires_on):
        raise rules.DATES_OF_AGREEMENT.refused()


def _facts(terms: Terms) -> dict[str, object]:
    return {
        "title": terms.title.strip(), "purposes": [code for code in PURPOSES if code in terms.purposes],
        "purpose_words": terms.purpose_words.strip(), "impact_assessment": terms.impact_assessment.strip(),
        "impact_assessed_on": terms.impact_assessed_on, "starts_on": terms.starts_on, "review_on": terms.review_on,
        "expires_on": terms.expires_on, "kept_for": terms.kept_for.strip(),
        "how_to_object": terms.how_to_object.strip(),
    }  # fmt: skip


def _set_bases(agreement: Agreement, terms: Terms) -> None:
    found = list(LawfulBasis.objects.filter(code__in=list(terms.bases)))
    if len(found) != len(set(terms.bases)):
        raise rules.BASIS_CHOSEN.refused()
    agreement.bases.all().delete()
    AgreementBasis.objects.bulk_create(AgreementBasis(agreement=agreement, basis=basis) for basis in found)


def _require_complete(agreement: Agreement, at: datetime) -> None:
    """IS-42: nobody signs what is not finished."""
    posts = list(agreement.posts.filter(AgreementPost.is_named_at(at)).values_list("part", flat=True))
    allowed = [
        sum(item.is_allowed for item in party.items.all()) for party in agreement.parties.prefetch_related("items")
    ]
    missing = rules.missing_to_sign(
        parties=len(allowed), allowed_items=allowed, purposes=len(agreement.purposes), bases=agreement.bases.count(),
        askers=posts.count(Part.ASKS), answerers=posts.count(Part.ANSWERS),
        has_impact_assessment=bool(agreement.impact_assessment and agreement.impact_assessed_on),
        has_dates=None not in (agreement.starts_on, agreement.review_on, agreement.expires_on),
    )  # fmt: skip
    if missing:
        raise rules.COMPLETE_TO_SIGN.refused(what=" and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]])))
