"""Agreements as their partners see them: the list, one in full, its task list, sheets and variations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.funds.agreement_items import BY_CODE, ITEMS, Item, Task
from joinedup.funds.codes import MODELS, Model
from joinedup.funds.lifecycle import PARTNERSHIP_LABELS, WORKING, PartnershipState
from joinedup.funds.models import (
    AgreementItem,
    AgreementPartner,
    AgreementSecondment,
    Authorisation,
    BudgetSheet,
    Fund,
    PartnershipAgreement,
    PartnershipTransition,
    PowerCheck,
    Variation,
    VirementAuthority,
)
from joinedup.funds.permissions import (
    ATTACH_SECONDMENT,
    AUTHORISE_AGREEMENT,
    CHANGE_AGREEMENT,
    END_AGREEMENT,
    NAME_AUTHORITY,
    NOVATE_AGREEMENT,
    OPEN_AGREEMENT,
    PUBLISH_SHEET,
    READ_FUNDS,
    SET_BUDGET,
    VARY_AGREEMENT,
)
from joinedup.funds.powers import LegalPower, power
from joinedup.funds.queries.gate import tasks_of
from joinedup.funds.virement_schemes import SCHEMES, level_words
from joinedup.organisations.queries import posts_of_organisations

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class AgreementRow:
    """An agreement in a list with its funds."""

    id: UUID
    reference: str
    title: str
    power: str
    state: str
    state_label: str
    partners: tuple[str, ...]
    funds: tuple[tuple[UUID, str, str], ...]
    starts_on: date | None
    review_on: date | None
    is_review_late: bool


@dataclass(frozen=True)
class PartnerShown:
    """A partner with its sheet and its authorisation. `is_mine` where the viewer may act for it."""

    id: UUID
    organisation_id: UUID
    name: str
    kind: str
    joined_on: date | None
    left_on: date | None
    after: str
    has_sheet: bool
    authorised_on: date | None
    may_publish: bool
    may_authorise: bool


@dataclass(frozen=True)
class ItemShown:
    """One item with what the agreement says."""

    item: Item
    words: str
    filled_at: datetime | None


@dataclass(frozen=True)
class VariationShown:
    """A variation, how far it is, and who has authorised it."""

    id: UUID
    number: int
    words: str
    effective_on: date
    state: str
    fund: str
    effects: list[dict[str, Any]]
    authorised: tuple[tuple[str, date], ...]
    open_partners: tuple[tuple[UUID, str, bool], ...]  # partner, name, whether the viewer authorises for it
    waits: bool


@dataclass(frozen=True)
class AgreementPage:
    """One agreement in full."""

    row: PartnershipAgreement
    id: UUID
    version: int
    reference: str
    title: str
    power: LegalPower | None
    state: str
    state_label: str
    starts_on: date | None
    review_on: date | None
    ends_on: date | None
    notice_months: int
    host: str
    pool_manager: str
    virement_scheme: str
    partners: tuple[PartnerShown, ...]
    former: tuple[PartnerShown, ...]
    items: tuple[ItemShown, ...]
    tasks: tuple[Task, ...]
    funds: tuple[tuple[UUID, str, str], ...]
    variations: tuple[VariationShown, ...]
    secondments: tuple[AgreementSecondment, ...]
    authorities: tuple[tuple[UUID, str, str], ...]
    history: tuple[dict[str, Any], ...]
    may: frozenset[str]
    checked: PowerCheck | None  # the latest check of its power by a lawyer

    @property
    def seconded_hours(self) -> Decimal:
        """Full-time equivalents seconded under it."""
        return sum((each.post.full_time_equivalent for each in self.secondments), Decimal(0))

    @property
    def missing(self) -> int:
        """How many tasks are left before it can be opened."""
        return sum(not task.is_done for task in self.tasks)


def agreements(viewer: Actor) -> list[AgreementRow]:
    """The agreements of the viewer's organisations with their funds, those at work first."""
    check(viewer, READ_FUNDS)
    on = timezone.localdate(viewer.at)
    there = AgreementPartner.objects.filter(left_on=None).select_related("organisation").order_by("position")
    rows = PartnershipAgreement.objects.visible_to(viewer).prefetch_related(
        Prefetch("partners", queryset=there, to_attr="there"),
        Prefetch("funds", queryset=Fund.objects.order_by("code"), to_attr="shown_funds"),
    )
    found = [_row(each, on) for each in rows.order_by("starts_on", "title", "pk")]
    return sorted(found, key=lambda each: each.state not in WORKING)


