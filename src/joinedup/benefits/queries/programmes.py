"""Reading programmes and strands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.roles import Role
from joinedup.benefits.models import Programme, Strand
from joinedup.benefits.models.programme import ProgrammeQuerySet, agreements_of
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long
from joinedup.organisations.queries import open_organisations, posts_of_organisations, posts_with_role

if TYPE_CHECKING:
    from joinedup.funds.models import PartnershipAgreement
    from joinedup.organisations.models import Organisation, Post


@dataclass(frozen=True)
class StrandSeen:
    """A strand as a page shows it."""

    id: UUID
    code: str
    name: str
    sponsor: str
    state: str
    is_open: bool
    merged_into: str
    officer: str


@dataclass(frozen=True)
class ProgrammeSeen:
    """A programme with its partners (code and name, in their order) and strands."""

    id: UUID
    reference: str
    title: str
    purpose: str
    starts_on: date
    years: int
    is_illustration: bool
    manager: str
    agreement: str
    agreement_id: UUID | None
    partners: tuple[tuple[str, str], ...]
    strands: tuple[StrandSeen, ...]

    @property
    def year_names(self) -> tuple[str, ...]:
        """What each of its years is called: “2026/27”, or the year's first day where it does not begin in April."""
        if (self.starts_on.month, self.starts_on.day) == (4, 1):
            first = self.starts_on.year
            return tuple(f"{first + n}/{(first + n + 1) % 100:02d}" for n in range(self.years))
        return tuple(f"Year {n + 1}" for n in range(self.years))

    @property
    def runs(self) -> str:
        """From when, for how long."""
        return (
            f"{self.years} years from {date_long(self.starts_on)}"
            if self.years > 1
            else f"One year from {date_long(self.starts_on)}"
        )


def programmes_of(viewer: Actor) -> list[ProgrammeSeen]:
    """Every programme of the viewer's organisations, by title; three statements however many there are."""
    check(viewer, READ_PROGRAMMES)
    rows = Programme.objects.visible_to(viewer).order_by("title", "pk")
    return [_seen(row) for row in _whole(rows)]


def programme_seen(viewer: Actor, programme_id: UUID) -> ProgrammeSeen:
    """One programme for its page."""
    check(viewer, READ_PROGRAMMES)
    found = _whole(Programme.objects.visible_to(viewer).filter(pk=programme_id)).first()
    if found is None:
        raise NotVisible
    return _seen(found)


def programme_for(viewer: Actor, programme_id: UUID) -> Programme:
    """One programme, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    found = Programme.objects.visible_to(viewer).filter(pk=programme_id).first()
    if found is None:
        raise NotVisible
    return found


def strand_for(viewer: Actor, strand_id: UUID) -> Strand:
    """One strand, to hand to a service; its programme is read with it."""
    check(viewer, READ_PROGRAMMES)
    found = Strand.objects.select_related("programme", "sponsor", "merged_into").filter(
        pk=strand_id, programme__in=Programme.objects.visible_to(viewer)
    )
    strand = found.first()
    if strand is None:
        raise NotVisible
    return strand


def strands_to_join(viewer: Actor, strand: Strand) -> list[Strand]:
    """The other open strands of its programme, in their order."""
    check(viewer, READ_PROGRAMMES)
    rows = Strand.objects.filter(programme_id=strand.programme_id, state="open").exclude(pk=strand.pk)
    return list(rows.select_related("sponsor").order_by("position"))


def _whole(rows: ProgrammeQuerySet) -> ProgrammeQuerySet:
    return rows.select_related("manager__account", "agreement").prefetch_related(
        "partners__organisation", "strands__sponsor", "strands__merged_into", "strands__officer__account"
    )


def _seen(row: Programme) -> ProgrammeSeen:
    partners = sorted(row.partners.all(), key=lambda each: each.position)
    strands = sorted(row.strands.all(), key=lambda each: each.position)
    return ProgrammeSeen(
        row.pk, row.reference, row.title, row.purpose, row.starts_on, row.years, row.is_illustration,
        f"{row.manager.account.name}, {row.manager.title}" if row.manager else "",
        row.agreement.title if row.agreement else "", row.agreement_id,
        tuple((each.organisation.code, each.organisation.name) for each in partners),
        tuple(_strand(each) for each in strands),
    )  # fmt: skip


def _strand(each: Strand) -> StrandSeen:
    return StrandSeen(
        each.pk, each.code, each.name, each.sponsor.name, each.get_state_display(), each.state == "open",
        each.merged_into.name if each.merged_into else "", each.officer.account.name if each.officer else "",
    )  # fmt: skip


_MAY_ANSWER = frozenset(
    {
        Role.PROGRAMME_MANAGER, Role.COMMISSIONER, Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER, Role.TEAM_MANAGER,
        Role.FRONT_DOOR_MANAGER, Role.POOL_MANAGER,
    }
)  # fmt: skip


def partners_of(viewer: Actor, programme: Programme) -> list[Organisation]:
    """Its partners in their order, to choose among."""
    check(viewer, READ_PROGRAMMES)
    rows = programme.partners.select_related("organisation").order_by("position")
    return [each.organisation for each in rows]


def officers_to_choose(viewer: Actor, partners: Iterable[Organisation]) -> list[Post]:
    """Who may answer for a strand: managers, commissioners and directors in post at these partners, by name."""
    check(viewer, READ_PROGRAMMES)
    found: dict[UUID, Post] = {}
    for _, post in posts_of_organisations(viewer, [each.pk for each in partners]):
        if post.role in _MAY_ANSWER:
            found.setdefault(post.pk, post)
    return list(found.values())


@dataclass(frozen=True)
class ProgrammeChoices:
    """What a programme can be made of: organisations, who may manage it, and agreements to share money."""

    organisations: tuple[Organisation, ...]
    managers: tuple[Post, ...]
    agreements: tuple[PartnershipAgreement, ...]


def programme_choices(viewer: Actor) -> ProgrammeChoices:
    """For the form of a programme; schools are left out, which are partners of none."""
    check(viewer, READ_PROGRAMMES)
    bodies = open_organisations(viewer).exclude(kind="school")
    managers = [
        *posts_with_role(viewer, Role.PROGRAMME_MANAGER), *posts_with_role(viewer, Role.COMMISSIONER)
    ]  # fmt: skip
    return ProgrammeChoices(tuple(bodies), tuple(managers), tuple(agreements_of(viewer)))
