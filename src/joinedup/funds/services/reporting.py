"""Freezing a quarter's report and the annual return, with a hash and the head of the ledger's chain."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.funds import rules
from joinedup.funds.models import Fund, FundReport, RiskShareRun
from joinedup.funds.permissions import FREEZE_REPORT
from joinedup.funds.queries.reports import _content
from joinedup.funds.queries.risks import _risks_content, missing_in_report
from joinedup.funds.queries.sharing import _rule_on, _unallocated
from joinedup.funds.queries.statements import digest_of, quarter_words, unsigned
from joinedup.funds.services.posting import head_of
from joinedup.funds.services.steps import _lock
from joinedup.funds.settling import Settlement, blocks_year_end, quarter_ends_on


@service(FREEZE_REPORT, on="fund")
def freeze_report(
    *, fund: Fund, year: int, quarter: int | None, words: str = "", no_risks: str = "", by: Actor, at: datetime
) -> FundReport:
    """Freeze the report of a quarter that is over, or with no quarter the annual return; once more, and it is a correction
    that stands beside the first. It carries the risks and outcomes of its quarter as well; `no_risks` says why there are
    no risks, where there are none. Raises Refused (FU-320, R-5; for the annual return FU-321 and R-6)."""
    _lock(fund)
    today = timezone.localdate(at)
    ends_on = quarter_ends_on(year, quarter or 4)
    if today <= ends_on:
        raise rules.REPORT_AFTER.refused(when=quarter_words(year, quarter), day=date_long(ends_on))
    if quarter is None:
        _require_settled(fund, year)
    if missing := missing_in_report(fund, year, quarter, no_risks=no_risks):
        raise rules.REPORT_SAYS_ALL.refused(what="; ".join(missing))
    content = _content(fund, year, quarter, words.strip()[:8000])
    content |= _risks_content(fund, year, quarter, no_risks[:1000])
    number, chained = head_of(fund)
    content["ledger"] = {"number": number, "digest": chained}
    again = FundReport.objects.filter(fund=fund, year=year, quarter=quarter).count() + 1
    content["number"] = again
    report = FundReport.objects.create(
        fund=fund, year=year, quarter=quarter, number=again, content=content, digest=digest_of(content),
        ledger_number=number, ledger_digest=chained, frozen_at=at, frozen_by=by.account_id,
    )  # fmt: skip
    note(subject=report, changed=("report",), words={"fund": fund.code, "hash": report.digest})
    return report


def _require_settled(fund: Fund, year: int) -> None:
    """What is over or under is shared, nothing is nobody's, and every finance director has signed or disputed."""
    rule = _rule_on(fund, quarter_ends_on(year, 4))
    is_posted = RiskShareRun.objects.filter(fund=fund, year=year, quarter=4).exists()
    if rule is not None and Settlement(rule.settlement) is not Settlement.NONE and not is_posted:
        raise rules.YEAR_SHARED_FIRST.refused()
    why = blocks_year_end(
        unallocated_pence=_unallocated(fund, year), unsigned=unsigned(fund, year, 4), undisclosed_disputes=()
    )
    if why:
        raise rules.YEAR_ENDS_AGREED.refused(why="; ".join(why))
