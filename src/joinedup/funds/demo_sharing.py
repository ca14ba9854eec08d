"""The demo's risk share: the commissioning pool's rule in its own words, how partners reclaim VAT, purchases, and the first
quarter as it was signed and reported."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils import timezone

from joinedup.access.actor import system
from joinedup.funds.models import AgreementPartner, BudgetLine, Fund
from joinedup.funds.queries.statements import statement
from joinedup.funds.services.buying import Bought, record_purchase, set_vat_regime
from joinedup.funds.services.reporting import freeze_report
from joinedup.funds.services.sharing import RuleSaid, set_risk_share_rule, sign_balance
from joinedup.funds.settling import quarter_ends_on

_CLAUSE = (
    "9.4 An overspend of the pooled lines is met first from the contingency, up to £25,000; the next £40,000 is borne by"
    " the partners in equal parts; the next £1,000,000 in proportion to their opening contributions; anything beyond by the"
    " council as the lead commissioner. 9.5 An underspend returns to the partners in proportion to their opening contributions."
)
_TERMS = (
    '{"name": "tiered", "tiers": [{"width": 2500000, "method": {"name": "contingency"}},'
    ' {"width": 4000000, "method": {"name": "fixed", "shares": {"COUNCIL": 1, "NHS": 1}}},'
    ' {"width": 100000000, "method": {"name": "proportional"}},'
    ' {"width": null, "method": {"name": "fixed", "shares": {"COUNCIL": 1}}}]}'
)
# line, who delivers, supplier, invoice, what, day and month, pounds, contracted-out heading
_BOUGHT = (
    ("DIS-01", "COUNCIL", "Placeholder Short Breaks", "PSB-118", "Saturday clubs, April", (4, 30), 18_400, "41"),
    ("DIS-01", "COUNCIL", "Placeholder Short Breaks", "PSB-131", "Saturday clubs, May", (5, 29), 18_400, "41"),
    ("VUL-01", "COUNCIL", "Mock Minibuses", "MM-2207", "Transport to groups", (5, 14), 6_250, ""),
    ("DIS-02", "COUNCIL", "Sample Builders", "SB-77", "Ramp and wet room", (6, 11), 41_900, ""),
    ("CH-01", "NHS", "Dummy Therapies", "DT-0404", "Speech therapy sessions", (5, 20), 22_000, "32"),
    ("CH-02", "NHS", "Specimen Software", "SSW-19", "Licences of the clinic’s diary", (4, 22), 9_600, ""),
)


def load_sharing(*, at: datetime) -> None:
    """What the commissioning pool has agreed on over- and underspends, and what has come of it by a moment."""
    pool = Fund.objects.select_related("agreement", "host__organisation").get(code="COMM")
    first = date(pool.year, 4, 1)
    agreed_at = datetime.combine(date(pool.year, 3, 20), datetime.min.time(), UTC)
    by = system(agreed_at)
    said = RuleSaid(_TERMS, _CLAUSE, "year_end", first)
    set_risk_share_rule(fund=pool, said=said, by=by, at=agreed_at)
    places = {
        place.organisation.code: place
        for place in AgreementPartner.objects.filter(agreement=pool.agreement, left_on=None).select_related(
            "organisation"
        )
    }
    for code, regime in (("COUNCIL", "s33"), ("NHS", "s41_cos")):
        set_vat_regime(partner=places[code], regime=regime, starts_on=first, by=by, at=agreed_at)
    _buy(pool, places, at)
    ends_on = quarter_ends_on(pool.year, 1)
    if ends_on < timezone.localdate(at):
        _sign(pool, places, at)


def _buy(pool: Fund, places: dict[str, AgreementPartner], at: datetime) -> None:
    lines = {line.code: line for line in BudgetLine.objects.filter(fund=pool, year=pool.year).select_related("scheme")}
    for code, who, supplier, invoice, what, (month, day), pounds, heading in _BOUGHT:
        bought_on = date(pool.year, month, day)
        if bought_on > timezone.localdate(at):
            continue
        said = Bought(places[who], supplier, invoice, what, bought_on, pounds * 100, cos_heading=heading)
        record_purchase(fund=pool, line=lines[code], said=said, by=system(at), at=at)


def _sign(pool: Fund, places: dict[str, AgreementPartner], at: datetime) -> None:
    """Both finance directors agreed the first quarter, and its report is frozen."""
    by = system(at)
    for place in places.values():
        found = statement(by, pool, place.pk, year=pool.year, quarter=1)
        sign_balance(partner=place, fund=pool, year=pool.year, quarter=1, digest=found.digest, by=by, at=at)
    words = "More children wait for mental health help than was planned for; the board sees a plan in October."
    freeze_report(fund=pool, year=pool.year, quarter=1, words=words, by=by, at=at)
