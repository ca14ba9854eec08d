"""Setting up and changing programmes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.models import (
    Benefit,
    DeliveryShare,
    DeliveryStaff,
    Programme,
    ProgrammePartner,
    Sponsorship,
    Stake,
)
from joinedup.benefits.permissions import RUN_PROGRAMME, SET_UP_PROGRAMME
from joinedup.core.models import claim_version, new_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joinedup.funds.models import PartnershipAgreement
    from joinedup.organisations.models import Organisation, Post


@dataclass(frozen=True)
class ProgrammeSaid:
    """What is said of a programme: its first day is the first of year 0."""

    title: str
    purpose: str
    starts_on: date
    years: int = 5
    is_illustration: bool = False


@service(SET_UP_PROGRAMME)
def set_up_programme(
    *,
    said: ProgrammeSaid,
    partners: Sequence[Organisation],
    agreement: PartnershipAgreement | None = None,
    manager: Post | None = None,
    by: Actor,
    at: datetime,
) -> Programme:
    """Set up a programme of these partners, in this order. Refuses one without a name (BN-101), with fewer than two
    partners (BN-102) or for no years (BN-104)."""
    _judge(said, partners)
    made = Programme.objects.create(
        reference=new_reference("PG"), title=said.title.strip(), purpose=said.purpose.strip(), starts_on=said.starts_on,
        years=said.years, agreement=agreement, manager=manager, is_illustration=said.is_illustration,
        set_up_at=at, set_up_by=by.account_id,
    )  # fmt: skip
    ProgrammePartner.objects.bulk_create(
        [ProgrammePartner(programme=made, organisation=each, position=n) for n, each in enumerate(partners)]
    )
    note(subject=made, changed=("programme",))
    return made


@service(RUN_PROGRAMME, on="programme")
def change_programme(
    *,
    programme: Programme,
    said: ProgrammeSaid,
    partners: Sequence[Organisation],
    agreement: PartnershipAgreement | None = None,
    manager: Post | None = None,
    version: int,
    by: Actor,
    at: datetime,
) -> Programme:
    """Change what a programme is called, when it runs, who takes part and who manages it. A partner that sponsors or pays
    stays (BN-103), and so does one with a stake in the investment agreement (BN-460) or a benefit (BN-461); it does not become shorter than what was planned in it (BN-105)."""
    _judge(said, partners)
    claim_version(programme, version)
    _shorten(programme, said.years)
    _set_partners(programme, partners)
    programme.title, programme.purpose = said.title.strip(), said.purpose.strip()
    programme.starts_on, programme.years = said.starts_on, said.years
    programme.agreement, programme.manager = agreement, manager
    programme.save(update_fields=["title", "purpose", "starts_on", "years", "agreement", "manager"])
    note(changed=("title", "purpose", "starts_on", "years", "partners", "agreement", "manager"))
    return programme


def _judge(said: ProgrammeSaid, partners: Sequence[Organisation]) -> None:
    if not said.title.strip():
        raise rules.TITLE_NEEDED.refused()
    if len({each.pk for each in partners}) < 2:
        raise rules.PARTNERS_NEEDED.refused()
    if not 1 <= said.years <= 60:
        raise rules.YEARS_NEEDED.refused()


def _shorten(programme: Programme, years: int) -> None:
    if years >= programme.years:
        return
    planned = DeliveryStaff.objects.filter(
        delivery_model__strand__programme=programme, last_year__gte=years, removed_at__isnull=True
    )
    found = planned.order_by("-last_year", "pk").first()
    if found is not None:
        raise rules.YEARS_USED.refused(what=f"A {found.grade}", year=found.last_year + 1)


def _set_partners(programme: Programme, partners: Sequence[Organisation]) -> None:
    """Those who are there keep their place; who joins comes after them."""
    there = {each.organisation_id: each for each in programme.partners.select_related("organisation")}
    wanted = {each.pk for each in partners}
    for organisation_id, place in there.items():
        if organisation_id in wanted:
            continue
        sponsors = Sponsorship.objects.filter(strand__programme=programme, organisation_id=organisation_id)
        pays = DeliveryShare.objects.filter(
            delivery_model__strand__programme=programme, organisation_id=organisation_id, basis_points__gt=0
        )
        if sponsors.exists() or pays.exists():
            raise rules.PARTNER_STAYS.refused(partner=place.organisation.name)
        _require_free(programme, place)
        place.delete()
    last = max((each.position for each in there.values()), default=-1)
    joined = [each for each in partners if each.pk not in there]
    ProgrammePartner.objects.bulk_create(
        [
            ProgrammePartner(programme=programme, organisation=each, position=last + n)
            for n, each in enumerate(joined, 1)
        ]
    )


def _require_free(programme: Programme, place: ProgrammePartner) -> None:
    """BN-460 and BN-461: nobody leaves the sums others have signed, nor the benefits counted for them."""
    name = place.organisation.name
    stake = (
        Stake.objects.filter(agreement__programme=programme, organisation=place.organisation_id)
        .order_by("-agreement__number")
        .values_list("agreement__number", flat=True)
        .first()
    )
    if stake is not None:
        raise rules.PARTNER_HAS_STAKE.refused(partner=name, number=stake)
    rows = Benefit.objects.filter(case__strand__programme=programme, organisation=place.organisation_id)
    titles = list(rows.order_by("title", "pk").values_list("title", flat=True).distinct())
    if titles:
        more = f" and {len(titles) - 2} more" if len(titles) > 2 else ""
        raise rules.PARTNER_GAINS.refused(partner=name, benefits=f"{' and '.join(titles[:2])}{more}")