def _row(agreement: Any, on: date) -> AgreementRow:
    chosen = power(agreement.power)
    return AgreementRow(
        id=agreement.pk, reference=agreement.reference, title=agreement.title,
        power=chosen.name if chosen else agreement.power, state=agreement.state,
        state_label=PARTNERSHIP_LABELS[PartnershipState(agreement.state)],
        partners=tuple(each.organisation.name for each in agreement.there),
        funds=tuple((each.pk, each.name, MODELS[Model(each.model)]) for each in agreement.shown_funds),
        starts_on=agreement.starts_on, review_on=agreement.review_on,
        is_review_late=agreement.review_on is not None and agreement.review_on < on and agreement.state in WORKING,
    )  # fmt: skip


def agreement_for_change(viewer: Actor, fund_agreement_id: UUID) -> PartnershipAgreement:
    """An agreement the viewer may see, to hand to a service."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    rows = PartnershipAgreement.objects.visible_to(viewer).select_related("host__organisation", "pool_manager__account")
    found = rows.filter(pk=fund_agreement_id).first()
    if found is None:
        raise NotVisible
    return found


def partner_for_change(viewer: Actor, fund_agreement_id: UUID, partner_id: UUID) -> AgreementPartner:
    """A partner of an agreement the viewer may see."""
    agreement = agreement_for_change(viewer, fund_agreement_id)
    rows = AgreementPartner.objects.select_related("organisation", "agreement")
    found = rows.filter(pk=partner_id, agreement=agreement).first()
    if found is None:
        raise NotVisible
    return found


def variation_for_change(viewer: Actor, fund_agreement_id: UUID, variation_id: UUID) -> Variation:
    """A variation of an agreement the viewer may see."""
    agreement = agreement_for_change(viewer, fund_agreement_id)
    found = Variation.objects.select_related("fund__agreement").filter(pk=variation_id, agreement=agreement).first()
    if found is None:
        raise NotVisible
    return found


def secondment_for_change(viewer: Actor, fund_agreement_id: UUID, secondment_id: int) -> AgreementSecondment:
    """A secondment attached to an agreement the viewer may see."""
    agreement = agreement_for_change(viewer, fund_agreement_id)
    found = AgreementSecondment.objects.filter(pk=secondment_id, agreement=agreement, detached_at=None).first()
    if found is None:
        raise NotVisible
    return found


def authority_for_change(viewer: Actor, fund_agreement_id: UUID, authority_id: UUID) -> VirementAuthority:
    """Somebody named to approve virements under an agreement the viewer may see."""
    agreement = agreement_for_change(viewer, fund_agreement_id)
    found = VirementAuthority.objects.filter(pk=authority_id, agreement=agreement, ended_at=None).first()
    if found is None:
        raise NotVisible
    return found


def agreement(viewer: Actor, fund_agreement_id: UUID) -> AgreementPage:
    """One agreement with everything that hangs on it."""
    row = agreement_for_change(viewer, fund_agreement_id)
    partners = _partners(viewer, row)
    now = [each for each in partners if each.left_on is None]
    said = {each.code: each for each in AgreementItem.objects.filter(agreement=row)}
    scheme = SCHEMES.get(row.virement_scheme)
    return AgreementPage(
        row=row, id=row.pk, version=row.version, reference=row.reference, title=row.title, power=power(row.power),
        state=row.state, state_label=PARTNERSHIP_LABELS[PartnershipState(row.state)], starts_on=row.starts_on,
        review_on=row.review_on, ends_on=row.ends_on, notice_months=row.notice_months,
        host=row.host.organisation.name if row.host else "", virement_scheme=scheme.name if scheme else "",
        pool_manager=f"{row.pool_manager.account.name}, {row.pool_manager.title}" if row.pool_manager else "",
        partners=tuple(now), former=tuple(each for each in partners if each.left_on is not None),
        items=tuple(_item(item, said.get(item.code)) for item in ITEMS), tasks=tasks_of(viewer, row),
        funds=tuple((each.pk, each.name, MODELS[Model(each.model)]) for each in Fund.objects.filter(agreement=row).order_by("code")),
        variations=_variations(viewer, row, now), secondments=_secondments(row), authorities=_authorities(row),
        history=_history(viewer, row), may=_may(viewer, row),
        checked=PowerCheck.objects.filter(agreement=row, power=row.power).order_by("-checked_on", "-recorded_at", "-pk").first(),
    )  # fmt: skip


def _item(item: Item, said: AgreementItem | None) -> ItemShown:
    return ItemShown(item, said.words if said else "", said.filled_at if said else None)


def _partners(viewer: Actor, row: PartnershipAgreement) -> list[PartnerShown]:
    rows = AgreementPartner.objects.filter(agreement=row).select_related("organisation", "succeeds__organisation")
    sheets = set(BudgetSheet.objects.filter(partner__agreement=row).values_list("partner_id", flat=True))
    authorised = dict(
        Authorisation.objects.filter(agreement=row, variation=None, lapsed_at=None).values_list(
            "partner_id", "authorised_on"
        )
    )
    is_ready = row.state == PartnershipState.READY
    return [
        PartnerShown(
            id=each.pk, organisation_id=each.organisation_id, name=each.organisation.name, kind=each.organisation.kind,
            joined_on=each.joined_on, left_on=each.left_on, after=each.succeeds.organisation.name if each.succeeds else "",
            has_sheet=each.pk in sheets, authorised_on=authorised.get(each.pk),
            may_publish=each.left_on is None and can(viewer, PUBLISH_SHEET, each),
            may_authorise=is_ready and each.left_on is None and each.pk not in authorised
            and can(viewer, AUTHORISE_AGREEMENT, each),
        )
        for each in rows.order_by("position", "joined_on", "pk")
    ]  # fmt: skip


def _variations(viewer: Actor, row: PartnershipAgreement, partners: list[PartnerShown]) -> tuple[VariationShown, ...]:
    rows = (
        Variation.objects.filter(agreement=row)
        .select_related("fund")
        .prefetch_related("authorisations__partner__organisation")
    )
    own = {
        each.pk: can(viewer, AUTHORISE_AGREEMENT, each)
        for each in AgreementPartner.objects.filter(agreement=row, left_on=None)
    }
    found = []
    for each in rows.order_by("-number"):
        done = sorted(each.authorisations.all(), key=lambda one: (one.authorised_on, one.pk))
        signed = {one.partner_id for one in done}
        state = "In effect" if each.effected_at else "Withdrawn" if each.withdrawn_at else "Waiting"
        found.append(
            VariationShown(
                id=each.pk, number=each.number, words=each.words, effective_on=each.effective_on, state=state,
                fund=each.fund.name if each.fund else "", effects=each.effects,
                authorised=tuple((one.partner.organisation.name, one.authorised_on) for one in done),
                open_partners=tuple((one.id, one.name, own.get(one.id, False)) for one in partners if one.id not in signed),
                waits=each.waits,
            )
        )  # fmt: skip
    return tuple(found)


def _secondments(row: PartnershipAgreement) -> tuple[AgreementSecondment, ...]:
    rows = AgreementSecondment.objects.filter(agreement=row, detached_at=None)
    linked = rows.select_related("post__account", "post__employer", "post__host", "post__team")
    return tuple(linked.order_by("post__team__name", "post__account__name", "pk"))


def _authorities(row: PartnershipAgreement) -> tuple[tuple[UUID, str, str], ...]:
    named = VirementAuthority.objects.filter(agreement=row, ended_at=None).select_related("post__account")
    scheme = SCHEMES.get(row.virement_scheme)
    order = [band.level for band in scheme.bands] if scheme else []
    rows = sorted(
        named, key=lambda each: (order.index(each.level) if each.level in order else 99, each.post.account.name)
    )
    return tuple(
        (each.pk, level_words(row.virement_scheme, each.level), f"{each.post.account.name}, {each.post.title}")
        for each in rows
    )


def _history(viewer: Actor, row: PartnershipAgreement) -> tuple[dict[str, Any], ...]:
    moves: list[Any] = list(PartnershipTransition.objects.filter(agreement=row).order_by("-at", "-pk"))
    novations: list[Any] = list(
        row.novations.select_related("predecessor__organisation", "successor__organisation").order_by("-on", "-pk")
    )
    who = names_of_accounts(viewer, {each.by for each in [*moves, *novations] if each.by})
    told = [
        {"title": PARTNERSHIP_LABELS[PartnershipState(each.end)], "at": each.at, "by": who.get(each.by, "") if each.by else "",
         "description": each.reason}
        for each in moves
    ]  # fmt: skip
    taken = [
        {"title": f"{each.successor.organisation.name} took the place of {each.predecessor.organisation.name}", "at": each.on,
         "by": who.get(each.by, "") if each.by else "", "description": each.decision}
        for each in novations
    ]  # fmt: skip
    return (*told, *taken)


def _may(viewer: Actor, row: PartnershipAgreement) -> frozenset[str]:
    state = PartnershipState(row.state)
    asked = {
        "change": (CHANGE_AGREEMENT, state == PartnershipState.DRAFT),
        "ready": (CHANGE_AGREEMENT, state == PartnershipState.DRAFT),
        "take_up": (CHANGE_AGREEMENT, state == PartnershipState.READY),
        "open": (OPEN_AGREEMENT, state == PartnershipState.READY),
        "vary": (VARY_AGREEMENT, state in WORKING),
        "notice": (END_AGREEMENT, state in {PartnershipState.OPEN, PartnershipState.VARIED}),
        "end": (END_AGREEMENT, state != PartnershipState.ENDED),
        "novate": (NOVATE_AGREEMENT, state != PartnershipState.ENDED),
        "second": (ATTACH_SECONDMENT, state != PartnershipState.ENDED),
        "budget": (SET_BUDGET, state != PartnershipState.ENDED),
        "authority": (NAME_AUTHORITY, state != PartnershipState.ENDED),
    }
    held = {permission: can(viewer, permission, row) for permission, _ in asked.values()}
    return frozenset(name for name, (permission, is_time) in asked.items() if is_time and held[permission])


@dataclass(frozen=True)
class SheetPage:
    """How one partner's own budget works, on one page."""

    agreement: PartnershipAgreement
    partner: AgreementPartner
    sheet: BudgetSheet | None
    may_publish: bool


