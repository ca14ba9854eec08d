"""Builders for tests of agreements and funds. They call the services, as the program itself unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.funds import services
from joinedup.funds.agreement_items import ITEMS
from joinedup.funds.contributing import RollForward
from joinedup.funds.models import AgreementPartner, BudgetLine, Fund, FundingStream, PartnershipAgreement, Scheme
from joinedup.funds.services import AgreementTerms, ContributionSaid, LineSaid, SheetSaid
from joinedup.funds.services.kinds import permit_kind
from joinedup.funds.services.risks import RiskSaid, add_outcome, raise_risk, say_actual
from joinedup.organisations.models import Organisation, Post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

YEAR = 2026
SHEET = SheetSaid(
    total_pence=4_000_000_000, set_how="Set by the council in February.", decided_by="Full council.",
    pressures="Placements and inflation.", savings="Two per cent a year.", carried="Nothing, but for schools’ money.",
    ring_fences="The dedicated schools grant.", ask="Florin Testshilling",
)  # fmt: skip


@dataclass
class Shared:
    """An agreement of a council and an NHS body with one pooled fund of £20m and £8m, and the people who answer for it."""

    council: Organisation
    nhs: Organisation
    agreement: PartnershipAgreement
    chiefs: dict[str, Actor] = field(default_factory=dict)
    directors: dict[str, Actor] = field(default_factory=dict)
    pool_manager: Actor | None = None
    manager_post: Post | None = None
    partners: dict[str, AgreementPartner] = field(default_factory=dict)
    streams: dict[str, FundingStream] = field(default_factory=dict)
    fund: Fund | None = None
    schemes: dict[str, Scheme] = field(default_factory=dict)
    lines: dict[str, BudgetLine] = field(default_factory=dict)


def make_person(role: Role, organisation: Organisation, name: str, *, at: datetime = AT) -> Actor:
    """Somebody with a finance role at an organisation."""
    account, _ = make_post(role=role, employer=organisation, name=name, title=role.value.replace("_", " ").capitalize())
    return actor_of(account, at)


def make_stream(
    code: str = "CORE", name: str = "Council’s own money", kind: str = "core", **facts: Any
) -> FundingStream:
    """A stream of money; the same code twice gives the one that is there."""
    return FundingStream.objects.get_or_create(code=code, defaults={"name": name, "kind": kind, **facts})[0]


def make_agreement(*, title: str = "Commissioning pool", power: str = "S75", at: datetime = AT, **terms: Any) -> Shared:
    """A draft with its two partners, host, pool manager and people, nothing written yet."""
    council = make_organisation(code="COUNCIL", name="Exampleshire Council")
    nhs = make_organisation(code="NHS", name="Exampleshire Integrated Care Board", kind="nhs")
    facts = {
        "starts_on": date(YEAR, 4, 1),
        "review_on": date(YEAR + 1, 1, 31),
        "virement_scheme": "west_lancashire",
        **terms,
    }
    said = AgreementTerms(title=title, power=power, **facts)
    agreement = services.draft_agreement(organisation=council, terms=said, by=system(at), at=at)
    shared = Shared(council, nhs, agreement)
    shared.partners["council"] = AgreementPartner.objects.get(agreement=agreement)
    shared.partners["nhs"] = services.add_partner(agreement=agreement, organisation=nhs, by=system(at), at=at)
    for code, body in (("council", council), ("nhs", nhs)):
        shared.chiefs[code] = make_person(Role.CHIEF_FINANCE_OFFICER, body, f"Chief of {code} Testpound", at=at)
        shared.directors[code] = make_person(Role.FINANCE_DIRECTOR, body, f"Director of {code} Testpenny", at=at)
    account, post = make_post(role=Role.POOL_MANAGER, employer=council, name="Penny Testpool", title="Pool manager")
    shared.pool_manager, shared.manager_post = actor_of(account, at), post
    shared.streams = {"core": make_stream(), "nhs": make_stream("ICB", "NHS allocation", "nhs")}
    return shared


def write_items(shared: Shared, *, at: datetime = AT) -> None:
    """Every item of the agreement in words."""
    for item in ITEMS:
        services.write_item(
            agreement=shared.agreement, code=item.code, words=f"{item.name}, as agreed.", by=system(at), at=at
        )


def add_fund(shared: Shared, *, model: str = "pooled", at: datetime = AT, code: str = "COMM") -> Fund:
    """A fund with a line for each partner in each of two schemes and contributions that come to them."""
    by, agreement = system(at), shared.agreement
    host = shared.partners["council"]
    fund = services.open_fund(
        agreement=agreement, code=code, name="Commissioning pool", model=model, host=host, year=YEAR, by=by, at=at
    )
    tier = "pooled" if model in {"pooled", "grant", "joint"} else "pooled_aligned"
    for scheme, name in (("CAMHS", "Child mental health"), ("SHORT", "Short breaks")):
        shared.schemes[scheme] = services.add_scheme(
            agreement=agreement, fund=fund, code=scheme, name=name, lead=host, by=by, at=at
        )
    amounts = (
        ("CAMHS", "council", 500_000_000),
        ("SHORT", "council", 1_500_000_000),
        ("CAMHS", "nhs", 600_000_000),
        ("SHORT", "nhs", 200_000_000),
    )
    for scheme, partner, pence in amounts:
        key = f"{scheme}-{partner}"
        said = LineSaid(code=key.upper(), name=key, partner=shared.partners[partner], pence=pence, tier=tier)
        shared.lines[key] = services.add_line(
            agreement=agreement, scheme=shared.schemes[scheme], year=YEAR, said=said, by=by, at=at
        )
    if model in {"pooled", "grant"}:
        add_contributions(shared, fund, at=at)
    shared.fund = fund
    return fund


def add_contributions(shared: Shared, fund: Fund, *, at: datetime = AT) -> None:
    """£20m of the council and £8m of the NHS, in quarters."""
    for partner, stream, pence in (("council", "core", 2_000_000_000), ("nhs", "nhs", 800_000_000)):
        said = ContributionSaid(shared.partners[partner], shared.streams[stream], YEAR, RollForward(pence))
        services.set_contribution(fund=fund, said=said, by=system(at), at=at)


def make_ready(shared: Shared, *, at: datetime = AT) -> None:
    """Everything but the authorisations."""
    by = system(at)
    write_items(shared, at=at)
    assert shared.manager_post is not None
    services.name_host(
        agreement=shared.agreement, host=shared.partners["council"], pool_manager=shared.manager_post, by=by, at=at
    )
    for partner in shared.partners.values():
        services.publish_sheet(partner=partner, year=YEAR, said=SHEET, by=by, at=at)
    if shared.fund is None:
        add_fund(shared, at=at)
    services.mark_ready(agreement=shared.agreement, by=by, at=at)


def say_for_reports(shared: Shared, *, at: datetime, year: int = YEAR) -> None:
    """A risk, a measure, and where it stands in every quarter: what reports carry beside the money (R-5)."""
    fund, by = shared.fund, system(at)
    assert fund is not None
    assert shared.manager_post is not None
    said = RiskSaid(
        "Clinics close in winter", "Therapists are hard to find.", "Children wait longer.", "high", shared.manager_post,
        "Agency staff from November.",
    )  # fmt: skip
    raise_risk(fund=fund, said=said, by=by, at=at)
    measure = add_outcome(fund=fund, measure="Families seen within five days", target="90%", by=by, at=at)
    for quarter, actual in enumerate(("71%", "78%", "84%", "91%"), start=1):
        say_actual(
            fund=fund, outcome=measure, year=year, quarter=quarter, actual=actual, narrative="The new rota helps.",
            by=by, at=at,
        )  # fmt: skip


def make_open(shared: Shared | None = None, *, at: datetime = AT) -> Shared:
    """An agreement that is open, with the budget of the year approved."""
    shared = shared or make_agreement(at=at)
    make_ready(shared, at=at)
    for partner in shared.partners.values():
        partner.agreement.refresh_from_db()
        services.authorise(partner=partner, by=system(at), at=at)
    for kind in ("contract", "provision", "third_party"):
        permit_kind(
            agreement=shared.agreement, kind=kind, starts_on=date(YEAR - 1, 4, 1), written="Clause 7.3", by=system(at), at=at
        )  # fmt: skip
    services.open_agreement(agreement=shared.agreement, by=system(at), at=at)
    assert shared.fund is not None
    services.approve_budget(agreement=shared.agreement, fund=shared.fund, year=YEAR, by=system(at), at=at)
    return shared
