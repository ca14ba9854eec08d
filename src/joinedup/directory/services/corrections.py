"""What people say is wrong with a record. It changes nothing by itself: the provider and the assurers read it, under a clock."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.directory import rules
from joinedup.directory.correcting import OUTCOMES, WHAT
from joinedup.directory.lifecycle import IN_FEED
from joinedup.directory.models import Entry
from joinedup.directory.permissions import SAY_WRONG, WRITE_RECORDS
from joinedup.directory.settings import correction_days
from joinedup.directory.upkeep_models import Correction
from joinedup.engines.periods import add_working_days
from joinedup.organisations.queries import posts_with_role

_MOST_WORDS = 2000


@service(SAY_WRONG, on="entry")
def receive_correction(*, entry: Entry, what: str, words: str, email: str = "", by: Actor, at: datetime) -> Correction:
    """Take down what somebody says is wrong; the same again is counted and not sent on. The provider's editors, else the provider,
    are told, without who said so. Raises Refused (DR-222, DR-223), NotVisible for a record nobody can find."""
    if entry.approved_id is None or entry.state not in IN_FEED:
        raise NotVisible
    said = words.replace("\x00", "").strip()
    if not said:
        raise rules.CORRECTION_WORDS.refused()
    if len(said) > _MOST_WORDS:
        raise rules.CORRECTION_LONG.refused(most=_MOST_WORDS)
    what = what if what in WHAT else "other"
    Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    same = Correction.objects.filter(entry=entry, words__iexact=said, what=what, answered_at=None).first()
    if same is not None:
        same.times += 1
        same.email = same.email or email.strip()
        same.save(update_fields=["times", "email"])
        note(subject=same, changed=("times",))
        return same
    day = timezone.localdate(at)
    row = Correction.objects.create(
        entry=entry, what=what, words=said, email=email.strip(), said_at=at, said_by=by.account_id,
        due_on=add_working_days(day, correction_days(day)),
    )  # fmt: skip
    posts = [
        each
        for each in posts_with_role(by, Role.DIRECTORY_EDITOR)
        if each.employer_id == entry.provider.organisation_id
    ]
    for address in [each.account.email for each in posts] or filter(None, [entry.provider.email]):
        owe_message(
            to=address, subject=f"Somebody says that “{entry.name[:120]}” is wrong",
            body=f"{WHAT[what]}. Please look at it among your services, and change the record where it is wrong.",
            about=("directory.entry", str(entry.pk)), at=at,
        )  # fmt: skip
    note(subject=row, changed=("words",))
    return row


@service(WRITE_RECORDS, on="correction")
def answer_correction(*, correction: Correction, outcome: str, answer: str, by: Actor, at: datetime) -> Correction:
    """Say what came of it. Whoever left an e-mail address is told, and the address is forgotten. Raises Refused (DR-225 to
    DR-227)."""
    if correction.answered_at is not None:
        raise rules.ANSWERED_ALREADY.refused()
    if outcome not in OUTCOMES:
        raise rules.ANSWER_KIND.refused()
    if not answer.strip():
        raise rules.ANSWER_WORDS.refused()
    claim_version(correction, correction.version)
    to, name = correction.email, correction.entry.name
    correction.outcome, correction.answer, correction.email = outcome, answer.strip()[:600], ""
    correction.answered_at, correction.answered_by = at, by.account_id
    correction.save(update_fields=["outcome", "answer", "email", "answered_at", "answered_by"])
    if to:
        owe_message(
            to=to, subject=f"What you told us about “{name[:120]}”",
            body=f"{OUTCOMES[outcome]}. {correction.answer}\n\nThank you for telling us. We do not keep your e-mail address.",
            about=("directory.entry", str(correction.entry_id)), at=at,
        )  # fmt: skip
    note(subject=correction, changed=("outcome",))
    return correction
