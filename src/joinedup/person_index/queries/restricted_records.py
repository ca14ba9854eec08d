"""The pages of guardians and of information governance: which records are restricted, for whom, until when, and which
staff are kept from whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import london
from joinedup.organisations.queries import posts_of_address
from joinedup.person_index.models import (
    LookAlike,
    Restriction,
    RestrictionParty,
    RestrictionReview,
    StaffTie,
    withheld_ids,
)
from joinedup.person_index.permissions import (
    AUTHORISE_RESTRICTION,
    CHANGE_RESTRICTION,
    END_RESTRICTION,
    READ_AS_GUARDIAN,
    READ_RESTRICTIONS,
    READ_TIES,
)
from joinedup.person_index.queries.restrictions import live_at
from joinedup.person_index.restricting import CATEGORIES, RP_10

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

_MOST = 200


@dataclass(frozen=True)
class RestrictionRow:
    """One restriction in the rolling review list."""

    id: UUID
    person: str
    category: str
    since: datetime
    review_by: date
    is_review_due: bool
    guardians: tuple[str, ...]
    waits_for_second: bool
    is_ending_proposed: bool


@dataclass(frozen=True)
class CategoryFigures:
    """A category's month: how many are in force, came, ended, and are overdue for a review."""

    name: str
    sentence: str
    in_force: int
    imposed: int
    ended: int
    overdue: int


@dataclass(frozen=True)
class RestrictionList:
    """Restrictions in force, the next review first, and the figures of the last thirty days."""

    rows: tuple[RestrictionRow, ...]
    figures: tuple[CategoryFigures, ...]
    may_impose: bool


@dataclass(frozen=True)
class Party:
    """Who stands where."""

    id: UUID
    part: str
    part_label: str
    name: str
    title: str
    since: datetime


@dataclass(frozen=True)
class Reviewed:
    """One look at whether it is still needed."""

    at: datetime
    by: str
    words: str
    next_review_by: date


@dataclass(frozen=True)
class LookAlikeSeen:
    """An entry that may be the restricted person, beside them."""

    id: UUID
    person_id: UUID
    name: str
    birth_date: date | None
    found_at: datetime
    answer: str
    made_by: str


@dataclass(frozen=True)
class RestrictionRecord:
    """One restriction with everything its page shows. `may` holds the names of what the viewer may do."""

    id: UUID
    person_id: UUID
    person: str
    birth_date: date | None
    category: str
    category_sentence: str
    needs_two: bool
    may_break_glass: bool
    governance_sees: bool
    reason: str
    since: datetime
    proposed_by: str
    authorised_by: str
    authorised_at: datetime | None
    review_by: date
    is_review_due: bool
    ending_proposed_by: str
    ended_at: datetime | None
    end_reason: str
    parties: tuple[Party, ...]
    reviews: tuple[Reviewed, ...]
    look_alikes: tuple[LookAlikeSeen, ...]
    may: frozenset[str]


@dataclass(frozen=True)
class TieRow:
    """A member of staff and somebody they are kept from."""

    id: UUID
    account: str
    person: str
    kind: str
    declared_at: datetime


def _seen(viewer: Actor) -> QuerySet[Restriction]:
    """Those the viewer guards; for information governance also those whose category they may see."""
    check(viewer, READ_AS_GUARDIAN)
    parties = RestrictionParty.objects.filter(
        part=RestrictionParty.Part.GUARDIAN, post_id__in=list(viewer.post_ids), ended_at=None
    )
    mine = Q(parties__in=parties)
    if viewer.has_role(Role.INFORMATION_GOVERNANCE):
        mine |= Q(allowed_roles__contains=[Role.INFORMATION_GOVERNANCE.value])
    return Restriction.objects.filter(mine).exclude(person_id__in=withheld_ids(viewer)).distinct()


