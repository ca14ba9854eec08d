"""Opening and closing the page of a member of the family, its links, and that domestic abuse is a factor."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import age_years
from joinedup.family_page import rules
from joinedup.family_page.events import ABUSE_MARKED, PAGE_OPENED
from joinedup.family_page.models import AbuseMark, FamilyPage, PageClearance, PageLink, PageVisit, Release
from joinedup.family_page.permissions import CLOSE_PAGE, MARK_ABUSE, OPEN_PAGE, SEND_LINK
from joinedup.family_page.queries.guarding import World, guard_of, world_of
from joinedup.family_page.reading import WHY_LABELS, Why, is_of_age
from joinedup.family_page.services.steps import (
    AddressOf,
    chronicle,
    end_page,
    lock,
    lock_page,
    new_link,
    take_back_rows,
    tell_young,
)
from joinedup.family_page.settings import young_person_age

if TYPE_CHECKING:
    from joinedup.casework.models import Case


@service(OPEN_PAGE, on="case")
def open_page(
    *, case: Case, person_id: UUID, cleared: Collection[UUID], understanding: str = "", abuse_reason: str = "",
    keep_reason: str = "", address_of: AddressOf, by: Actor, at: datetime,
) -> FamilyPage:  # fmt: skip
    """Open a page for somebody of the family and send them the link. `cleared` are those the page may be about. Refused
    where no safe contact is recorded (FP-1), where domestic abuse is a factor and nobody says why it is safe for this
    reader (FP-3), and for a younger child without reasons (FP-4). A young person's space takes back what parents can see
    about them, unless `keep_reason` says why not: they read it."""
    lock(case)
    world = world_of(by, case)
    part = world.part_of(person_id)
    if not part:
        raise rules.PART_OF_CASE.refused()
    _refuse_closed(world, person_id)
    to = world.sends_to(person_id)
    name = world.name_of(person_id)
    if not to:
        raise rules.SAFE_CONTACT.refused(name=name)
    _refuse_young(world, person_id, part, understanding, at)
    if world.abuse and not abuse_reason.strip():
        raise rules.ABUSE_REASON.refused(name=name)
    people = {each.person_id for each in world.people} - world.restricted - {person_id}
    if not set(cleared) <= people:
        raise rules.CLEARED_IN_CASE.refused()
    _end_earlier(case, person_id, world, by, at)
    page = FamilyPage.objects.create(
        case=case, person_id=person_id, is_young=part == "child", understanding=understanding.strip(),
        abuse_reason=abuse_reason.strip(), abuse_weighed=sorted(world.abuse), opened_at=at, opened_by=by.account_id,
    )  # fmt: skip
    PageClearance.objects.bulk_create(
        PageClearance(page=page, person_id=each, by_responsibility=(person_id, each) in world.around.responsible)
        for each in sorted(set(cleared))
    )
    if page.is_young:
        _take_over(page, world, keep_reason, by, at)
    new_link(page, to, address_of, at=at)
    note(
        words={name: text for name, text in (("abuse_reason", abuse_reason), ("understanding", understanding)) if text}
    )
    chronicle(PAGE_OPENED, page, by=by, at=at)
    return page


def _refuse_closed(world: World, person_id: UUID) -> None:
    asked = (
        (world.is_closed, Why.CASE_CLOSED),
        (world.around.members.get(person_id, True) is False, Why.LEFT_FAMILY),
        (person_id in world.around.died, Why.DIED),
        (person_id in world.restricted, Why.RESTRICTED),
    )
    why = next((why for is_so, why in asked if is_so), None)
    if why is not None:
        said = WHY_LABELS[why]
        raise rules.CANNOT_OPEN.refused(why=said[:1].lower() + said[1:])


def _refuse_young(world: World, person_id: UUID, part: str, understanding: str, at: datetime) -> None:
    if part != "child":
        return
    person = next(each for each in world.people if each.person_id == person_id)
    on = timezone.localdate(at)
    least = young_person_age(on)
    age = age_years(person.birth_date, on) if person.birth_date else None
    if not is_of_age(age, least=least, understanding=understanding):
        raise rules.UNDERSTANDING.refused(name=person.name, age=least)


def _end_earlier(case: Case, person_id: UUID, world: World, by: Actor, at: datetime) -> None:
    """A page that something has closed is written down as closed; refuses (FP-5) where one is open."""
    rows = FamilyPage.objects.select_for_update(of=("self",)).select_related("case")
    earlier = rows.filter(case=case, person_id=person_id, closed_at__isnull=True).first()
    if earlier is None:
        return
    why = guard_of(by, earlier, world).why
    if why is None:
        raise rules.OPEN_ALREADY.refused()
    end_page(earlier, why, reason=WHY_LABELS[why], by=by, at=at)


def _take_over(page: FamilyPage, world: World, keep_reason: str, by: Actor, at: datetime) -> None:
    """From now on the young person decides: what parents see about them ends, or they read why it does not."""
    rows = Release.objects.filter(
        page__case_id=page.case_id, page__is_young=False, withdrawn_at__isnull=True, concerns__contains=[page.person_id]
    )
    if not keep_reason.strip():
        take_back_rows(rows, reason="The young person has a space of their own and decides", by=by, at=at)
        return
    guard = guard_of(by, page, world)
    for parent in sorted(set(rows.values_list("page__person_id", flat=True))):
        tell_young(page, guard, world, parent, keep_reason, by=by, at=at)
    rows.update(override_reason=keep_reason.strip())


@service(SEND_LINK, on="page")
def send_link(*, page: FamilyPage, address_of: AddressOf, by: Actor, at: datetime) -> PageLink:
    """Renew the link: a new one goes to the contact that is safe now, and every earlier one ends."""
    world = world_of(by, page.case)
    lock_page(page, by, world)
    PageLink.objects.filter(page=page, ended_at__isnull=True).update(ended_at=at)
    PageVisit.objects.filter(link__page=page, ended_at__isnull=True).update(ended_at=at)
    note(people=[page.person_id], subject=page, changed=("link",))
    return new_link(page, world.sends_to(page.person_id), address_of, at=at)


@service(CLOSE_PAGE, on="page")
def close_page(*, page: FamilyPage, reason: str, by: Actor, at: datetime) -> FamilyPage:
    """Close a page at once: its link opens nothing, and whoever has it open sees nothing more."""
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    lock(page)
    if page.closed_at is not None:
        raise rules.PAGE_CLOSED.refused()
    end_page(page, Why.WITHDRAWN, reason=reason.strip(), by=by, at=at)
    return page


@service(MARK_ABUSE, on="case")
def mark_abuse(*, case: Case, reason: str, by: Actor, at: datetime) -> AbuseMark:
    """Record that domestic abuse is a factor: every page of the family closes in the same transaction, until somebody says
    for each reader why theirs is safe."""
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    lock(case)
    if AbuseMark.objects.filter(case=case, ended_at__isnull=True).exists():
        raise rules.MARKED_ALREADY.refused()
    mark = AbuseMark.objects.create(case=case, reason=reason.strip(), marked_at=at, marked_by=by.account_id)
    rows = FamilyPage.objects.select_for_update(of=("self",)).select_related("case")
    for page in rows.filter(case=case, closed_at__isnull=True).order_by("pk"):
        end_page(page, Why.ABUSE, reason=WHY_LABELS[Why.ABUSE], by=by, at=at)
        chronicle(ABUSE_MARKED, page, by=by, at=at)
    note(subject=case, changed=("abuse_mark",), words={"reason": reason.strip()})
    return mark


@service(MARK_ABUSE, on="case")
def end_abuse_mark(*, case: Case, mark: AbuseMark, reason: str, by: Actor, at: datetime) -> AbuseMark:
    """Take the record back, with why. What assessments say goes on counting, and no page opens by itself."""
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    lock(mark)
    if mark.ended_at is not None or mark.case_id != case.pk:
        raise rules.TAKEN_BACK.refused()
    mark.ended_at, mark.ended_by, mark.ended_reason = at, by.account_id, reason.strip()
    mark.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    note(subject=case, changed=("abuse_mark",), words={"reason": reason.strip()})
    return mark
