"""Saying which kinds of spending an agreement permits, from which day and until when (R-3)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.formats import date_long
from joinedup.funds import rules
from joinedup.funds.models import PartnershipAgreement, PermittedKind
from joinedup.funds.permissions import PERMIT_KINDS
from joinedup.funds.services.steps import _lock, _said
from joinedup.funds.spending_kinds import Permitted, SpendingKind, kind_words


@service(PERMIT_KINDS, on="agreement")
def permit_kind(
    *, agreement: PartnershipAgreement, kind: str, starts_on: date, written: str, by: Actor, at: datetime,
    ends_on: date | None = None,
) -> PermittedKind:  # fmt: skip
    """The agreement permits a kind of spending from a day on, until `ends_on`, the first day on which it does not, where one is
    named; `written` is the clause, or where all partners agreed. Raises Refused (FU-124, FU-336, FU-338, FU-340)."""
    _lock(agreement)
    if kind not in set(SpendingKind):
        raise rules.KIND_NAMED.refused()
    where = _said(written, rules.DECISION_NAMED, 300)
    if ends_on is not None and ends_on <= starts_on:
        raise rules.KIND_DAYS.refused()
    wanted = Permitted(kind, starts_on, ends_on)
    for each in PermittedKind.objects.filter(agreement=agreement, kind=kind).order_by("starts_on"):
        there = Permitted(kind, each.starts_on, each.ends_on)
        if there.overlaps(wanted):
            raise _already(there)
    try:
        with transaction.atomic():
            row = PermittedKind.objects.create(
                agreement=agreement, kind=kind, starts_on=starts_on, ends_on=ends_on, written=where, recorded_at=at,
                recorded_by=by.account_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise _already(wanted) from error
    note(changed=("kinds",), words={"kind": kind}, subject=row)
    return row


@service(PERMIT_KINDS, on="agreement")
def end_kind(
    *, agreement: PartnershipAgreement, permitted: PermittedKind, ends_on: date, written: str, by: Actor, at: datetime
) -> PermittedKind:
    """From a day on it is permitted no longer; what was bought before stays. Ended on its first day, it never counted: so a
    row that was written in error makes way for the right one. Raises Refused (FU-124, FU-339)."""
    _lock(permitted)
    where = _said(written, rules.DECISION_NAMED, 300)
    if permitted.agreement_id != agreement.pk or permitted.ends_on is not None or ends_on < permitted.starts_on:
        raise rules.KIND_ENDS.refused(kind=kind_words(permitted.kind), day=date_long(permitted.starts_on))
    permitted.ends_on, permitted.version = ends_on, permitted.version + 1
    permitted.ended_written = where
    permitted.save(update_fields=["ends_on", "ended_written", "version"])
    note(changed=("kinds",), words={"kind": permitted.kind}, subject=permitted)
    return permitted


def _already(there: Permitted) -> Refused:
    until = f" until {date_long(there.ends_on)}" if there.ends_on else " on"
    return rules.KIND_ONCE.refused(kind=kind_words(there.kind), days=f"from {date_long(there.starts_on)}{until}")
