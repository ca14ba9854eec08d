"""Virements, as pages show them: what was moved, what waits, and who may decide it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.funds.models import AgreementPartner, Fund, Virement, VirementAuthority
from joinedup.funds.permissions import AGREE_TO_VIREMENT, DECIDE_VIREMENT, READ_FUNDS, WITHDRAW_VIREMENT
from joinedup.funds.queries.seen import fund_for_change
from joinedup.funds.virement_schemes import SCHEMES, level_words, reaches


@dataclass(frozen=True)
class VirementShown:
    """A virement, the level it needs, and who may decide it."""

    row: Virement
    id: UUID
    from_line: str
    to_line: str
    pence: int
    state: str
    state_label: str
    reason: str
    level: str
    cumulative: int
    asked_by: str
    decided_by: str
    decision: str
    is_recurrent: bool


@dataclass(frozen=True)
class VirementPage:
    """One virement, to be decided."""

    shown: VirementShown
    fund: Fund
    able: tuple[str, ...]
    needs_minute: bool
    crosses_capital: bool
    agreed: tuple[str, ...]
    open_partners: tuple[tuple[UUID, str, bool], ...]
    may: frozenset[str]


_LABELS = {"asked": "Waiting", "approved": "Approved", "declined": "Declined", "withdrawn": "Withdrawn"}


def virements_of(viewer: Actor, row: Fund, year: int) -> list[VirementShown]:
    """The virements of a year, the latest first; the caller has looked whether the viewer may see the fund."""
    rows = list(
        Virement.objects.filter(fund=row, year=year).select_related("from_line", "to_line").order_by("-asked_at", "-pk")
    )
    who = names_of_accounts(viewer, {each for one in rows for each in (one.asked_by, one.decided_by) if each})
    return [_virement(each, who) for each in rows]


def _virement(each: Virement, who: dict[UUID, str]) -> VirementShown:
    return VirementShown(
        row=each, id=each.pk, from_line=str(each.from_line), to_line=str(each.to_line), pence=each.pence, state=each.state,
        state_label=_LABELS[each.state], reason=each.reason, level=level_words(each.scheme, each.level),
        cumulative=each.cumulative_pence, asked_by=who.get(each.asked_by, "") if each.asked_by else "",
        decided_by=who.get(each.decided_by, "") if each.decided_by else "", decision=each.decision,
        is_recurrent=each.is_recurrent,
    )  # fmt: skip


def virements(viewer: Actor, fund_id: UUID) -> tuple[Fund, list[VirementShown]]:
    """What was moved in a fund this year, and what waits."""
    row = fund_for_change(viewer, fund_id)
    return row, virements_of(viewer, row, row.year)


def virement_for_change(viewer: Actor, virement_id: UUID) -> Virement:
    """A virement of a fund the viewer may see."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    rows = Virement.objects.filter(fund__in=Fund.objects.visible_to(viewer)).select_related(
        "fund__agreement", "fund__host", "from_line", "to_line"
    )
    found = rows.filter(pk=virement_id).first()
    if found is None:
        raise NotVisible
    return found


def virement(viewer: Actor, virement_id: UUID) -> VirementPage:
    """One virement with who may decide it."""
    row = virement_for_change(viewer, virement_id)
    who = names_of_accounts(viewer, {each for each in (row.asked_by, row.decided_by) if each})
    scheme = SCHEMES[row.scheme]
    named = VirementAuthority.objects.filter(agreement=row.fund.agreement_id, ended_at=None).select_related(
        "post__account"
    )
    able = [each for each in named.order_by("post__account__name", "pk") if reaches(scheme, each.level, row.level)]
    is_mine = row.asked_by is not None and row.asked_by == viewer.account_id
    decides = any(each.post_id in viewer.post_ids for each in able) and can(viewer, DECIDE_VIREMENT, row)
    crosses = row.from_line.is_capital != row.to_line.is_capital
    agreed = set(row.agreed_by.values_list("partner_id", flat=True))
    partners = (
        list(
            AgreementPartner.objects.filter(agreement=row.fund.agreement_id, left_on=None)
            .select_related("organisation")
            .order_by("position")
        )
        if crosses
        else []
    )
    waits = row.state == "asked"
    may = {
        "approve": waits and decides and not is_mine, "decline": waits and decides,
        "withdraw": waits and can(viewer, WITHDRAW_VIREMENT, row),
    }  # fmt: skip
    return VirementPage(
        shown=_virement(row, who), fund=row.fund,
        able=tuple(dict.fromkeys(f"{each.post.account.name}, {each.post.title}" for each in able)),
        needs_minute=next(each.is_body for each in scheme.bands if each.level == row.level), crosses_capital=crosses,
        agreed=tuple(each.organisation.name for each in partners if each.pk in agreed),
        open_partners=tuple((each.pk, each.organisation.name, waits and can(viewer, AGREE_TO_VIREMENT, each)) for each in partners if each.pk not in agreed),
        may=frozenset(name for name, is_so in may.items() if is_so),
    )  # fmt: skip


def partner_of_virement(viewer: Actor, virement_id: UUID, partner_id: UUID) -> AgreementPartner:
    """A partner of the agreement a virement belongs to."""
    row = virement_for_change(viewer, virement_id)
    found = (
        AgreementPartner.objects.select_related("organisation")
        .filter(pk=partner_id, agreement=row.fund.agreement_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found
