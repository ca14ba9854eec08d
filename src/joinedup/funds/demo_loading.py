"""What the demo's agreements to share money have in common while they are loaded: whose they are, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.engines.periods import financial_year
from joinedup.funds import services
from joinedup.funds.agreement_items import ITEMS
from joinedup.funds.contributing import RollForward
from joinedup.funds.demo_words import SHEETS, STREAMS, WORDS
from joinedup.funds.models import AgreementPartner, BudgetLine, Fund, FundingStream, PartnershipAgreement, Scheme
from joinedup.funds.services import AgreementTerms, ContributionSaid, LineSaid
from joinedup.funds.services.kinds import permit_kind
from joinedup.funds.spending_kinds import SpendingKind
from joinedup.organisations.queries import organisation_with_code, posts_with_role

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post

CHIEFS = {"COUNCIL": "Sterling Testpound", "NHS": "Goldie Mockpenny"}


class Loading:
    """What the four agreements have in common while they are loaded."""

    def __init__(self, at: datetime, year: int | None = None) -> None:
        self.at = at
        self.now = financial_year(at.date()).starts_on.year
        self.year = self.now if year is None else year
        self._actors: dict[str, Actor] = {}
        self.began = datetime.combine(date(self.year, 2, 20), time(10), UTC)
        self.by = system(self.began)
        self.bodies = {
            code: organisation_with_code(self.by, code) for code in ("COUNCIL", "NHS", "POLICE", "PCT", "CCG")
        }
        roles = (Role.POOL_MANAGER, Role.BUDGET_HOLDER, Role.CHIEF_FINANCE_OFFICER, Role.FINANCE_DIRECTOR)
        self.posts: dict[str, Post] = {
            post.account.name: post for role in roles for post in posts_with_role(system(at), role)
        }
        self.streams = {
            code: FundingStream.objects.get_or_create(code=code, defaults=facts)[0] for code, facts in STREAMS.items()
        }

    def partner(self, agreement: PartnershipAgreement, code: str) -> AgreementPartner:
        """The place a body has in an agreement now."""
        return AgreementPartner.objects.get(agreement=agreement, organisation=self.bodies[code], left_on=None)

    def draft(
        self, title: str, power: str, codes: tuple[str, ...], scheme: str, starts_on: date
    ) -> PartnershipAgreement:
        """An agreement with its partners, aims first and the rest after."""
        terms = AgreementTerms(
            title, power, starts_on, date(max(starts_on.year, self.now) + 1, 1, 31), virement_scheme=scheme
        )
        first: Organisation = self.bodies[codes[0]]
        agreement = services.draft_agreement(organisation=first, terms=terms, by=self.by, at=self.began)
        for code in codes[1:]:
            services.add_partner(agreement=agreement, organisation=self.bodies[code], by=self.by, at=self.began)
        return agreement

    def write(self, agreement: PartnershipAgreement, kind: str, *, only: tuple[str, ...] = ()) -> None:
        """What the agreement says, item by item."""
        for item in ITEMS:
            if not only or item.code in only:
                words = WORDS[kind].get(item.code) or WORDS["all"][item.code]
                services.write_item(agreement=agreement, code=item.code, words=words, by=self.by, at=self.began)

    def host(self, agreement: PartnershipAgreement) -> AgreementPartner:
        """The council hosts it, and Penny manages it."""
        host = self.partner(agreement, "COUNCIL")
        manager = self.posts["Penny Testpool"]
        services.name_host(agreement=agreement, host=host, pool_manager=manager, by=self.by, at=self.began)
        return host

    def publish(self, agreement: PartnershipAgreement, *codes: str) -> None:
        """How each partner's own budget works."""
        for code in codes:
            partner = self.partner(agreement, code)
            services.publish_sheet(partner=partner, year=self.year, said=SHEETS[code], by=self.by, at=self.began)

    def open(self, agreement: PartnershipAgreement, fund: Fund) -> None:
        """Ready, authorised by both chiefs, open, the budget of the year approved."""
        services.mark_ready(agreement=agreement, by=self.by, at=self.began)
        signed = datetime.combine(date(self.year, 3, 12), time(14), UTC)
        places = AgreementPartner.objects.filter(agreement=agreement, left_on=None).select_related("organisation")
        for partner in places.order_by("position"):
            by = self.person(CHIEFS[partner.organisation.code], signed)
            services.authorise(partner=partner, by=by, at=signed)
        opened = datetime.combine(date(self.year, 3, 16), time(9), UTC)
        for kind in (SpendingKind.CONTRACT, SpendingKind.PROVISION, SpendingKind.THIRD_PARTY):
            permit_kind(
                agreement=agreement, kind=kind, starts_on=date(self.year, 4, 1),
                written="Clause 7.3, permitted expenditure", by=system(opened), at=opened,
            )  # fmt: skip
        services.open_agreement(agreement=agreement, by=system(opened), at=opened)
        services.approve_budget(
            agreement=agreement, fund=fund, year=self.year, decision="Children’s partnership board, minute 5",
            by=system(opened), at=opened,
        )  # fmt: skip

    def line(self, agreement: PartnershipAgreement, scheme: Scheme, said: LineSaid) -> BudgetLine:
        """A line of this year's budget: what is built is a contract, all else is what partners provide."""
        planned = replace(said, planned_kind="contract" if said.is_capital else "provision")
        return services.add_line(
            agreement=agreement, scheme=scheme, year=self.year, said=planned, by=self.by, at=self.began
        )

    def contribute(
        self, fund: Fund, code: str, stream: str, said: RollForward, *, detriment: str = "", **more: Any
    ) -> None:
        """What a partner puts in this year."""
        partner = self.partner(fund.agreement, code)
        whole = ContributionSaid(partner, self.streams[stream], self.year, said, detriment=detriment, **more)
        services.set_contribution(fund=fund, said=whole, by=self.by, at=self.began)

    def when(self, day: date, hour: int = 10) -> datetime:
        """A moment on a day, or now where that is still to come."""
        return min(datetime.combine(day, time(hour), UTC), self.at)

    def person(self, name: str, at: datetime) -> Actor:
        """Somebody of the demo as they may act at a moment."""
        if name not in self._actors:
            self._actors[name] = actor_for_account(self.posts[name].account_id, at=self.at)
        return replace(self._actors[name], at=at)
