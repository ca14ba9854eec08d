"""Making sure that records are so: a provider confirms, an assurer checks a sample, and the clock reminds, flags and hides."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.directory import rules
from joinedup.directory.correcting import RESULTS
from joinedup.directory.indexing import dates_of
from joinedup.directory.lifecycle import FOUND, RecordState, state_on
from joinedup.directory.models import Assurance, Entry, VersionDecision
from joinedup.directory.permissions import ASSURE_RECORDS, WRITE_RECORDS
from joinedup.directory.services.corrections import receive_correction
from joinedup.directory.services.keeping import move_entry
from joinedup.directory.services.records import keep_assurance
from joinedup.directory.settings import flag_after, hide_after, remind_after
from joinedup.directory.upkeep_models import Reminder, Sample, SampleItem
from joinedup.organisations.queries import posts_with_role

MOST_DRAWN = 200
_TRUSTED_DAYS = 90
_SAID = {
    "remind": "It was last confirmed on {day}. Please confirm that it is right, or change it.",
    "flag": "It was last confirmed on {day}, so people who find it now read: not checked lately. Please confirm or change it.",
    "hide": "It was not confirmed {day}, so practitioners find it no more. Please confirm or change it.",
}


@service(WRITE_RECORDS, on="entry")
def confirm_entry(*, entry: Entry, by: Actor, at: datetime) -> Assurance:
    """Its provider says that nothing has changed. Raises Refused (DR-209, DR-211)."""
    if entry.waiting_id is not None:
        raise rules.WAITS_FIRST.refused()
    return keep_assurance(entry, "The provider confirmed that nothing has changed.", "provider", by, at)


def _records(*, is_of_trusted: bool, at: datetime) -> QuerySet[Entry]:
    rows = Entry.objects.filter(state__in=FOUND, approved__isnull=False)
    if not is_of_trusted:
        return rows
    lately = VersionDecision.objects.filter(
        entry_version__entry=OuterRef("pk"), is_by_trust=True, decided_at__gte=at - timedelta(days=_TRUSTED_DAYS)
    )
    return rows.filter(Exists(lately))


@service(ASSURE_RECORDS)
def draw_sample(*, size: int, is_of_trusted: bool = False, seed: str = "", by: Actor, at: datetime) -> Sample:
    """Draw public records by lot to be checked on the phone; of trusted providers, those whose small changes went through in the
    last 90 days. The same seed over the same records draws the same. Raises Refused (DR-217, DR-218)."""
    if not 1 <= size <= MOST_DRAWN:
        raise rules.SAMPLE_SIZE.refused(most=MOST_DRAWN)
    ids = list(_records(is_of_trusted=is_of_trusted, at=at).order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise rules.NONE_TO_DRAW.refused()
    seed = seed or secrets.token_hex(8)
    row = Sample.objects.create(
        is_of_trusted=is_of_trusted, seed=seed, among=len(ids), drawn_at=at, drawn_by=by.account_id
    )
    drawn = Random(seed).sample(ids, min(size, len(ids)))  # noqa: S311 - a lot that can be drawn again, not a secret
    SampleItem.objects.bulk_create(SampleItem(sample=row, entry_id=each, place=n) for n, each in enumerate(drawn, 1))
    note(subject=row, changed=("items",), words={"drawn": len(drawn), "among": len(ids)})
    return row


@service(ASSURE_RECORDS, on="item")
def check_item(*, item: SampleItem, result: str, words: str = "", by: Actor, at: datetime) -> SampleItem:
    """Write down what the phone check found. What is right counts as assured today; what is wrong goes to the provider as a
    correction. Raises Refused (DR-219 to DR-221)."""
    if item.checked_at is not None:
        raise rules.CHECKED_ALREADY.refused()
    if result not in RESULTS:
        raise rules.CHECK_RESULT.refused()
    if result == "wrong" and not words.strip():
        raise rules.CHECK_WORDS.refused()
    claim_version(item, item.version)
    item.result, item.words, item.checked_at, item.checked_by = result, words.strip()[:600], at, by.account_id
    item.save(update_fields=["result", "words", "checked_at", "checked_by"])
    if result == "right":
        keep_assurance(item.entry, "Rang the service for a sample check.", "phone", by, at)
    if result == "wrong":
        receive_correction(entry=item.entry, what="other", words=item.words, by=by, at=at)
    note(subject=item, changed=("result",))
    return item


# --- The clock.


def keep_records_true(*, at: datetime) -> int:
    """Move records whose days have come, and tell providers of records that age, each once for a stage and an assurance; returns
    how many were moved or told of. For the keeper: safe to repeat and in two keepers at once."""
    by, day, done = system(at), timezone.localdate(at), 0
    for entry in _to_move(at):
        done += _move_by_date(entry=entry, by=by, at=at)
    editors: dict[object, list[str]] = {}
    for post in posts_with_role(by, Role.DIRECTORY_EDITOR):
        editors.setdefault(post.employer_id, []).append(post.account.email)
    old = day - timedelta(days=remind_after(day))
    aged = Entry.objects.filter(state__in=FOUND, source=None).filter(Q(assured_on=None) | Q(assured_on__lte=old))
    for entry in aged.select_related("provider").order_by("pk").iterator():
        stage = _stage(entry, at)
        if stage and not Reminder.objects.filter(entry=entry, stage=stage, assured_on=entry.assured_on).exists():
            to = editors.get(entry.provider.organisation_id) or [entry.provider.email]
            done += _remind(entry=entry, stage=stage, to=sorted(filter(None, to)), by=by, at=at)
    return done


def _to_move(at: datetime) -> Iterable[Entry]:
    dated = Q(visible_from__isnull=False) | Q(visible_until__isnull=False) | Q(closed_from__isnull=False)
    rows = Entry.objects.filter(dated).exclude(state=RecordState.ARCHIVED).order_by("pk")
    day = timezone.localdate(at)
    return [each for each in rows if state_on(dates_of(each), day) != each.state]


def _stage(entry: Entry, at: datetime) -> str:
    day = timezone.localdate(at)
    return rules.reminder_stage(
        entry.assured_on, day, remind_after=remind_after(day), flag_after=flag_after(day), hide_after=hide_after(day)
    )


@service(ASSURE_RECORDS, on="entry")
def _move_by_date(*, entry: Entry, by: Actor, at: datetime) -> int:
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    then = state_on(dates_of(locked), timezone.localdate(at))
    if then == locked.state:
        return 0
    move_entry(locked, then, "Its days have come", by=by, at=at)
    note(subject=locked, changed=("state",))
    return 1


@service(ASSURE_RECORDS, on="entry")
def _remind(*, entry: Entry, stage: str, to: list[str], by: Actor, at: datetime) -> int:
    locked = Entry.objects.select_for_update(of=("self",)).select_related("provider").get(pk=entry.pk)
    said = Reminder.objects.filter(entry=locked, stage=stage, assured_on=locked.assured_on)
    if said.exists() or _stage(locked, at) != stage:
        return 0
    Reminder.objects.create(entry=locked, stage=stage, assured_on=locked.assured_on, to=", ".join(to)[:254], sent_at=at)
    day = date_long(locked.assured_on) if locked.assured_on else "ever"
    if stage == "hide" and locked.assured_on:
        day = f"since {day}"
    for address in to:
        owe_message(
            to=address, subject=f"Is “{locked.name[:120]}” still right?", body=_SAID[stage].format(day=day),
            about=("directory.entry", str(locked.pk)), at=at,
        )  # fmt: skip
    note(subject=locked, changed=("reminders",), words={"stage": stage, "told": len(to)})
    return 1
