"""Restricting a record, saying who may see it, looking at it again, and answering for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.errors import Refused
from joinedup.core.formats import london
from joinedup.core.models import claim_version
from joinedup.person_index.alerts import RESTRICTION_KIND, tell_guardians
from joinedup.person_index.models import LookAlike, RestrictedMatch, Restriction, RestrictionParty, RestrictionReview
from joinedup.person_index.permissions import (
    ANSWER_LOOK_ALIKE,
    ANSWER_MATCH,
    AUTHORISE_RESTRICTION,
    CHANGE_RESTRICTION,
    END_RESTRICTION,
    IMPOSE_RESTRICTION,
    REVIEW_RESTRICTION,
)
from joinedup.person_index.queries.break_glass import person_meant
from joinedup.person_index.queries.restrictions import withheld_among
from joinedup.person_index.queries.search import SearchQuery
from joinedup.person_index.restricting import (
    CATEGORIES,
    MATCH_ANSWERS,
    RP_1,
    RP_2,
    RP_3,
    RP_4,
    RP_5,
    RP_6,
    RP_8,
    RP_9,
    RP_11,
    RP_15,
)
from joinedup.person_index.restriction_settings import restriction_review_by
from joinedup.person_index.rules import Rule
from joinedup.person_index.services.look_alikes import _shield_look_alikes

if TYPE_CHECKING:
    from joinedup.access.models import Account
    from joinedup.organisations.models import Post

_PARTS = RestrictionParty.Part


def _refused(rule: Rule, field: str = "") -> Refused:
    return Refused(rule.sentence, rule=rule.code, field=field)


@service(IMPOSE_RESTRICTION)
def impose_restriction(
    *,
    query: SearchQuery,
    category: str,
    reason: str,
    guardians: Iterable[Post],
    allowed: Iterable[Post] = (),
    excluded: Iterable[Account] = (),
    by: Actor,
    at: datetime,
) -> Restriction:
    """Restrict the record of the one person these details fit, at once. Where the category needs two people, a guardian
    other than `by` agrees afterwards; until then it protects just the same.

    Raises Refused for an unknown category (RP-1), without a reason (RP-2) or a guardian in post (RP-3), where it is
    restricted for this already (RP-4), and where nobody or more than one person fits (RP-9).
    """
    person_id = person_meant(by, query)
    # Whoever is withheld from `by` is not there for them either: nobody asks by this whether somebody is restricted.
    if person_id is None or withheld_among(by, [person_id]):
        raise _refused(RP_9, "nhs_number")
    return _impose(person_id, category, reason, guardians, allowed, excluded, by, at)


def _impose(
    person_id: UUID,
    category: str,
    reason: str,
    guardians: Iterable[Post],
    allowed: Iterable[Post],
    excluded: Iterable[Account],
    by: Actor,
    at: datetime,
) -> Restriction:
    if category not in CATEGORIES:
        raise _refused(RP_1, "category")
    if not reason.strip():
        raise _refused(RP_2, "reason")
    held = [post for post in guardians if post.is_held_at(at)]
    if not held:
        raise _refused(RP_3, "guardians")
    if Restriction.objects.filter(person_id=person_id, category=category, ended_at__isnull=True).exists():
        raise _refused(RP_4, "category")
    kind = CATEGORIES[category]
    row = Restriction.objects.create(
        person_id=person_id,
        category=category,
        reason=reason.strip(),
        allowed_roles=[Role.INFORMATION_GOVERNANCE.value] if kind.governance_sees else [],
        may_break_glass=kind.may_break_glass,
        starts_at=at,
        proposed_by=by.account_id,
        authorised_by=None if kind.needs_two else by.account_id,
        authorised_at=None if kind.needs_two else at,
        review_by=restriction_review_by(london(at).date()),
    )
    parties = [RestrictionParty(restriction=row, part=_PARTS.GUARDIAN, post=post) for post in held]
    named = {post.pk for post in held}
    parties += [
        RestrictionParty(restriction=row, part=_PARTS.ALLOWED, post=post) for post in allowed if post.pk not in named
    ]
    parties += [RestrictionParty(restriction=row, part=_PARTS.EXCLUDED, account=each) for each in excluded]
    for party in parties:
        party.added_at, party.added_by = at, by.account_id
    RestrictionParty.objects.bulk_create(parties)
    _shield_look_alikes([person_id], at=at)
    tell_guardians(
        [(row.pk, row.pk)],
        kind=RESTRICTION_KIND,
        subject="You are a guardian of a restricted record",
        body="A record was restricted and you are named as its guardian. You will be told whenever somebody’s search "
        "comes upon it. Sign in to Joinedup and open the page /guardian/.",
        at=at,
    )
    note(people=[person_id], changed=("imposed",), words={"category": category, "reason": reason}, subject=row)
    return row


def _live(restriction: Restriction) -> Restriction:
    row = Restriction.objects.select_for_update().get(pk=restriction.pk)
    if row.ended_at is not None:
        raise _refused(RP_6)
    claim_version(row, row.version)
    return row


@service(AUTHORISE_RESTRICTION, on="restriction")
def authorise_restriction(*, restriction: Restriction, by: Actor, at: datetime) -> Restriction:
    """The second person agrees that the record is restricted (RP-5)."""
    row = _live(restriction)
    if row.authorised_at is not None:
        raise _refused(RP_8)
    if row.proposed_by == by.account_id:
        raise _refused(RP_5)
    row.authorised_by, row.authorised_at = by.account_id, at
    row.save(update_fields=["authorised_by", "authorised_at"])
    note(people=[row.person_id], changed=("authorised_at",))
    return row


@service(CHANGE_RESTRICTION, on="restriction")
def name_party(
    *,
    restriction: Restriction,
    part: str,
    post: Post | None = None,
    account: Account | None = None,
    reason: str,
    by: Actor,
    at: datetime,
) -> RestrictionParty:
    """Name a guardian or somebody who may see the record, by their post, or somebody who must not, by their account."""
    row = _live(restriction)
    if not reason.strip():
        raise _refused(RP_2, "reason")
    if (post is None) == (account is None) or (part == _PARTS.EXCLUDED) != (account is not None):
        raise TypeError("a guardian or somebody allowed is a post; somebody excluded is an account")
    party, is_new = RestrictionParty.objects.get_or_create(
        restriction=row, part=part, post=post, account=account, ended_at=None,
        defaults={"added_at": at, "added_by": by.account_id},
    )  # fmt: skip
    note(people=[row.person_id], changed=("parties",) if is_new else (), words={"part": part, "reason": reason})
    return party


@service(CHANGE_RESTRICTION, on="restriction")
def remove_party(*, restriction: Restriction, party_id: UUID, reason: str, by: Actor, at: datetime) -> RestrictionParty:
    """Somebody no longer stands there. The last guardian stays (RP-11)."""
    row = _live(restriction)
    if not reason.strip():
        raise _refused(RP_2, "reason")
    party = RestrictionParty.objects.get(pk=party_id, restriction=row)
    others = RestrictionParty.objects.filter(restriction=row, part=_PARTS.GUARDIAN, ended_at=None).exclude(pk=party.pk)
    if party.part == _PARTS.GUARDIAN and not others.exists():
        raise _refused(RP_11)
    party.ended_at = at
    party.save(update_fields=["ended_at"])
    note(people=[row.person_id], changed=("parties",), words={"part": party.part, "reason": reason})
    return party


@service(REVIEW_RESTRICTION, on="restriction")
def review_restriction(*, restriction: Restriction, words: str, by: Actor, at: datetime) -> RestrictionReview:
    """Somebody looked at it and it is still needed, for another ninety days (setting)."""
    row = _live(restriction)
    if not words.strip():
        raise _refused(RP_2, "words")
    row.review_by = restriction_review_by(london(at).date())
    row.save(update_fields=["review_by"])
    note(people=[row.person_id], changed=("review_by",), words={"words": words}, subject=row)
    return RestrictionReview.objects.create(
        restriction=row, at=at, by=by.account_id, words=words.strip(), next_review_by=row.review_by
    )


@service(END_RESTRICTION, on="restriction")
def end_restriction(*, restriction: Restriction, reason: str, by: Actor, at: datetime) -> Restriction:
    """End it, with the reason. Where its category needs two people, the first call proposes it, and it goes on
    protecting until another guardian ends it (RP-5)."""
    row = _live(restriction)
    if not reason.strip():
        raise _refused(RP_2, "reason")
    if CATEGORIES[row.category].needs_two and row.ending_proposed_by is None:
        row.ending_proposed_by, row.ending_proposed_at = by.account_id, at
        row.save(update_fields=["ending_proposed_by", "ending_proposed_at"])
        note(people=[row.person_id], changed=("ending_proposed_at",), words={"reason": reason})
        return row
    if CATEGORIES[row.category].needs_two and row.ending_proposed_by == by.account_id:
        raise _refused(RP_5)
    row.ended_at, row.ended_by, row.end_reason = at, by.account_id, reason.strip()
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    note(people=[row.person_id], changed=("ended_at",), words={"reason": reason})
    return row


@service(ANSWER_MATCH, on="match")
def answer_restricted_match(
    *, match: RestrictedMatch, answer: str, words: str, by: Actor, at: datetime
) -> RestrictedMatch:
    """A guardian answers for the record: the work goes on without it, or somebody who may see it takes the work over.
    What follows for the work itself is done by the part that it belongs to."""
    if answer not in MATCH_ANSWERS:
        raise _refused(RP_15, "answer")
    if not words.strip():
        raise _refused(RP_2, "words")
    row = RestrictedMatch.objects.select_for_update().get(pk=match.pk)
    if row.answer:
        raise _refused(RP_8)
    row.answer, row.words, row.answered_at, row.answered_by = answer, words.strip(), at, by.account_id
    row.save(update_fields=["answer", "words", "answered_at", "answered_by"])
    note(people=[row.person_id], changed=("answer",), words={"answer": answer, "words": words})
    return row


@service(ANSWER_LOOK_ALIKE, on="look_alike")
def answer_look_alike(*, look_alike: LookAlike, is_same: bool, reason: str, by: Actor, at: datetime) -> LookAlike:
    """A guardian says whether an entry is the restricted person: it stays shielded, or becomes like any other."""
    if not reason.strip():
        raise _refused(RP_2, "reason")
    row = LookAlike.objects.select_for_update().get(pk=look_alike.pk)
    if row.answer:
        raise _refused(RP_8)
    row.answer, row.reason = "same" if is_same else "different", reason.strip()
    row.answered_at, row.answered_by = at, by.account_id
    row.save(update_fields=["answer", "reason", "answered_at", "answered_by"])
    note(people=[row.person_id], changed=("answer",), words={"answer": row.answer, "reason": reason})
    return row
