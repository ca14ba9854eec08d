"""Every figure opens to its postings: every page and report of the demo's funds is walked, every figure on it followed, and
what is listed there added up to exactly that figure; every workbook is worked out cell by cell."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from joinedup.access.actor import system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.engines.ledger import Book
from joinedup.funds import demo, services
from joinedup.funds.models import AgreementPartner, BudgetLine, Fund, FundReport, Recharge
from joinedup.funds.queries.statements import statement
from joinedup.funds.services import leaving, reporting, sharing
from joinedup.funds.services import ledger as ledger_services
from joinedup.funds.tests.factories import YEAR
from joinedup.funds.tests.figures import added_up, fetch, figures_on, listed, recomputed, shape_of
from joinedup.funds.tests.test_risk_share_services import AFTER, CAPPED, overspent, set_rule, spend
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations import demo as organisations_demo
from joinedup.organisations.queries import posts_with_role
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
SPRING = datetime(YEAR + 1, 4, 20, 10, tzinfo=ZoneInfo("Europe/London"))


def director(at: datetime) -> Visitor:
    post = next(
        each
        for each in posts_with_role(system(at), Role.CHIEF_FINANCE_OFFICER)
        if each.account.name == "Sterling Testpound"
    )
    return Visitor(actor_for_account(post.account_id, at=at), at)


def walk(visitor: Visitor, pages: list[str]) -> int:
    """Follow every figure of these pages; how many figures there were."""
    seen: dict[str, tuple[int, int]] = {}
    drawn: set[tuple[str, ...]] = set()
    followed = 0
    for page in pages:
        found, places = figures_on(fetch(visitor, page))
        for figure in found:
            if figure.href.startswith("#"):
                assert figure.href[1:] in places, (page, figure)
                continue
            if "/ledger/lines/" not in figure.href:
                continue  # worked out on a page of its own, which is among the pages
            if figure.href not in seen:
                seen[figure.href] = added_up(visitor.actor, figure.href)
                if (shape := shape_of(figure.href)) not in drawn:  # one page of each kind as it is drawn, with its file
                    drawn.add(shape)
                    assert listed(visitor, figure.href) == seen[figure.href], figure.href
            said, added = seen[figure.href]
            assert (said, added) == (figure.pence, figure.pence), (page, figure.href, said, added, figure.pence)
            followed += 1
    return followed


def pages_of(fund: Fund, years: list[int]) -> list[str]:
    places = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None)
    found = [
        reverse("fund", args=[fund.pk]),
        reverse("fund_leaving", args=[fund.pk]),
        reverse("fund_recharges", args=[fund.pk]),
        reverse("fund_next_year", args=[fund.pk]),
        reverse("fund_purchases", args=[fund.pk]),
    ]
    whole = BudgetLine.objects.filter(fund=fund, year=fund.year, parent=None).values_list("pk", flat=True)
    found += [reverse("fund_next_year_worked", args=[fund.pk, line]) for line in whole]
    found += [
        reverse("fund_line", args=[line]) for line in BudgetLine.objects.filter(fund=fund).values_list("pk", flat=True)
    ]
    for year in years:
        found += [f"{reverse('fund_ledger', args=[fund.pk])}?year={year}&book={book}" for book in Book]
        found += [f"{reverse('fund_balances', args=[fund.pk])}?when={year}-{quarter}" for quarter in (1, 2, 3, 4)]
        found += [
            reverse("fund_statement", args=[fund.pk, place.pk, year, q]) for place in places for q in (1, 2, 3, 4)
        ]
        memorandum = f"{reverse('fund_memorandum', args=[fund.pk])}?year={year}"
        found.append(memorandum)
    found += [
        reverse("fund_report", args=[key]) for key in FundReport.objects.filter(fund=fund).values_list("pk", flat=True)
    ]
    found += [
        reverse("fund_recharge", args=[key]) for key in Recharge.objects.filter(fund=fund).values_list("pk", flat=True)
    ]
    return found


def test_every_figure_of_the_demos_funds_opens_to_what_it_is_the_sum_of() -> None:
    organisations_demo.load(at=AT)
    demo.load(at=AT)
    visitor = director(AT)
    followed = {}
    for fund in Fund.objects.order_by("code"):
        followed[fund.code] = walk(visitor, pages_of(fund, sorted({fund.year - 1, fund.year})))
    assert followed["COMM"] > 200
    assert min(followed.values()) > 20


def closed_year() -> tuple[Fund, Visitor]:
    """A year with more over than anybody must bear, shared, decided, signed, reported and then closed."""
    shared, fund = overspent()
    set_rule(fund, CAPPED)
    council = shared.directors["council"]
    services.call_instalments(fund=fund, by=system(AFTER), at=AFTER)
    sharing.post_risk_share(fund=fund, year=YEAR, by=council, at=AFTER)
    borne = {shared.partners["council"].pk: 20_000_000, shared.partners["nhs"].pk: 5_000_000}
    sharing.decide_unallocated(fund=fund, year=YEAR, borne=borne, decision="Board, minute 7", by=council, at=AFTER)
    for name, place in shared.partners.items():
        found = statement(shared.directors[name], fund, place.pk, year=YEAR, quarter=4)
        sharing.sign_balance(
            partner=place, fund=fund, year=YEAR, quarter=4, digest=found.digest, by=shared.directors[name], at=AFTER
        )
    reporting.freeze_report(fund=fund, year=YEAR, quarter=4, by=council, at=AFTER)
    reporting.freeze_report(fund=fund, year=YEAR, quarter=None, by=council, at=AFTER)
    ledger_services.open_year(fund=fund, year=YEAR + 1, by=council, at=AFTER)
    ledger_services.close_year(fund=fund, year=YEAR, by=council, at=AFTER)
    fund.refresh_from_db()
    leaving.set_leaving_rule(
        fund=fund,
        weights={"COUNCIL": 5, "NHS": 2},
        redundancy="shared",
        clause="As it was put in.",
        by=council,
        at=AFTER,
    )
    leaving.add_leaving_item(fund=fund, kind="asset", what="A minibus", pence=1_000_000, by=council, at=AFTER)
    return fund, Visitor(council, AFTER + timedelta(days=1))


def test_so_does_every_figure_of_a_year_that_is_shared_decided_and_closed() -> None:
    fund, visitor = closed_year()
    assert FundReport.objects.get(quarter=None).content["shared"]["posted"]
    assert walk(visitor, pages_of(fund, [YEAR, YEAR + 1])) > 120


def test_a_frozen_reports_figures_still_open_to_what_they_were_when_more_is_posted() -> None:
    shared, fund = overspent()
    set_rule(fund)
    council = shared.directors["council"]
    report = reporting.freeze_report(fund=fund, year=YEAR, quarter=4, by=council, at=AFTER)
    spend(shared, "CAMHS-nhs", 12_345)
    visitor = Visitor(council, AFTER)
    page = reverse("fund_report", args=[report.pk])
    assert walk(visitor, [page]) > 15
    assert "upto=" in fetch(visitor, page)


def test_no_figure_of_a_report_is_left_without_somewhere_to_open() -> None:
    fund, visitor = closed_year()
    annual = FundReport.objects.get(fund=fund, quarter=None)
    html = fetch(visitor, reverse("fund_report", args=[annual.pk]))
    body = html[html.index("app-document__subtitle") : html.index("</article>")]
    # Figures in tables and facts: those that do not open are nought, or stand where the working out is shown.
    shown = re.sub(r"<a [^>]*data-pence[^>]*>.*?</a>", "", body, flags=re.S)
    for anchor in ("line-by-line", "step-by-step"):
        start = shown.index(f'id="{anchor}"')
        shown = shown[:start] + shown[shown.index("</table>", start) :]
    cells = re.findall(r"<(?:td|dd)[^>]*>\s*(-?£[\d,.]+)", shown)
    assert [each for each in cells if each not in {"£0", annual_closing(annual)}] == []


def annual_closing(report: FundReport) -> str:
    """Carried forward is the sum of the three figures above it."""
    from joinedup.funds.pounds import in_pounds

    sums = report.content["balance"]
    assert sums["closing"] == sums["opening"] + sums["income"] - sums["spent"]
    return in_pounds(sums["closing"])


def test_every_report_has_four_forms_and_its_workbook_works_out() -> None:
    fund, visitor = closed_year()
    place = fund.host_id
    wanted: list[tuple[str, list[object]]] = [
        ("fund_statement_file", [fund.pk, place, YEAR, 4]), ("fund_memorandum_file", [fund.pk, YEAR]),
        ("fund_leaving_file", [fund.pk]),
    ]  # fmt: skip
    wanted += [("fund_report_file", [key]) for key in FundReport.objects.values_list("pk", flat=True)]
    formulas = 0
    for name, args in wanted:
        for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("csv", b""), ("xlsx", b"PK")):
            answer = visitor.answer(name, *args, kind)
            assert answer.status_code == 200, (name, kind)
            assert answer.content.startswith(start)
            assert len(answer.content) > 60
            if kind == "xlsx":
                count = recomputed(answer.content)
                assert count >= 2, name
                formulas += count
        visitor.see(name, *args, "exe", status=404)
    for name, query in (
        ("fund_ledger_xlsx", {"year": YEAR}),
        ("fund_ledger_lines_xlsx", {"year": YEAR, "code": "1100"}),
    ):
        formulas += recomputed(visitor.answer(name, fund.pk, **query).content)
    assert formulas > 80
