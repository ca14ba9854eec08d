"""The demo's family pages: a parent of each of Amira's cases reads theirs, one of them has written, and a young person has a
space of their own. The links lie in the outbox, as the other links of the demonstration do."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.casework.queries import CaseFrame, case_frame, cases
from joinedup.core.formats import age_years
from joinedup.core.models import OutboxMessage
from joinedup.family_page import services
from joinedup.family_page.models import FamilyPage, PageLink
from joinedup.family_page.queries import page_seen, read_page, reader_actor, visit_held
from joinedup.family_page.services import Chosen
from joinedup.family_page.settings import young_person_age
from joinedup.organisations.queries import demo_people
from joinedup.person_index.queries import person_for_change
from joinedup.person_index.services import record_safe_contact

_LEAD = "Amira Testerly"
_BROWSER = "a-browser-of-the-demonstration"
_SAFE = "Asked on a visit, alone. Nobody else reads this address, and it is not on the telephone at home."
_WELCOME = (
    "Welcome",
    "This is your own page. Only you can open it.\nI will put here what we agreed, and when we meet next.",
)
_WRITTEN = "The breakfast club works well. Could we meet in the afternoon next time? I start work at seven."


def load(*, at: datetime) -> None:
    """Open the pages as they would stand at `at`, within the last hours."""
    found = [person for _, several in demo_people(system(at)) for person in several if person.name == _LEAD]
    if not found:
        return
    lead = actor_for_account(found[0].account_id, at=at)
    for row in cases(lead, state="open").rows:
        if row.lead_professional == _LEAD:
            _open_for_case(case_frame(lead, row.id, purpose="demonstration"), lead, at)


def _open_for_case(frame: CaseFrame, lead: Actor, at: datetime) -> None:
    if not frame.adults:
        return
    parent, children = frame.adults[0], [each.person_id for each in frame.children]
    when = at - timedelta(minutes=40)
    page = _open(frame, parent.person_id, children, lead, when)
    _share(page, lead, when + timedelta(minutes=5))
    _read_and_write(page, when + timedelta(minutes=10))
    least = young_person_age(at.date())
    for each in frame.children:
        if each.birth_date and age_years(each.birth_date, at.date()) >= least:
            young = _open(frame, each.person_id, [parent.person_id], lead, when + timedelta(minutes=15))
            title, words = _WELCOME
            _release(young, [Chosen("own", title, words)], lead, when + timedelta(minutes=16))
            return


def _open(frame: CaseFrame, person_id: UUID, about: Collection[UUID], lead: Actor, at: datetime) -> FamilyPage:
    """Somebody's safe e-mail address, recorded, and their page, opened."""
    person = person_for_change(system(at), person_id, purpose="demonstration")
    email = f"{person.given_name}.{person.family_name}@family.example".lower().replace(" ", "")
    record_safe_contact(person=person, how="email", details=email, source="visit", by=system(at), at=at)
    return services.open_page(
        case=frame.row, person_id=person.pk, cleared=about, abuse_reason=_SAFE, address_of=lambda token: f"/family/{token}/",
        by=replace(lead, at=at), at=at,
    )  # fmt: skip


def _share(page: FamilyPage, lead: Actor, at: datetime) -> None:
    """The welcome, the next meeting, and what of the plan gives nobody away."""
    seen = page_seen(replace(lead, at=at), page.case_id, page.pk)
    ticked = [each for each in seen.suggestions if each.is_ticked][:8]
    title, words = _WELCOME
    items = [Chosen("own", title, words), *(Chosen(each.key, each.title, each.words) for each in ticked)]
    _release(page, items, lead, at)


def _release(page: FamilyPage, items: list[Chosen], lead: Actor, at: datetime) -> None:
    services.release_items(page=page, items=items, by=replace(lead, at=at), at=at)


def _read_and_write(page: FamilyPage, at: datetime) -> None:
    """The parent opens their page with a code, reads it and writes."""
    they = reader_actor(system(at))
    link = PageLink.objects.get(page=page)
    token = _last(link, r"/family/([\w-]+)/")
    services.send_code(token=token, by=they, at=at)
    visit = services.enter(token=token, code=_last(link, r"\b(\d{6})\b"), secret=_BROWSER, by=they, at=at)
    held = visit_held(they, visit.pk, _BROWSER) if visit else None
    if held is None:
        return
    shown = read_page(they, held)
    services.note_reading(visit=held, shown=shown.ids if shown else [], by=they, at=at)
    services.write_message(visit=held, words=_WRITTEN, by=they, at=at)
    services.leave(visit=held, by=they, at=at)


def _last(link: PageLink, pattern: str) -> str:
    sent = OutboxMessage.objects.filter(about_id=str(link.pk)).order_by("-created_at", "-pk").first()
    found = re.search(pattern, sent.body) if sent else None
    return found.group(1) if found else ""
