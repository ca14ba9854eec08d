"""Strands: added, renamed, closed, taken up again, sponsored by another partner, merged and parted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.lifecycle import STRAND_LABELS, STRAND_MOVES, StrandState, StrandStepKind
from joinedup.benefits.models import Programme, Round, Sponsorship, Strand, StrandStep
from joinedup.benefits.permissions import RUN_PROGRAMME
from joinedup.core.formats import date_long

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post


@dataclass(frozen=True)
class StrandSaid:
    """What is said of a strand. Without a code one is made of its name. `reason` is what its sponsor has to lose or gain."""

    code: str
    name: str
    reason: str = ""


@service(RUN_PROGRAMME, on="programme")
def add_strand(
    *,
    programme: Programme,
    said: StrandSaid,
    sponsor: Organisation,
    officer: Post | None = None,
    by: Actor,
    at: datetime,
) -> Strand:
    """Add a strand, sponsored by a partner: the one with most to lose or to gain (BN-110 to BN-114)."""
    name = _name(programme, said.name)
    _judge_sponsor(programme, sponsor, officer, said.reason, at)
    place = programme.strands.aggregate(last=Max("position"))["last"]
    made = Strand.objects.create(
        programme=programme, code=said.code or _code(programme, name), name=name,
        position=0 if place is None else place + 1, sponsor=sponsor, officer=officer,
    )  # fmt: skip
    Sponsorship.objects.create(
        strand=made, organisation=sponsor, officer=officer, reason=said.reason.strip(),
        starts_on=timezone.localdate(at), said_at=at, said_by=by.account_id,
    )  # fmt: skip
    _step(made, StrandStepKind.ADDED, by, at, said.reason, {"name": name, "sponsor": sponsor.name})
    note(subject=made, changed=("strand",))
    return made


@service(RUN_PROGRAMME, on="strand")
def rename_strand(*, strand: Strand, name: str, reason: str, by: Actor, at: datetime) -> Strand:
    """Call a strand something else; its code stays, and so do the business cases that carry it."""
    words = _name(strand.programme, name, but_for=strand)
    before, strand.name = strand.name, words
    strand.save(update_fields=["name"])
    _step(strand, StrandStepKind.RENAMED, by, at, reason, {"before": before, "after": words})
    note(changed=("name",))
    return strand


@service(RUN_PROGRAMME, on="strand")
def close_strand(*, strand: Strand, reason: str, by: Actor, at: datetime) -> Strand:
    """Close a strand. Nothing of it is lost."""
    _move(strand, StrandState.CLOSED, reason)
    _step(strand, StrandStepKind.CLOSED, by, at, reason)
    return strand


@service(RUN_PROGRAMME, on="strand")
def reopen_strand(*, strand: Strand, reason: str, by: Actor, at: datetime) -> Strand:
    """Take a closed strand up again."""
    if strand.state == StrandState.MERGED:
        raise rules.STRAND_MOVE.refused(
            start=STRAND_LABELS[StrandState.MERGED].lower(), end="open without undoing that"
        )
    _move(strand, StrandState.OPEN, reason)
    _step(strand, StrandStepKind.REOPENED, by, at, reason)
    return strand


@service(RUN_PROGRAMME, on="strand")
def sponsor_strand(
    *,
    strand: Strand,
    sponsor: Organisation,
    officer: Post | None,
    reason: str,
    starts_on: date,
    by: Actor,
    at: datetime,
) -> Sponsorship:
    """Another partner sponsors a strand, or another officer answers for it, from a day on. The one before ends on the day
    before, or on the same day where it began on it."""
    _judge_sponsor(strand.programme, sponsor, officer, reason, at)
    _open(strand)
    if starts_on > timezone.localdate(at):
        raise rules.COHORT_DAY.refused()
    present = strand.sponsorships.select_for_update().filter(ends_on__isnull=True).first()
    if present is not None:
        if starts_on < present.starts_on:
            raise rules.SPONSOR_DAY.refused(day=date_long(present.starts_on))
        present.ends_on = max(starts_on - timedelta(days=1), present.starts_on)
        present.save(update_fields=["ends_on"])
    made = Sponsorship.objects.create(
        strand=strand, organisation=sponsor, officer=officer, reason=reason.strip(), starts_on=starts_on, said_at=at,
        said_by=by.account_id,
    )  # fmt: skip
    before = strand.sponsor.name
    strand.sponsor, strand.officer = sponsor, officer
    strand.save(update_fields=["sponsor", "officer"])
    words = {"before": before, "after": sponsor.name, "from": starts_on.isoformat()}
    _step(strand, StrandStepKind.SPONSORED, by, at, reason, words)
    note(subject=made, changed=("sponsor", "officer"))
    return made


@service(RUN_PROGRAMME, on="strand")
def merge_strand(*, strand: Strand, into: Strand, reason: str, by: Actor, at: datetime) -> Strand:
    """Merge a strand into another of the programme: from now on its families are the other's, too, and its sponsor, who is
    named, sponsors it no longer. Nothing of either is lost."""
    _lock_both(strand, into)
    if into.pk == strand.pk or into.programme_id != strand.programme_id or into.state != StrandState.OPEN:
        raise rules.MERGE_WITH.refused()
    if strand.merged_from.exists():
        raise rules.MERGE_CHAIN.refused()
    strand.merged_into = into
    _move(strand, StrandState.MERGED, reason)
    loses = "" if strand.sponsor_id == into.sponsor_id else strand.sponsor.name
    _step(strand, StrandStepKind.MERGED, by, at, reason, {"loses": loses}, other=into)
    _step(into, StrandStepKind.JOINED, by, at, reason, other=strand)
    note(changed=("state", "merged_into"), words={"into": into.code, "loses_sponsorship": loses})
    return strand


@service(RUN_PROGRAMME, on="strand")
def unmerge_strand(*, strand: Strand, reason: str, by: Actor, at: datetime) -> Strand:
    """Undo a merger, while nothing was done to either strand since (BN-122)."""
    into = strand.merged_into
    if into is None:
        raise rules.STRAND_MOVE.refused(start=strand.get_state_display().lower(), end="parted")
    _lock_both(strand, into)
    merged = strand.steps.filter(kind=StrandStepKind.MERGED).order_by("at", "pk").last()
    for each in (strand, into):
        later = each.steps.exclude(kind__in=(StrandStepKind.MERGED, StrandStepKind.JOINED))
        rounds = Round.objects.filter(case__strand=each)
        if merged and (later.filter(at__gt=merged.at).exists() or rounds.filter(kept_at__gt=merged.at).exists()):
            raise rules.UNMERGE_LATE.refused(strand=each.name)
    strand.merged_into = None
    _move(strand, StrandState.OPEN, reason)
    _step(strand, StrandStepKind.UNMERGED, by, at, reason, other=into)
    _step(into, StrandStepKind.PARTED, by, at, reason, other=strand)
    note(changed=("state", "merged_into"))
    return strand


# --- Inside other services only.


def _name(programme: Programme, name: str, *, but_for: Strand | None = None) -> str:
    words = name.strip()
    if not words:
        raise rules.STRAND_NAME.refused()
    others = programme.strands.exclude(pk=but_for.pk) if but_for else programme.strands.all()
    if others.filter(name__iexact=words).exists():
        raise rules.STRAND_NAME_TAKEN.refused()
    return words


def _code(programme: Programme, name: str) -> str:
    """The first word of the name that no other strand has as its code, with a number where all are taken."""
    words: list[str] = re.findall(r"[a-z0-9]+", name.lower()) or ["strand"]
    taken = set(programme.strands.values_list("code", flat=True))
    whole = "-".join(words)[:26].strip("-")
    free = [each for each in (words[0][:26], whole, *(f"{whole}-{n}" for n in range(2, 99))) if each not in taken]
    return free[0]


def _judge_sponsor(
    programme: Programme, sponsor: Organisation, officer: Post | None, reason: str, at: datetime
) -> None:
    if not programme.partners.filter(organisation=sponsor).exists():
        raise rules.SPONSOR_PARTNER.refused(organisation=sponsor.name)
    if not reason.strip():
        raise rules.SPONSOR_REASON.refused()
    if officer is None:
        return
    if sponsor.pk not in {officer.employer_id, officer.host_id} or not officer.is_held_at(at):
        raise rules.SPONSOR_OFFICER.refused(officer=officer.account.name, organisation=sponsor.name)


def _open(strand: Strand) -> None:
    if strand.state != StrandState.OPEN:
        raise rules.STRAND_OPEN.refused()


def _lock_both(strand: Strand, other: Strand) -> None:
    """In one order, so that two mergers at one moment do not wait for each other; both are read again."""
    ordered = Strand.objects.select_for_update().filter(pk__in=(strand.pk, other.pk)).order_by("pk")
    states = dict(ordered.values_list("pk", "state"))
    strand.state, other.state = states[strand.pk], states[other.pk]


def _move(strand: Strand, end: StrandState, reason: str) -> None:
    if not reason.strip():
        raise rules.STRAND_REASON.refused()
    start = StrandState(strand.state)
    if end not in STRAND_MOVES[start]:
        raise rules.STRAND_MOVE.refused(start=STRAND_LABELS[start].lower(), end=STRAND_LABELS[end].lower())
    strand.state = end
    strand.save(update_fields=["state", "merged_into"])
    note(changed=("state",))


def _step(
    strand: Strand,
    kind: StrandStepKind,
    by: Actor,
    at: datetime,
    reason: str = "",
    words: dict[str, Any] | None = None,
    *,
    other: Strand | None = None,
) -> StrandStep:
    return StrandStep.objects.create(
        strand=strand, kind=kind, other=other, reason=reason.strip(), words=words or {}, at=at, by=by.account_id
    )
