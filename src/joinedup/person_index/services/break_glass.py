"""Opening one person's record in an emergency, closing it, and looking at it afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.formats import date_time
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.organisations.queries import posts_with_role
from joinedup.person_index.alerts import EMERGENCY_KIND, raise_matches, tell_guardians
from joinedup.person_index.models import BreakGlass, Restriction
from joinedup.person_index.permissions import BREAK_GLASS, END_BREAK_GLASS, REVIEW_BREAK_GLASS
from joinedup.person_index.queries.break_glass import open_at, person_meant
from joinedup.person_index.queries.restrictions import live_at, withheld_among
from joinedup.person_index.queries.search import SearchQuery
from joinedup.person_index.restricting import BG_5, BG_6, BG_7, BG_8, BG_9, OUTCOMES, REASONS, RP_8, reason_fault
from joinedup.person_index.restriction_settings import emergency_ends_at, emergency_review_by

_ABOUT_ATTEMPT = "person_index.emergency"


@service(BREAK_GLASS)
def open_in_emergency(
    *, query: SearchQuery, reason_code: str, reason: str, by: Actor, at: datetime
) -> BreakGlass | None:
    """Open the one record these details fit, to read, for an hour. This and its audit row are committed before anything
    is shown. Returns None where no record is opened: nobody fits or more than one, the category never opens in this
    way, or the person is withheld from whoever asks because of their own family; nothing says which.

    Raises Refused without a reason (BG-1, BG-2) and while another record is open (BG-5).
    """
    fault = reason_fault(reason_code, reason)
    if fault is not None:
        raise Refused(fault.sentence, rule=fault.code, field="reason_code" if fault.code == "BG-1" else "reason")
    if by.account_id is None or by.via != "web":
        raise NotPermitted("A record is opened in an emergency in a browser, signed in as oneself.", rule="BG-3")
    if BreakGlass.objects.select_for_update().filter(open_at(at), account_id=by.account_id).exists():
        raise Refused(BG_5.sentence, rule=BG_5.code)
    person_id = person_meant(by, query)
    words = {"reason_code": reason_code, "reason": reason, "details": query.digest()}
    opened = _open(by.account_id, person_id, reason_code, reason, by, at) if person_id else None
    if opened is None:
        raise_matches(
            by,
            [(person_id, 100)] if person_id else [],
            about=(_ABOUT_ATTEMPT, by.account_id),
            purpose="tried to open it in an emergency",
            enough=101,
        )
        note(words=words | {"opened": False})
        return None
    _tell(opened, by, at)
    note(people=[opened.person_id], changed=("opened",), words=words | {"opened": True}, subject=opened)
    return opened


def _open(
    account_id: UUID, person_id: UUID, reason_code: str, reason: str, by: Actor, at: datetime
) -> BreakGlass | None:
    """Write the row and ask whether the person can be seen with it; if not, it was never there."""
    with transaction.atomic():
        row = BreakGlass.objects.create(
            account_id=account_id,
            person_id=person_id,
            reason_code=reason_code,
            reason=reason.strip(),
            opened_at=at,
            ends_at=emergency_ends_at(at),
            review_by=emergency_review_by(at),
        )
        if not withheld_among(by, [person_id]):
            return row
        transaction.set_rollback(True)
    return None


def _tell(row: BreakGlass, by: Actor, at: datetime) -> None:
    """The guardians of the record and information governance are told at once; the message names no child."""
    subject = "A record was opened in an emergency"
    body = (
        f"{by.name} opened a record in an emergency at {date_time(at)}: {REASONS[row.reason_code].lower()}. Somebody "
        f"else has to look at it by {date_time(row.review_by)}. Sign in to Joinedup and open “Emergencies”."
    )
    restrictions = Restriction.objects.filter(live_at(at), person_id=row.person_id).values_list("pk", flat=True)
    tell_guardians([(row.pk, each) for each in restrictions], kind=EMERGENCY_KIND, subject=subject, body=body, at=at)
    _tell_governance(row, subject, body, by, at)


def _tell_governance(row: BreakGlass, subject: str, body: str, by: Actor, at: datetime) -> None:
    for address in {post.account.email for post in posts_with_role(by, Role.INFORMATION_GOVERNANCE)}:
        owe_message(to=address, subject=subject, body=body, about=(EMERGENCY_KIND, str(row.pk)), at=at)


@service(END_BREAK_GLASS, on="emergency")
def end_emergency(*, emergency: BreakGlass, by: Actor, at: datetime) -> BreakGlass:
    """Close it before its hour is over."""
    ended = BreakGlass.objects.filter(open_at(at), pk=emergency.pk).update(ended_at=at)
    if not ended:
        raise Refused(BG_9.sentence, rule=BG_9.code)
    emergency.refresh_from_db()
    note(people=[emergency.person_id], changed=("ended_at",))
    return emergency


@service(REVIEW_BREAK_GLASS, on="emergency")
def review_emergency(*, emergency: BreakGlass, outcome: str, words: str, by: Actor, at: datetime) -> BreakGlass:
    """Somebody else says whether it was justified, in words (BG-6, BG-7, BG-8)."""
    if outcome not in OUTCOMES:
        raise Refused(BG_7.sentence, rule=BG_7.code, field="outcome")
    if not words.strip():
        raise Refused(BG_8.sentence, rule=BG_8.code, field="words")
    if by.account_id == emergency.account_id:
        raise Refused(BG_6.sentence, rule=BG_6.code)
    row = BreakGlass.objects.select_for_update().get(pk=emergency.pk)
    if row.reviewed_at is not None:
        raise Refused(RP_8.sentence, rule=RP_8.code)
    claim_version(row, row.version)
    row.outcome, row.review_words, row.reviewed_at, row.reviewed_by = outcome, words.strip(), at, by.account_id
    row.save(update_fields=["outcome", "review_words", "reviewed_at", "reviewed_by"])
    owe_message(
        to=row.account.email,
        subject="What you opened in an emergency was reviewed",
        body=f"What you opened at {date_time(row.opened_at)} was found {OUTCOMES[outcome].lower()}. Sign in to Joinedup "
        "and open “Open a record in an emergency” to read why.",
        about=(EMERGENCY_KIND, str(row.pk)),
        at=at,
    )
    note(people=[row.person_id], changed=("outcome",), words={"outcome": outcome, "words": words})
    return row


def chase_reviews(*, at: datetime) -> int:
    """Tell information governance once about each emergency that nobody has reviewed in time; returns how many.

    Run each second by the keeper; not a person's act, so unguarded. Safe to run in two keepers at once.
    """
    by = system(at)
    with transaction.atomic():
        late = BreakGlass.objects.select_for_update(skip_locked=True).filter(
            reviewed_at__isnull=True, review_by__lt=at, escalated_at__isnull=True
        )
        rows = list(late.order_by("review_by")[:50])
        for row in rows:
            body = (
                f"Nobody has looked yet at a record opened in an emergency at {date_time(row.opened_at)}. It was due by "
                f"{date_time(row.review_by)}. Sign in to Joinedup and open “Emergencies”."
            )
            _tell_governance(row, "Overdue: an emergency nobody has reviewed", body, by, at)
            row.escalated_at = at
            row.save(update_fields=["escalated_at"])
    return len(rows)
