"""Setting up programmes and their strands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.models import Programme, ProgrammePartner, Strand
from joinedup.benefits.permissions import RUN_PROGRAMME, SET_UP_PROGRAMME
from joinedup.core.models import new_reference

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


@dataclass(frozen=True)
class StrandSaid:
    """What is said of a strand."""

    code: str
    name: str


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
    """Set up a programme of these partners, in this order. Refuses one without a name (BN-101)."""
    if not said.title.strip():
        raise rules.TITLE_NEEDED.refused()
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
def add_strand(
    *,
    programme: Programme,
    said: StrandSaid,
    sponsor: Organisation,
    officer: Post | None = None,
    by: Actor,
    at: datetime,
) -> Strand:
    """Add a strand, sponsored by a partner."""
    made = Strand.objects.create(
        programme=programme, code=said.code, name=said.name.strip(), position=programme.strands.count(),
        sponsor=sponsor, officer=officer,
    )  # fmt: skip
    note(subject=made, changed=("strand",))
    return made
