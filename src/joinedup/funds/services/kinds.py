"""Saying which kinds of spending an agreement permits, from which day and until when (R-3)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.funds import rules
from joinedup.funds.models import PartnershipAgreement, PermittedKind
from joinedup.funds.permissions import PERMIT_KINDS
from joinedup.funds.services.steps import _lock, _said
from joinedup.funds.spending_kinds import Permitted, SpendingKind, kind_words


@service(PERMIT_KINDS, on="agreement")
def permit_kind(
    *, agreement: PartnershipAgreement, kind: str, starts_on: date, written: str, by: Actor, at: datetime
) -> PermittedKind:
    """The agreement permits a kind of spending from a day on; `written` is the clause, or where all partners agreed. Raises
    Refused (FU-124, FU-336, FU-338)."""
    _lock(agreement)
    if kind not in set(SpendingKind):
        raise rules.KIND_NAMED.refused()
    where = _said(written, rules.DECISION_NAMED, 300)
    there = PermittedKind.objects.filter(agreement=agreement, kind=kind)
    if any(
        each.ends_on is None
        or Permitted(kind, each.starts_on, each.ends_on).covers(starts_on)
        or each.starts_on > starts_on
        for each in there
    ):
        raise rules.KIND_ONCE.refused(kind=kind_words(kind))
    try:
        with transaction.atomic():
            row = PermittedKind.objects.create(
                agreement=agreement, kind=kind, starts_on=starts_on, written=where, recorded_at=at,
                recorded_by=by.account_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise rules.KIND_ONCE.refused(kind=kind_words(kind)) from error
    note(changed=("kinds",), words={"kind": kind}, subject=row)
    return row


@service(PERMIT_KINDS, on="agreement")
def end_kind(
    *, agreement: PartnershipAgreement, permitted: PermittedKind, ends_on: date, written: str, by: Actor, at: datetime
) -> PermittedKind:
    """From a day on it is permitted no longer; what was bought before stays. Raises Refused (FU-124, FU-339)."""
    _lock(permitted)
    where = _said(written, rules.DECISION_NAMED, 200)
    if permitted.agreement_id != agreement.pk or permitted.ends_on is not None or ends_on <= permitted.starts_on:
        raise rules.KIND_ENDS.refused(kind=kind_words(permitted.kind), day=date_long(permitted.starts_on))
    permitted.ends_on, permitted.version = ends_on, permitted.version + 1
    permitted.written = f"{permitted.written} Ended: {where}"[:300]
    permitted.save(update_fields=["ends_on", "written", "version"])
    note(changed=("kinds",), words={"kind": permitted.kind}, subject=permitted)
    return permitted