def budget_sheet(viewer: Actor, partner_id: UUID) -> SheetPage:
    """The latest sheet of a partner of an agreement the viewer may see."""
    rows = AgreementPartner.objects.filter(agreement__in=PartnershipAgreement.objects.visible_to(viewer))
    partner = rows.select_related("organisation", "agreement").filter(pk=partner_id).first()
    if partner is None or not can(viewer, READ_FUNDS):
        raise NotVisible
    sheet = BudgetSheet.objects.filter(partner=partner).order_by("-year").first()
    may = partner.left_on is None and can(viewer, PUBLISH_SHEET, partner)
    return SheetPage(partner.agreement, partner, sheet, may)


def item_of(viewer: Actor, fund_agreement_id: UUID, clause: str) -> tuple[PartnershipAgreement, ItemShown]:
    """One item of an agreement, to write."""
    row = agreement_for_change(viewer, fund_agreement_id)
    if clause not in BY_CODE:
        raise NotVisible
    return row, _item(BY_CODE[clause], AgreementItem.objects.filter(agreement=row, code=clause).first())


def pool_managers(viewer: Actor, row: PartnershipAgreement) -> list[tuple[AgreementPartner, Post]]:
    """Who could manage the fund, each with the partner that would host it."""
    there = {each.organisation_id: each for each in AgreementPartner.objects.filter(agreement=row, left_on=None)}
    return [
        (there[body], post)
        for body, post in posts_of_organisations(viewer, there)
        if post.role == Role.POOL_MANAGER and post.host_id == body
    ]


def secondments_to_choose(viewer: Actor, row: PartnershipAgreement) -> list[Post]:
    """Secondments between partners that are not attached yet."""
    bodies = set(AgreementPartner.objects.filter(agreement=row, left_on=None).values_list("organisation_id", flat=True))
    there = set(AgreementSecondment.objects.filter(agreement=row, detached_at=None).values_list("post_id", flat=True))
    found = {post.pk: post for _, post in posts_of_organisations(viewer, bodies)}
    return [
        post
        for post in found.values()
        if post.pk not in there and post.is_secondment and {post.employer_id, post.host_id} <= bodies
    ]


def finance_posts(viewer: Actor, row: PartnershipAgreement) -> list[Post]:
    """Posts of the partners that could be named to approve virements."""
    bodies = AgreementPartner.objects.filter(agreement=row, left_on=None).values_list("organisation_id", flat=True)
    roles = {Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER, Role.POOL_MANAGER, Role.BUDGET_HOLDER}
    found = {post.pk: post for _, post in posts_of_organisations(viewer, list(bodies)) if post.role in roles}
    return list(found.values())
