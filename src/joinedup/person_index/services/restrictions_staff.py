"""Staff and their own families: what somebody declares, and whom it keeps them from."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.formats import london
from joinedup.person_index.models import StaffDeclaration, StaffTie
from joinedup.person_index.permissions import DECLARE_FAMILY, DECLARE_FOR, END_TIE
from joinedup.person_index.queries.evidence import evidence_for
from joinedup.person_index.queries.lookup import candidate_people
from joinedup.person_index.queries.search import SearchQuery
from joinedup.person_index.restricting import RP_2, RP_8, RP_12, RP_13
from joinedup.person_index.restriction_settings import look_alike_points

if TYPE_CHECKING:
    from joinedup.access.models import Account

_KINDS = dict(StaffTie.Kind.choices)


@service(DECLARE_FAMILY)
def declare_own_family(
    *,
    kind: str,
    given_name: str,
    family_name: str,
    birth_date: date | None,
    postcode: str = "",
    by: Actor,
    at: datetime,
) -> StaffDeclaration:
    """Somebody on the staff says who they are or who is close to them. Whoever in the index is that person, now or
    later, is withheld from them, with everybody in that person's families, related to them or at the same address. It
    never says whether anybody was found."""
    if by.account_id is None:
        raise Refused(RP_12.sentence, rule=RP_12.code)
    return _declare(by.account_id, kind, given_name, family_name, birth_date, postcode, by, at)


@service(DECLARE_FOR)
def declare_family_for(
    *,
    account: Account,
    kind: str,
    given_name: str,
    family_name: str,
    birth_date: date | None,
    postcode: str = "",
    by: Actor,
    at: datetime,
) -> StaffDeclaration:
    """As `declare_own_family`, for somebody else on the staff who has not said so themselves."""
    return _declare(account.pk, kind, given_name, family_name, birth_date, postcode, by, at)


def _declare(
    account_id: UUID,
    kind: str,
    given_name: str,
    family_name: str,
    birth_date: date | None,
    postcode: str,
    by: Actor,
    at: datetime,
) -> StaffDeclaration:
    if kind not in _KINDS:
        raise Refused(RP_12.sentence, rule=RP_12.code, field="kind")
    if not (given_name.strip() and family_name.strip()):
        raise Refused(RP_13.sentence, rule=RP_13.code, field="given_name")
    row = StaffDeclaration.objects.create(
        account_id=account_id,
        kind=kind,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        birth_date=birth_date,
        postcode=postcode,
        declared_at=at,
    )
    tied = _tie(row, by=by, at=at)
    note(people=tied, changed=("declared",), words={"kind": kind}, subject=row)
    return row


def _tie(declared: StaffDeclaration, *, by: Actor, at: datetime) -> list[UUID]:
    """Keep the account from everybody the declaration fits well. Rather one too many: a wrong one is ended by hand."""
    query = SearchQuery(declared.given_name, declared.family_name, declared.birth_date, declared.postcode)
    asked = query.asked()
    enough = look_alike_points(london(at).date())
    fits = evidence_for(asked.said, candidate_people(asked))
    near = [person for person, found in fits.items() if found.points >= enough]
    ever = StaffTie.objects.filter(account_id=declared.account_id, person_id__in=near)
    known = set(ever.values_list("person_id", flat=True))
    rows = [
        StaffTie(
            account_id=declared.account_id,
            person_id=person_id,
            kind=declared.kind,
            declared_at=at,
            declared_by=by.account_id,
        )
        for person_id in near
        if person_id not in known
    ]
    StaffTie.objects.bulk_create(rows)
    return [row.person_id for row in rows]


def find_declared_again(*, at: datetime) -> int:
    """Look again for everybody who was declared: they may have come with a later file. Returns how many were found.

    Run by the keeper now and then; not a person's act, so unguarded.
    """
    with transaction.atomic():
        return sum(len(_tie(each, by=system(at), at=at)) for each in StaffDeclaration.objects.order_by("declared_at"))


@service(END_TIE, on="tie")
def end_tie(*, tie: StaffTie, reason: str, by: Actor, at: datetime) -> StaffTie:
    """It is somebody else after all; the account is no longer kept from them, and stays so."""
    if not reason.strip():
        raise Refused(RP_2.sentence, rule=RP_2.code, field="reason")
    if not StaffTie.objects.filter(pk=tie.pk, ended_at__isnull=True).update(ended_at=at, end_reason=reason.strip()):
        raise Refused(RP_8.sentence, rule=RP_8.code)
    tie.refresh_from_db()
    note(people=[tie.person_id], changed=("ended_at",), words={"reason": reason})
    return tie
