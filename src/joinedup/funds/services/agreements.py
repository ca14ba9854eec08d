"""Drafting an agreement, filling every item of it, opening it, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.models import claim_version, new_reference
from joinedup.funds import agreement_items, rules
from joinedup.funds.lifecycle import PartnershipState
from joinedup.funds.models import AgreementItem, AgreementPartner, Authorisation, Fund, PartnershipAgreement
from joinedup.funds.permissions import (
    CHANGE_AGREEMENT,
    DRAFT_AGREEMENT,
    END_AGREEMENT,
    OPEN_AGREEMENT,
)
from joinedup.funds.powers import KIND_WORDS, LegalPower, power
from joinedup.funds.queries.gate import standing_of
from joinedup.funds.services.steps import _lock, _move_partnership, _require_draft, _said, _write_move
from joinedup.funds.virement_schemes import SCHEMES

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post


@dataclass(frozen=True)
class AgreementTerms:
    """What an agreement is called, the power it rests on, and its days. `ends_on` is its last day; none where it runs until
    somebody gives notice."""

    title: str
    power: str
    starts_on: date | None = None
    review_on: date | None = None
    ends_on: date | None = None
    notice_months: int = 12
    virement_scheme: str = ""
    days_to_pay: int = 30


@service(DRAFT_AGREEMENT, on="organisation")
def draft_agreement(
    *, organisation: Organisation, terms: AgreementTerms, by: Actor, at: datetime
) -> PartnershipAgreement:
    """Begin an agreement; the organisation that begins it is its first partner. Raises Refused (FU-101, FU-102, FU-103,
    FU-108, FU-109)."""
    chosen = _checked(terms, at)
    agreement = PartnershipAgreement.objects.create(
        reference=new_reference("PA"), drafted_at=at, drafted_by=by.account_id, **_facts(terms)
    )
    _join(agreement, organisation, chosen, at)
    _write_move(agreement, "", PartnershipState.DRAFT, by=by, at=at)
    note(subject=agreement, changed=("agreement",))
    return agreement


@service(CHANGE_AGREEMENT, on="agreement")
def change_terms(
    *, agreement: PartnershipAgreement, terms: AgreementTerms, version: int, by: Actor, at: datetime
) -> PartnershipAgreement:
    """Say otherwise what a draft is called, rests on and runs for. Every partner must fit another power, too."""
    _require_draft(agreement)
    chosen = _checked(terms, at)
    for each in _partners(agreement):
        _require_eligible(each.organisation, chosen, terms.starts_on or timezone.localdate(at))
    claim_version(agreement, version)
    for name, value in _facts(terms).items():
        setattr(agreement, name, value)
    agreement.save(update_fields=list(_facts(terms)))
    note(changed=tuple(_facts(terms)))
    return agreement


@service(CHANGE_AGREEMENT, on="agreement")
def add_partner(
    *, agreement: PartnershipAgreement, organisation: Organisation, by: Actor, at: datetime
) -> AgreementPartner:
    """Another organisation takes part. Raises Refused (FU-103 for one that its power does not know, FU-104, FU-105)."""
    _require_draft(agreement)
    chosen = power(agreement.power)
    if chosen is None:
        raise rules.POWER_KNOWN.refused()
    partner = _join(agreement, organisation, chosen, at)
    note(changed=("partners",), words={"organisation": organisation.code})
    return partner


@service(CHANGE_AGREEMENT, on="agreement")
def remove_partner(*, agreement: PartnershipAgreement, partner: AgreementPartner, by: Actor, at: datetime) -> None:
    """An organisation takes no part after all: only while nothing hangs on it. Raises Refused (FU-106, FU-127)."""
    _require_draft(agreement)
    used = (
        agreement.host_id == partner.pk
        or Fund.objects.filter(host=partner).exists()
        or partner.lines.exists()
        or partner.contributions.exists()
        or partner.sheets.exists()
        or partner.led_schemes.exists()
    )
    if used:
        raise rules.HOST_STAYS.refused(organisation=partner.organisation.name, what="something in this agreement")
    partner.authorisations.all().delete()
    partner.delete()
    note(changed=("partners",), words={"organisation": partner.organisation.code})


@service(CHANGE_AGREEMENT, on="agreement")
def write_item(*, agreement: PartnershipAgreement, code: str, words: str, by: Actor, at: datetime) -> AgreementItem:
    """Say what the agreement says under one item. The aims and the outcomes come first. Raises Refused (FU-106, FU-110,
    FU-111)."""
    _require_draft(agreement)
    if code not in agreement_items.BY_CODE or not words.strip():
        raise rules.WORDS_NEEDED.refused()
    filled = set(AgreementItem.objects.filter(agreement=agreement).values_list("code", flat=True))
    if agreement_items.order_broken(code, filled):
        raise rules.AIMS_FIRST.refused()
    said = {"words": words.strip(), "filled_at": at, "filled_by": by.account_id}
    item, _ = AgreementItem.objects.update_or_create(agreement=agreement, code=code, defaults=said)
    claim_version(agreement, agreement.version)
    note(changed=(code,))
    return item


@service(CHANGE_AGREEMENT, on="agreement")
def name_host(
    *, agreement: PartnershipAgreement, host: AgreementPartner, pool_manager: Post, by: Actor, at: datetime
) -> PartnershipAgreement:
    """Name the partner that holds and accounts for the money and its officer who manages it. Raises Refused (FU-112,
    FU-113)."""
    _require_draft(agreement)
    if host.agreement_id != agreement.pk or host.left_on is not None:
        raise rules.HOST_IS_PARTNER.refused()
    is_officer = pool_manager.role == Role.POOL_MANAGER and pool_manager.host_id == host.organisation_id
    if not is_officer or not pool_manager.is_held_at(at):
        raise rules.MANAGER_OF_HOST.refused()
    claim_version(agreement, agreement.version)
    agreement.host, agreement.pool_manager = host, pool_manager
    agreement.save(update_fields=["host", "pool_manager"])
    note(changed=("host", "pool_manager"))
    return agreement


@service(CHANGE_AGREEMENT, on="agreement")
def mark_ready(*, agreement: PartnershipAgreement, by: Actor, at: datetime) -> PartnershipAgreement:
    """Nothing is missing but the authorisations: the draft is handed to the chief finance officers. Raises Refused (R-1)
    with everything that is missing."""
    _lock(agreement)
    if agreement.state == PartnershipState.DRAFT:
        _require_nothing_missing(agreement, by, but_for="Authorisation")
    _move_partnership(agreement, PartnershipState.READY, by=by, at=at)
    return agreement


@service(CHANGE_AGREEMENT, on="agreement")
def take_up_again(*, agreement: PartnershipAgreement, reason: str, by: Actor, at: datetime) -> PartnershipAgreement:
    """Back to the draft: whatever was authorised was another wording, and lapses. Raises Refused (FU-107, FU-119)."""
    _lock(agreement)
    why = _said(reason, rules.REASON_NEEDED)
    _move_partnership(agreement, PartnershipState.DRAFT, by=by, at=at, reason=why)
    Authorisation.objects.filter(agreement=agreement, variation=None, lapsed_at=None).update(lapsed_at=at)
    return agreement


@service(OPEN_AGREEMENT, on="agreement")
def open_agreement(*, agreement: PartnershipAgreement, by: Actor, at: datetime) -> PartnershipAgreement:
    """Every item filled, host and pool manager named, every partner's chief finance officer has authorised: money may move.
    Raises Refused (R-1)."""
    _lock(agreement)
    if agreement.state in {PartnershipState.DRAFT, PartnershipState.READY}:
        _require_nothing_missing(agreement, by)
    _move_partnership(agreement, PartnershipState.OPEN, by=by, at=at)
    return agreement


@service(END_AGREEMENT, on="agreement")
def give_notice(
    *, agreement: PartnershipAgreement, ends_on: date, reason: str, by: Actor, at: datetime
) -> PartnershipAgreement:
    """Somebody wants out: the last day, no sooner than the notice allows. Raises Refused (FU-107, FU-119, FU-122)."""
    _lock(agreement)
    why = _said(reason, rules.REASON_NEEDED)
    earliest = _months_on(timezone.localdate(at), agreement.notice_months)
    if ends_on < earliest:
        raise rules.NOTICE_LONG_ENOUGH.refused(months=agreement.notice_months, day=f"{earliest:%-d %B %Y}")
    agreement.ends_on = ends_on
    agreement.save(update_fields=["ends_on"])
    _move_partnership(agreement, PartnershipState.IN_NOTICE, by=by, at=at, reason=why)
    return agreement


@service(END_AGREEMENT, on="agreement")
def end_agreement(*, agreement: PartnershipAgreement, reason: str, by: Actor, at: datetime) -> PartnershipAgreement:
    """It is over, or the draft is given up. What was posted stays. Raises Refused (FU-107, FU-119)."""
    _lock(agreement)
    why = _said(reason, rules.REASON_NEEDED)
    today = timezone.localdate(at)
    if agreement.starts_on is None or agreement.starts_on <= today:
        agreement.ends_on = min(agreement.ends_on or today, today)
    else:
        agreement.ends_on = agreement.starts_on
    agreement.save(update_fields=["ends_on"])
    _move_partnership(agreement, PartnershipState.ENDED, by=by, at=at, reason=why)
    return agreement


def _require_nothing_missing(agreement: PartnershipAgreement, by: Actor, *, but_for: str = "") -> None:
    missing = agreement_items.missing(standing_of(by, agreement), but_for=but_for)
    if missing:
        raise rules.OPENS_COMPLETE.refused(what="; ".join(missing))


def _checked(terms: AgreementTerms, at: datetime) -> LegalPower:
    if not terms.title.strip():
        raise rules.TITLE_NEEDED.refused()
    chosen = power(terms.power)
    if chosen is None:
        raise rules.POWER_KNOWN.refused()
    day = terms.starts_on or timezone.localdate(at)
    if not chosen.is_in_force(day):
        raise rules.POWER_IN_FORCE.refused(power=chosen.name, day=f"{day:%-d %B %Y}")
    known = [each for each in (terms.starts_on, terms.review_on, terms.ends_on) if each is not None]
    if known != sorted(known) or (terms.starts_on and terms.review_on == terms.starts_on):
        raise rules.DATES_RUN_FORWARD.refused()
    if terms.virement_scheme and terms.virement_scheme not in SCHEMES:
        raise rules.VIREMENT_SCHEME_CHOSEN.refused("virement_scheme")
    return chosen


def _facts(terms: AgreementTerms) -> dict[str, object]:
    return {
        "title": terms.title.strip()[:200], "power": terms.power, "starts_on": terms.starts_on,
        "review_on": terms.review_on, "ends_on": terms.ends_on, "notice_months": terms.notice_months,
        "virement_scheme": terms.virement_scheme, "days_to_pay": terms.days_to_pay,
    }  # fmt: skip


def _partners(agreement: PartnershipAgreement) -> list[AgreementPartner]:
    there = AgreementPartner.objects.filter(agreement=agreement, left_on=None)
    return list(there.select_related("organisation").order_by("position"))


def _join(
    agreement: PartnershipAgreement, organisation: Organisation, chosen: LegalPower, at: datetime
) -> AgreementPartner:
    there = AgreementPartner.objects.filter(agreement=agreement)
    if there.filter(organisation=organisation).exists():
        raise rules.PARTNER_ONCE.refused(organisation=organisation.name)
    _require_eligible(organisation, chosen, agreement.starts_on or timezone.localdate(at))
    return AgreementPartner.objects.create(
        agreement=agreement, organisation=organisation, position=there.count(), joined_on=agreement.starts_on
    )


def _require_eligible(organisation: Organisation, chosen: LegalPower, day: date) -> None:
    """FU-103 and FU-105: a kind of body the power knows, that existed on the day."""
    if not chosen.takes(organisation.kind):
        kind = KIND_WORDS.get(organisation.kind, organisation.kind)
        raise rules.PARTNER_ELIGIBLE.refused(
            organisation=organisation.name, power=chosen.name, kind=kind, why=chosen.why_not
        )
    began = organisation.opened_on is None or organisation.opened_on <= day
    if not began or (organisation.closed_on is not None and organisation.closed_on < day):
        raise rules.PARTNER_EXISTS.refused(organisation=organisation.name, day=f"{day:%-d %B %Y}")


def _months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (after - first).days))
