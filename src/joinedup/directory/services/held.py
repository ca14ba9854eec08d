"""What is held of another directory: put right, left out, said to be secret or not; and what waits of it, approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.directory import rules
from joinedup.directory.models import Entry, Source, Staged
from joinedup.directory.permissions import ASSURE_RECORDS
from joinedup.directory.services.harvest import Harvested, take_again
from joinedup.directory.services.records import decide_version
from joinedup.directory.taking import number_of

# What may be put right here. Everything else is for the source to mend.
MENDABLE = {
    "name": "Name", "organization.name": "Provider", "description": "Description", "url": "Web page", "email": "E-mail",
    "minimum_age": "Youngest age", "maximum_age": "Oldest age", "status": "Status",
}  # fmt: skip


@service(ASSURE_RECORDS, on="source")
def trust_source(*, source: Source, is_trusted: bool, by: Actor, at: datetime) -> Source:
    """From now on what the source says becomes public without an assurer, or waits for one."""
    claim_version(source, source.version)
    source.is_trusted = is_trusted
    source.save(update_fields=["is_trusted"])
    note(changed=("is_trusted",))
    return source


@service(ASSURE_RECORDS, on="source")
def approve_source(*, source: Source, by: Actor, at: datetime) -> int:
    """Approve everything that waits of a source, after a look at it: the first batch of a directory taken in. Returns how many.
    Raises Refused (DR-413)."""
    claim_version(source, source.version)
    waiting = Entry.objects.filter(source=source, waiting__isnull=False).select_related("waiting__entry__provider")
    count = 0
    for entry in waiting:
        if entry.waiting is not None:
            decide_version(entry_version=entry.waiting, is_approved=True, by=by, at=at)
            count += 1
    if not count:
        raise rules.NOTHING_WAITS.refused()
    note(words={"approved": count})
    return count


@service(ASSURE_RECORDS, on="staged")
def mend_record(*, staged: Staged, field: str, now: str, by: Actor, at: datetime) -> Harvested:
    """Put one field of a held record right and take it. What was put right stays so, however often the source is read, until the
    source itself says something else there. Raises Refused (DR-410, DR-411, DR-414)."""
    _claimed(staged)
    if field not in MENDABLE or not isinstance(staged.raw, dict):
        raise rules.MEND_FIELD.refused()
    if staged.faults[0]["rule"] == rules.MAYBE_REFUGE.code:
        raise rules.SECRET_FIRST.refused()
    value: Any = number_of(now) if field.endswith("_age") else now.strip()
    staged.mends = staged.mends | {field: {"was": _at(staged.raw, field), "now": value}}
    staged.decided_at, staged.decided_by, staged.left_because = at, by.account_id, ""
    note(subject=staged, changed=(field,))
    return take_again(staged.source, [staged], at)


def _at(raw: dict[str, Any], path: str) -> Any:
    outer, _, inner = path.partition(".")
    part = raw.get(outer)
    return (part.get(inner) if isinstance(part, dict) else None) if inner else part


@service(ASSURE_RECORDS, on="staged")
def leave_record(*, staged: Staged, reason: str, by: Actor, at: datetime) -> Staged:
    """Leave a held record out, until its source says it otherwise. Raises Refused (DR-411, DR-412)."""
    _claimed(staged)
    if not reason.strip():
        raise rules.LEAVE_WHY.refused()
    staged.left_because, staged.decided_at, staged.decided_by = reason.strip()[:600], at, by.account_id
    staged.save(update_fields=["left_because", "decided_at", "decided_by"])
    note(changed=("left_because",))
    return staged


@service(ASSURE_RECORDS, on="staged")
def decide_secrecy(*, staged: Staged, is_secret: bool, by: Actor, at: datetime) -> Harvested:
    """Somebody says of what may be a refuge whether its place may be known. Secret: it is taken without a place, now and whenever the
    source is read. Not secret: nothing of the place was kept, so it comes in with it when the source is read next. Raises Refused
    (DR-411)."""
    _claimed(staged)
    staged.secrecy = "secret" if is_secret else "open"
    staged.decided_at, staged.decided_by = at, by.account_id
    note(subject=staged, changed=("secrecy",))
    if is_secret:
        return take_again(staged.source, [staged], at)
    staged.digest = ""
    staged.save(update_fields=["secrecy", "decided_at", "decided_by", "digest"])
    return Harvested(read=1, held=1)


@service(ASSURE_RECORDS, on="source")
def check_again(*, source: Source, by: Actor, at: datetime) -> Harvested:
    """Look again at everything that is held of a source, by the rules as they are now. What lacks a place somebody must decide on,
    was left out or came twice stays."""
    claim_version(source, source.version)
    once = {rules.MAYBE_REFUGE.code, rules.NO_IDENTIFIER.code, rules.TWICE.code}
    rows = Staged.objects.filter(source=source, left_because="").exclude(faults=[])
    found = take_again(source, [each for each in rows if each.faults[0]["rule"] not in once], at)
    note(words=found.counts)
    return found


def _claimed(staged: Staged) -> None:
    claim_version(staged, staged.version)
    if not staged.faults:
        raise rules.NOT_HELD.refused()