def restrictions(viewer: Actor) -> RestrictionList:
    """The rolling review list, and the month's figures. Names are shown to guardians alone; the figures name nobody."""
    rows = list(_seen(viewer).filter(live_at(viewer.at)).select_related("person").order_by("review_by", "pk")[:_MOST])
    guardians = _guardians([row.pk for row in rows])
    audit.record_read(
        viewer,
        subject=(Restriction._meta.label_lower, ""),
        people={row.person_id for row in rows},
        purpose="restricted records",
        search=True,
    )
    today = london(viewer.at).date()
    return RestrictionList(
        rows=tuple(_row(row, guardians.get(row.pk, ()), today) for row in rows),
        figures=_figures(viewer) if can(viewer, READ_RESTRICTIONS) else (),
        may_impose=viewer.has_role(Role.INFORMATION_GOVERNANCE),
    )


def _row(row: Restriction, guardians: tuple[str, ...], today: date) -> RestrictionRow:
    return RestrictionRow(
        id=row.pk,
        person=str(row.person),
        category=CATEGORIES[row.category].name,
        since=row.starts_at,
        review_by=row.review_by,
        is_review_due=row.review_by <= today,
        guardians=guardians,
        waits_for_second=row.authorised_at is None,
        is_ending_proposed=row.ending_proposed_by is not None,
    )


