"""What decisions carry out, and how: each calls the services of the part concerned, whose own rules hold as ever.

A board’s decision acts in its own name, so that the program does it (`system`) once governance has looked at quorum, power,
partners and call-in; a chief finance officer’s authorisation is done in that officer’s name, with the rights held by then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.benefits import queries as programmes
from joinedup.benefits import services as programme_services
from joinedup.core.errors import NotVisible
from joinedup.engines.money import format_pounds
from joinedup.funds import queries as money
from joinedup.funds import services as money_services
from joinedup.governance import rules
from joinedup.governance.effects import Body, Matter, Order, Question
from joinedup.governance.models import RoundAcceptance

_CHIEFS = frozenset({Role.CHIEF_FINANCE_OFFICER})
_DIRECTORS = _CHIEFS | {Role.FINANCE_DIRECTOR, Role.DIRECTOR}


class SignAgreement:
    """Every partner’s chief finance officer authorises the agreement, and it is opened."""

    kind = "sign_agreement"
    words = "Sign an agreement to share money"
    approvers = _CHIEFS

    def waiting(self, viewer: Actor) -> list[Matter]:
        """Agreements that are complete."""
        return [self._matter(each) for each in money.agreements_awaiting(system(viewer.at))]

    def look(self, viewer: Actor, matter_id: UUID) -> Matter:
        """One agreement as it stands."""
        return self._matter(money.agreement_awaiting(system(viewer.at), matter_id))

    def invented(self, viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
        """None: an agreement belongs to no programme."""
        return frozenset()

    def bodies_of(self, matter: Matter, chosen: Mapping[str, str]) -> tuple[Body, ...]:
        """Every partner of it."""
        return matter.bodies

    def carry_out(self, order: Order, *, by: Actor, at: datetime) -> str:
        """Authorise for whoever has not yet, then open it."""
        found = money.agreement_awaiting(system(at), order.matter_id)
        recorded = {each.organisation_id: each.account_id for each in order.approvals}
        for partner in found.partners:
            account_id = recorded.get(partner.organisation_id)
            if partner.pk in found.unsigned:
                officer = actor_for_account(account_id, at=at) if account_id else system(at)
                money_services.authorise(partner=partner, by=officer, at=at)
        money_services.open_agreement(agreement=found.row, by=system(at), at=at)
        return f"{found.row.reference}, {found.row.title}, is signed by {len(found.partners)} partners and open."

    def _matter(self, found: money.AgreementAwaiting) -> Matter:
        row = found.row
        evidence = {
            "reference": row.reference, "title": row.title, "power": row.power, "starts_on": str(row.starts_on or ""),
            "ends_on": str(row.ends_on or ""), "items": found.digest,
            "partners": [each.organisation.name for each in found.partners],
        }  # fmt: skip
        return Matter(
            row.pk, f"Sign {row.title}", f"{row.reference}: complete, waiting to be signed and opened.",
            tuple(Body(each.organisation_id, each.organisation.name) for each in found.partners), evidence,
        )  # fmt: skip


class MoveMoney:
    """A virement above what an officer may approve is approved and posted."""

    kind = "approve_virement"
    words = "Approve a virement above the officers’ limit"
    approvers = _DIRECTORS

    def waiting(self, viewer: Actor) -> list[Matter]:
        """Virements that wait for a body."""
        return [self._matter(each) for each in money.virements_awaiting_body(system(viewer.at))]

    def look(self, viewer: Actor, matter_id: UUID) -> Matter:
        """One virement as it stands."""
        return self._matter(money.virement_awaiting_body(system(viewer.at), matter_id))

    def invented(self, viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
        """None: a virement belongs to no programme."""
        return frozenset()

    def bodies_of(self, matter: Matter, chosen: Mapping[str, str]) -> tuple[Body, ...]:
        """The host of the fund; every partner where it goes between capital and revenue."""
        return matter.bodies

    def carry_out(self, order: Order, *, by: Actor, at: datetime) -> str:
        """Each partner agrees where all must; then it is approved under the decision’s reference."""
        found = money.virement_awaiting_body(system(at), order.matter_id)
        for partner in found.partners:
            money_services.agree_to_virement(partner=partner, virement=found.row, by=system(at), at=at)
        minute = f"{order.board}, decision {order.reference}"
        row = money_services.approve_virement(virement=found.row, decision=minute[:300], by=system(at), at=at)
        return f"{format_pounds(row.pence)} moved from {row.from_line.name} to {row.to_line.name} in {row.fund.name}."

    def _matter(self, found: money.VirementAwaiting) -> Matter:
        row = found.row
        evidence = {
            "fund": row.fund.name, "from": row.from_line.name, "to": row.to_line.name, "pence": row.pence,
            "moved_this_year_pence": row.cumulative_pence, "level": found.level, "reason": row.reason,
        }  # fmt: skip
        title = f"Move {format_pounds(row.pence)} from {row.from_line.name} to {row.to_line.name}"
        return Matter(
            row.pk, title, f"{row.fund.name}: {row.reason} It needs: {found.level.lower()}.",
            tuple(Body(*each) for each in found.bodies), evidence, pence=row.cumulative_pence,
        )  # fmt: skip


class AcceptRound:
    """A round of a business case is accepted, as it was kept."""

    kind = "accept_round"
    words = "Accept a round of a business case"
    approvers = _DIRECTORS

    def waiting(self, viewer: Actor) -> list[Matter]:
        """The newest rounds nobody has accepted."""
        accepted = set(RoundAcceptance.objects.values_list("round_id", flat=True))
        found = programmes.rounds_awaiting(system(viewer.at))
        return [self._matter(each) for each in found if each.row.pk not in accepted]

    def look(self, viewer: Actor, matter_id: UUID) -> Matter:
        """One round; NotVisible when it was accepted, or a newer one was kept."""
        if RoundAcceptance.objects.filter(round_id=matter_id).exists():
            raise NotVisible
        return self._matter(programmes.round_awaiting(system(viewer.at), matter_id))

    def invented(self, viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
        """Rounds of a programme that is an illustration."""
        return programmes.invented_rounds(system(viewer.at), ids)

    def bodies_of(self, matter: Matter, chosen: Mapping[str, str]) -> tuple[Body, ...]:
        """Every partner of the programme."""
        return matter.bodies

    def carry_out(self, order: Order, *, by: Actor, at: datetime) -> str:
        """Write down that it is accepted, with its digest."""
        found = programmes.round_awaiting(system(at), order.matter_id)
        RoundAcceptance.objects.create(
            round_id=found.row.pk, decision_id=order.decision_id, digest=found.row.digest, accepted_at=at
        )
        return f"Round {found.row.number} of {found.case.title} is accepted."

    def _matter(self, found: programmes.RoundAwaiting) -> Matter:
        row, case = found.row, found.case
        evidence = {
            "case": case.reference, "title": case.title, "round": row.number, "digest": row.digest,
            "net_public_value_pence": found.net_pence,
        }  # fmt: skip
        return Matter(
            row.pk, f"Accept round {row.number} of {case.title}",
            f"{case.reference}: {format_pounds(found.net_pence)} net public value, a forecast.",
            tuple(Body(*each) for each in found.partners), evidence,
            is_illustration=case.strand.programme.is_illustration,
        )  # fmt: skip


class NameSponsor:
    """A partner sponsors a strand of a programme, and an officer of it answers for it."""

    kind = "name_sponsor"
    words = "Appoint the sponsor of a strand"
    approvers = _DIRECTORS

    def waiting(self, viewer: Actor) -> list[Matter]:
        """Every open strand for which no officer answers."""
        return [
            Matter(
                each.pk,
                f"Appoint the sponsor of {each.name}",
                f"{each.programme.title}: nobody answers for it.",
                (),
                {},
                is_illustration=each.programme.is_illustration,
            )
            for each in programmes.strands_awaiting(system(viewer.at))
            if each.officer_id is None
        ]

    def look(self, viewer: Actor, matter_id: UUID) -> Matter:
        """One strand with whom it could be given to."""
        found = programmes.strand_awaiting(system(viewer.at), matter_id)
        row = found.row
        evidence = {
            "programme": row.programme.title, "strand": row.name, "sponsor": row.sponsor.name,
            "officer": row.officer.account.name if row.officer else "",
        }  # fmt: skip
        officers = tuple(
            (str(each.pk), f"{each.account.name}, {each.title}, {each.host.name}") for each in found.officers
        )
        sponsors = tuple((str(each.pk), each.name) for each in found.partners)
        questions = (
            Question("sponsor", "Which partner sponsors it?", sponsors),
            Question("officer", "Which of its officers answers for it?", officers),
        )
        return Matter(
            row.pk, f"Appoint the sponsor of {row.name}", f"{row.programme.title}: now sponsored by {row.sponsor.name}.", (),
            evidence, questions=questions, is_illustration=row.programme.is_illustration,
        )  # fmt: skip

    def invented(self, viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
        """Strands of a programme that is an illustration."""
        return programmes.invented_strands(system(viewer.at), ids)

    def bodies_of(self, matter: Matter, chosen: Mapping[str, str]) -> tuple[Body, ...]:
        """The partner that becomes the sponsor: its officer answers."""
        sponsors = dict(matter.questions[0].options)
        return (Body(UUID(chosen["sponsor"]), sponsors[chosen["sponsor"]]),)

    def carry_out(self, order: Order, *, by: Actor, at: datetime) -> str:
        """Name the sponsor and the officer from today on."""
        found = programmes.strand_awaiting(system(at), order.matter_id)
        sponsor = next((each for each in found.partners if str(each.pk) == order.chosen["sponsor"]), None)
        officer = next((each for each in found.officers if str(each.pk) == order.chosen["officer"]), None)
        if sponsor is None or officer is None:
            raise rules.EFFECT_CHANGED.refused(what="the partner or officer chosen is there no more")
        programme_services.sponsor_strand(
            strand=found.row, sponsor=sponsor, officer=officer, starts_on=timezone.localdate(at), by=system(at), at=at,
            reason=f"{order.board}, decision {order.reference}",
        )  # fmt: skip
        return f"{sponsor.name} sponsors {found.row.name}; {officer.account.name} answers for it."


sign_agreement, move_money, accept_round, name_sponsor = SignAgreement(), MoveMoney(), AcceptRound(), NameSponsor()
