"""What the demo's agreements and budget sheets say. Invented, shaped by the clauses in docs/funds.md."""

from __future__ import annotations

from typing import Any

from joinedup.funds.services import SheetSaid

_PENCE = 100

STREAMS: dict[str, dict[str, Any]] = {
    "CORE": {"name": "Council’s own money", "kind": "core"},
    "DSG": {
        "name": "Dedicated schools grant", "kind": "dedicated_schools_grant", "is_ring_fenced": True, "keeps_balance": True,
        "conditions": "Spent on schools and pupils only; what is left stays in the grant.",
        "consent_of": "the schools forum", "source": "Conditions of the dedicated schools grant",
    },
    "PH": {
        "name": "Public health grant", "kind": "public_health", "is_ring_fenced": True, "keeps_balance": True,
        "conditions": "Spent on public health functions only; what is left stays in a public health reserve.",
        "consent_of": "the director of public health", "source": "Conditions of the public health grant",
    },
    "ICB": {"name": "NHS allocation", "kind": "nhs"},
}  # fmt: skip

WORDS: dict[str, dict[str, str]] = {
    "all": {
        "aims": "Families tell their story once and are helped by one team, early.",
        "outcomes": "Fewer young people neither learn nor work: from 9% to 6%. Fewer children looked after.",
        "contributions": "Each partner’s contribution stands in the schedule. It is rolled forward each year by clause 9.3 and "
        "changed in the year only by a variation that every partner authorises.",
        "functions": "The council’s functions under Part 3 of the Children Act 1989 and as to education welfare; the NHS "
        "body’s functions of community health for children.",
        "people": "Children and young people from birth to 19, to 25 with special educational needs, who live in the area.",
        "resources": "Staff are seconded under their own terms. The NHS gives rooms in three health centres; the council "
        "gives offices, systems and payroll.",
        "duration": "No end date. Reviewed every January. Twelve months’ notice by any partner; the exit statement divides "
        "what is left by contributions to date.",
        "management": "The pool manager manages the fund from day to day and reports to both finance chiefs every quarter "
        "within 20 days, and for the year as a whole.",
        "risk_share": "An overspend is borne in the proportion of the contributions first agreed for the year; an underspend "
        "is kept as a contingency unless the board decides otherwise.",
        "vat": "VAT follows the body that delivers the service. Services are arranged for families, not for VAT.",
        "disputes": "Pool managers within 14 days, then chief officers within 14 days, then mediation.",
    },
    "commissioning": {
        "aims": "Commission services for children once, for both partners, by the outcomes they agreed.",
    },
    "integrated": {
        "aims": "One team in each of four localities, of council and NHS staff under one manager, and a single lead "
        "professional for each family.",
        "contributions": "Each partner keeps its own budget for its staff. The budgets are planned and read side by side.",
        "risk_share": "What is over or under stays with the partner whose line it is.",
    },
    "disabled": {
        "aims": "Disabled children get equipment and a key worker without asking two bodies for each.",
        "outcomes": "Equipment within four weeks for nine of ten children; every family has a key worker.",
    },
    "early": {
        "aims": "Police, council and NHS help children who come to notice before something happens to them.",
        "outcomes": "Fewer repeat calls to the same address within six months: from 31% to 22%.",
    },
}

SHEETS = {
    "COUNCIL": SheetSaid(
        total_pence=61_400_000 * _PENCE,
        set_how="The budget is built from November, published in January and set by full council by 11 March.",
        decided_by="Full council sets it; Cabinet moves up to £100,000 between services; the section 151 officer up to £50,000.",
        pressures="Placements of children looked after, and pay awards. Known drivers are reported by 1 October.",
        savings="2% of controllable spending each year, and £1.1 million already in the plan.",
        carried="Only by decision of Cabinet in June, and never from school money.",
        ring_fences="The dedicated schools grant and the public health grant.",
        ask="Florin Testshilling, finance director for children’s services",
    ),
    "NHS": SheetSaid(
        total_pence=23_800_000 * _PENCE,
        set_how="From the national allocation, in a plan for the year agreed in March; growth is fixed nationally.",
        decided_by="The board agrees the plan; the chief finance officer approves changes up to £250,000.",
        pressures="Waiting lists for child mental health, and prices of therapies contracted out.",
        savings="1.25% efficiency is asked of every contract.",
        carried="Nothing: the body must break even in each year, so an underspend is used or lost.",
        ring_fences="The mental health investment standard.",
        ask="Crispin Mockguinea, finance director for community services",
    ),
}

CLAUSE = (
    "9.4 An overspend of the pooled lines is met first from the contingency, up to £25,000; the next £40,000 is borne by"
    " the partners in equal parts; the next £1,000,000 in proportion to their opening contributions; anything beyond by the"
    " council as the lead commissioner. 9.5 An underspend returns to the partners in proportion to their opening contributions."
)
TERMS = (
    '{"name": "tiered", "tiers": [{"width": 2500000, "method": {"name": "contingency"}},'
    ' {"width": 4000000, "method": {"name": "fixed", "shares": {"COUNCIL": 1, "NHS": 1}}},'
    ' {"width": 100000000, "method": {"name": "proportional"}},'
    ' {"width": null, "method": {"name": "fixed", "shares": {"COUNCIL": 1}}}]}'
)