def _guardians(ids: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    parties = RestrictionParty.objects.filter(
        restriction_id__in=ids, part=RestrictionParty.Part.GUARDIAN, ended_at=None
    )
    for party in parties.select_related("post__account").order_by("added_at", "pk"):
        name = party.post.account.name if party.post else ""
        found[party.restriction_id] = (*found.get(party.restriction_id, ()), name)
    return found


def _figures(viewer: Actor) -> tuple[CategoryFigures, ...]:
    """Of every restriction, also of those the viewer may not see: numbers alone."""
    since, today = viewer.at - timedelta(days=30), london(viewer.at).date()
    live = live_at(viewer.at)
    counted = {
        row["category"]: row
        for row in Restriction.objects.values("category").annotate(
            in_force=Count("pk", filter=live),
            imposed=Count("pk", filter=Q(starts_at__gt=since)),
            ended=Count("pk", filter=Q(ended_at__gt=since)),
            overdue=Count("pk", filter=live & Q(review_by__lt=today)),
        )
    }
    none = dict.fromkeys(("in_force", "imposed", "ended", "overdue"), 0)
    return tuple(
        CategoryFigures(
            each.name,
            each.sentence,
            *(counted.get(each.code, none)[name] for name in ("in_force", "imposed", "ended", "overdue")),
        )
        for each in CATEGORIES.values()
    )


def restriction_for_change(viewer: Actor, restriction_id: UUID) -> Restriction:
    """One restriction, to hand to a service."""
    found = _seen(viewer).select_related("person").filter(pk=restriction_id).first()
    if found is None:
        raise NotVisible
    return found


def restriction(viewer: Actor, restriction_id: UUID) -> RestrictionRecord:
    """One restriction for its page; the read is audited."""
    row = restriction_for_change(viewer, restriction_id)
    parties = list(
        RestrictionParty.objects.filter(restriction=row, ended_at=None)
        .select_related("post__account", "account")
        .order_by("part", "added_at", "pk")
    )
    reviews = list(RestrictionReview.objects.filter(restriction=row).order_by("-at", "-pk"))
    alike = list(LookAlike.objects.filter(restriction=row).select_related("person").order_by("answer", "found_at"))
    who = {row.proposed_by, row.authorised_by, row.ending_proposed_by, *(each.by for each in reviews)}
    names = names_of_accounts(viewer, {each for each in (who | {each.made_by for each in alike}) if each})
    audit.record_read(
        viewer,
        subject=(Restriction._meta.label_lower, str(row.pk)),
        people={row.person_id, *(each.person_id for each in alike)},
        purpose="restricted record",
    )
    kind = CATEGORIES[row.category]
    return RestrictionRecord(
        id=row.pk,
        person_id=row.person_id,
        person=str(row.person),
        birth_date=row.person.birth_date,
        category=kind.name,
        category_sentence=kind.sentence,
        needs_two=kind.needs_two,
        may_break_glass=row.may_break_glass,
        governance_sees=kind.governance_sees,
        reason=row.reason,
        since=row.starts_at,
        proposed_by=_name(names, row.proposed_by),
        authorised_by=_name(names, row.authorised_by) if row.authorised_at else "",
        authorised_at=row.authorised_at,
        review_by=row.review_by,
        is_review_due=row.review_by <= london(viewer.at).date(),
        ending_proposed_by=_name(names, row.ending_proposed_by) if row.ending_proposed_by else "",
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        parties=tuple(_party(each) for each in parties),
        reviews=tuple(Reviewed(each.at, _name(names, each.by), each.words, each.next_review_by) for each in reviews),
        look_alikes=tuple(_look_alike(each, names) for each in alike),
        may=_may(viewer, row),
    )


def _name(names: dict[UUID, str], account_id: UUID | None) -> str:
    return names.get(account_id, "") if account_id else "Joinedup"


def _party(row: RestrictionParty) -> Party:
    name = row.post.account.name if row.post else row.account.name if row.account else ""
    return Party(row.pk, row.part, row.get_part_display(), name, row.post.title if row.post else "", row.added_at)


def _look_alike(row: LookAlike, names: dict[UUID, str]) -> LookAlikeSeen:
    made_by = _name(names, row.made_by) if row.made_by else "An agency’s file"
    return LookAlikeSeen(
        row.pk, row.person_id, str(row.person), row.person.birth_date, row.found_at, row.answer, made_by
    )


def _may(viewer: Actor, row: Restriction) -> frozenset[str]:
    if row.ended_at is not None:
        return frozenset()
    found = set()
    if row.authorised_at is None and row.proposed_by != viewer.account_id and can(viewer, AUTHORISE_RESTRICTION, row):
        found.add("agree")
    if can(viewer, CHANGE_RESTRICTION, row):
        found |= {"change", "review"}
    is_own_ending = row.ending_proposed_by is not None and row.ending_proposed_by == viewer.account_id
    if can(viewer, END_RESTRICTION, row) and not is_own_ending:
        found.add("end")
    return frozenset(found)


def look_alike_for_change(viewer: Actor, look_alike_id: UUID) -> LookAlike:
    """An entry to answer for, as a guardian."""
    rows = LookAlike.objects.filter(restriction__in=_seen(viewer)).select_related("restriction__person", "person")
    found = rows.filter(pk=look_alike_id).first()
    if found is None:
        raise NotVisible
    return found


def posts_of_addresses(viewer: Actor, text: str, *, field: str) -> list[Post]:
    """The posts held now by the accounts with these e-mail addresses, one a line. Raises Refused (RP-10)."""
    found: list[Post] = []
    for address in dict.fromkeys(text.split()):
        held = posts_of_address(viewer, address)
        if not held:
            raise Refused(RP_10.sentence.format(address=address), rule=RP_10.code, field=field)
        found += held
    return found


def staff_ties(viewer: Actor) -> list[TieRow]:
    """Who is kept from whom, the newest first."""
    check(viewer, READ_TIES)
    rows = StaffTie.objects.filter(ended_at__isnull=True).exclude(person_id__in=withheld_ids(viewer))
    found = list(rows.select_related("account", "person").order_by("-declared_at", "pk")[:_MOST])
    audit.record_read(
        viewer,
        subject=(StaffTie._meta.label_lower, ""),
        people={row.person_id for row in found},
        purpose="staff and their families",
        search=True,
    )
    return [TieRow(row.pk, row.account.name, str(row.person), row.get_kind_display(), row.declared_at) for row in found]


def tie_for_change(viewer: Actor, tie_id: UUID) -> StaffTie:
    """One of them, to end it."""
    check(viewer, READ_TIES)
    rows = StaffTie.objects.filter(ended_at__isnull=True).exclude(person_id__in=withheld_ids(viewer))
    found = rows.select_related("account", "person").filter(pk=tie_id).first()
    if found is None:
        raise NotVisible
    return found
