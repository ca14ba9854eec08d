"""Versions of an investment agreement with who has signed them: agreed is what every partner with a stake in it has signed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits.investing import BASES, SHORT
from joinedup.benefits.models import InvestmentAgreement, Programme, SettlementSignature, Stake
from joinedup.benefits.permissions import READ_PROGRAMMES, bodies_signed_for
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_seen
from joinedup.core.errors import NotVisible


@dataclass(frozen=True)
class Party:
    """A partner with a stake in a version."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True)
class SignatureSeen:
    """Who signed for a partner, with what authority, when, and where that is minuted."""

    party: Party
    name: str
    authority: str
    minute: str
    signed_on: date


@dataclass(frozen=True)
class Settlement:
    """One version with its parties in their order and the signatures it has."""

    row: InvestmentAgreement
    parties: tuple[Party, ...]
    signatures: tuple[SignatureSeen, ...]

    @property
    def unsigned(self) -> tuple[Party, ...]:
        """Who has not signed yet."""
        signed = {each.party.id for each in self.signatures}
        return tuple(each for each in self.parties if each.id not in signed)

    @property
    def is_agreed(self) -> bool:
        """Every partner has signed."""
        return bool(self.parties) and not self.unsigned

    @property
    def words(self) -> str:
        """How they settle: “Equal return, capped by what is cashable”."""
        return f"{SHORT[self.row.method]}{', capped by what is cashable' if self.row.is_capped else ''}"


@dataclass(frozen=True)
class SettlementPage:
    """One version to be signed: what each partner pays in, who signed, and for whom the viewer may sign."""

    programme: ProgrammeSeen
    settlement: Settlement
    basis: str
    transfers: tuple[tuple[str, int], ...]
    bodies: tuple[Party, ...]
    newest: int

    @property
    def is_newest(self) -> bool:
        """No later version has taken its place."""
        return self.settlement.row.number == self.newest


def settlements_of(programme_id: UUID, *, until: datetime | None = None) -> tuple[Settlement, ...]:
    """Every version of a programme, the newest first, as they stood at a moment; three statements. Inside the part."""
    versions = InvestmentAgreement.objects.filter(programme=programme_id)
    signed = SettlementSignature.objects.filter(agreement__programme=programme_id)
    if until is not None:
        versions, signed = versions.filter(decided_at__lte=until), signed.filter(at__lte=until)
    return _whole(list(versions.order_by("-number")), list(signed.order_by("at", "pk")))


def settlement_for(viewer: Actor, settlement_id: UUID) -> InvestmentAgreement:
    """One version, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    found = InvestmentAgreement.objects.filter(pk=settlement_id, programme__in=mine).select_related("programme").first()
    if found is None:
        raise NotVisible
    return found


def settlement_page(viewer: Actor, settlement_id: UUID) -> SettlementPage:
    """One version with its signatures."""
    row = settlement_for(viewer, settlement_id)
    seen = settlement_seen(row)
    bodies = bodies_signed_for(viewer)
    newest = (
        InvestmentAgreement.objects.filter(programme=row.programme_id)
        .order_by("-number")
        .values_list("number", flat=True)
    )
    return SettlementPage(
        programme_seen(viewer, row.programme_id), seen, BASES[row.basis],
        tuple((each.name, int(row.transfers.get(each.code, 0))) for each in seen.parties),
        tuple(each for each in seen.unsigned if each.id in bodies), newest[0],
    )  # fmt: skip


def settlement_seen(row: InvestmentAgreement) -> Settlement:
    """One version with its parties and signatures. Inside the part."""
    return _whole([row], list(SettlementSignature.objects.filter(agreement=row).order_by("at", "pk")))[0]


def _whole(rows: list[InvestmentAgreement], signed: list[SettlementSignature]) -> tuple[Settlement, ...]:
    parties: dict[UUID, dict[UUID, Party]] = defaultdict(dict)
    places = (
        Stake.objects.filter(agreement__in=[row.pk for row in rows], year=0)
        .order_by("organisation__name", "organisation_id")
        .values_list("agreement_id", "organisation_id", "organisation__code", "organisation__name")
    )
    for version, organisation, code, name in places:
        parties[version][organisation] = Party(organisation, code, name)
    there: dict[UUID, list[SignatureSeen]] = defaultdict(list)
    for each in signed:
        party = parties[each.agreement_id].get(each.organisation_id)
        if party is not None:
            there[each.agreement_id].append(
                SignatureSeen(party, each.name, each.authority, each.minute, each.signed_on)
            )
    return tuple(Settlement(row, tuple(parties[row.pk].values()), tuple(there[row.pk])) for row in rows)
