"""Addresses of agreements to share money, funds and their ledger."""

from django.urls import URLPattern, path

from joinedup.funds.views import agreements, buying, extracts, funds, ledger, money, reporting, sharing, terms

_AGREEMENT = "funds/agreements/<uuid:fund_agreement_id>"
_PARTNER = f"{_AGREEMENT}/partners/<uuid:partner_id>"
_VARIATION = f"{_AGREEMENT}/variations/<uuid:variation_id>"
_FUND = "funds/<uuid:fund_id>"
_LINE = "funds/lines/<uuid:line_id>"

urlpatterns: list[URLPattern] = [
    # Agreements.
    path("funds/", agreements.agreements, name="fund_agreements"),
    path("funds/held/", funds.held, name="held_budgets"),
    path("funds/agreements/new/", agreements.draft, name="fund_agreement_draft"),
    path(f"{_AGREEMENT}/", agreements.agreement, name="fund_agreement"),
    path(f"{_AGREEMENT}/tasks/", agreements.tasks, name="fund_agreement_tasks"),
    path(f"{_AGREEMENT}/terms/", agreements.change, name="fund_agreement_change"),
    path(f"{_AGREEMENT}/says/<slug:clause>/", agreements.item, name="fund_agreement_item"),
    path(f"{_AGREEMENT}/partners/new/", agreements.add_partner, name="fund_partner_add"),
    path(f"{_PARTNER}/remove/", agreements.remove_partner, name="fund_partner_remove"),
    path("funds/partners/<uuid:partner_id>/sheet/", agreements.budget_sheet, name="budget_sheet"),
    path("funds/partners/<uuid:partner_id>/sheet/publish/", agreements.publish_sheet, name="budget_sheet_publish"),
    path(f"{_PARTNER}/authorise/", agreements.authorise, name="fund_agreement_authorise"),
    path(f"{_AGREEMENT}/host/", agreements.host, name="fund_agreement_host"),
    path(f"{_AGREEMENT}/ready/", agreements.ready, name="fund_agreement_ready"),
    path(f"{_AGREEMENT}/open/", agreements.open_it, name="fund_agreement_open"),
    path(f"{_AGREEMENT}/take-up/", agreements.take_up, name="fund_agreement_take_up"),
    path(f"{_AGREEMENT}/notice/", terms.notice, name="fund_agreement_notice"),
    path(f"{_AGREEMENT}/end/", terms.end, name="fund_agreement_end"),
    path(f"{_AGREEMENT}/novate/", terms.novate, name="fund_novate"),
    path(f"{_AGREEMENT}/variations/new/", terms.variation_new, name="fund_variation_new"),
    path(f"{_VARIATION}/", terms.variation, name="fund_variation"),
    path(
        f"{_VARIATION}/partners/<uuid:partner_id>/authorise/",
        terms.variation_authorise,
        name="fund_variation_authorise",
    ),
    path(f"{_VARIATION}/withdraw/", terms.variation_withdraw, name="fund_variation_withdraw"),
    path(f"{_AGREEMENT}/secondments/new/", terms.secondment_add, name="fund_secondment_add"),
    path(f"{_AGREEMENT}/secondments/<int:secondment_id>/end/", terms.secondment_end, name="fund_secondment_end"),
    path(f"{_AGREEMENT}/authority/new/", terms.authority_add, name="fund_authority_add"),
    path(f"{_AGREEMENT}/authority/<uuid:authority_id>/end/", terms.authority_end, name="fund_authority_end"),
    path(f"{_AGREEMENT}/funds/new/", funds.fund_new, name="fund_new"),
    # Funds and their lines.
    path(f"{_FUND}/", funds.fund, name="fund"),
    path(f"{_FUND}/services/new/", funds.scheme_new, name="fund_scheme_new"),
    path(f"{_FUND}/services/<uuid:scheme_id>/lines/new/", funds.line_new, name="fund_line_new"),
    path(f"{_FUND}/consent/", funds.consent, name="fund_consent"),
    path(f"{_FUND}/approve/", funds.approve, name="fund_approve"),
    path(f"{_FUND}/pooling/", funds.pooling, name="fund_pooling"),
    path(f"{_LINE}/", funds.line, name="fund_line"),
    path(f"{_LINE}/change/", funds.line_change, name="fund_line_change"),
    path(f"{_LINE}/hand-on/", funds.hand_on, name="fund_line_hand_on"),
    path(f"{_LINE}/commit/", funds.commit, name="fund_line_commit"),
    # Contributions and virements.
    path(f"{_FUND}/contributions/", money.contributions, name="fund_contributions"),
    path(f"{_FUND}/contributions/set/", money.contribution_set, name="fund_contribution_set"),
    path(f"{_FUND}/contributions/remind/", money.remind, name="fund_remind"),
    path("funds/instalments/<uuid:instalment_id>/received/", money.received, name="fund_received"),
    path(f"{_FUND}/virements/", money.virements, name="fund_virements"),
    path(f"{_FUND}/virements/new/", money.virement_new, name="fund_virement_new"),
    path("funds/virements/<uuid:virement_id>/", money.virement, name="fund_virement"),
    path("funds/virements/<uuid:virement_id>/withdraw/", money.virement_withdraw, name="fund_virement_withdraw"),
    path(
        "funds/virements/<uuid:virement_id>/partners/<uuid:partner_id>/agree/",
        money.virement_agree,
        name="fund_virement_agree",
    ),
    # Risk share, sign-off, reports, purchases.
    path("funds/<uuid:fund_id>/risk-share/", sharing.risk_share, name="fund_risk_share"),
    path("funds/<uuid:fund_id>/risk-share/figures.csv", sharing.as_csv, name="fund_risk_share_csv"),
    path("funds/<uuid:fund_id>/risk-share/set/", sharing.set_rule, name="fund_risk_share_set"),
    path("funds/<uuid:fund_id>/risk-share/post/", sharing.post, name="fund_risk_share_post"),
    path("funds/<uuid:fund_id>/risk-share/decide/", sharing.decide, name="fund_risk_share_decide"),
    path("funds/<uuid:fund_id>/balances/", reporting.balances, name="fund_balances"),
    path(
        "funds/<uuid:fund_id>/balances/<uuid:fund_partner_id>/<int:year>/<int:quarter>/",
        reporting.sign,
        name="fund_balance_sign",
    ),
    path("funds/<uuid:fund_id>/reports/", reporting.reports, name="fund_reports"),
    path("funds/<uuid:fund_id>/reports/<int:year>/<int:quarter>/", reporting.freeze, name="fund_report_freeze"),
    path("funds/reports/<uuid:report_id>/", reporting.report, name="fund_report"),
    path("funds/reports/<uuid:report_id>/<slug:file_kind>/", reporting.report_file, name="fund_report_file"),
    path("funds/<uuid:fund_id>/purchases/", buying.purchases, name="fund_purchases"),
    path("funds/<uuid:fund_id>/purchases/new/", buying.purchase_new, name="fund_purchase_new"),
    path("funds/<uuid:fund_id>/vat/", buying.vat, name="fund_vat"),
    path("funds/<uuid:fund_id>/vat/<uuid:fund_partner_id>/", buying.regime, name="fund_vat_regime"),
    # The ledger.
    path("funds/<uuid:fund_id>/ledger/", ledger.trial_balance, name="fund_ledger"),
    path(
        "funds/<uuid:fund_id>/ledger/trial-balance.csv",
        ledger.trial_balance_file,
        {"kind": "csv"},
        name="fund_ledger_csv",
    ),
    path(
        "funds/<uuid:fund_id>/ledger/trial-balance.xlsx",
        ledger.trial_balance_file,
        {"kind": "xlsx"},
        name="fund_ledger_xlsx",
    ),
    path("funds/<uuid:fund_id>/ledger/lines/", ledger.lines, name="fund_ledger_lines"),
    path("funds/<uuid:fund_id>/ledger/lines.csv", ledger.lines_file, {"kind": "csv"}, name="fund_ledger_lines_csv"),
    path("funds/<uuid:fund_id>/ledger/lines.xlsx", ledger.lines_file, {"kind": "xlsx"}, name="fund_ledger_lines_xlsx"),
    path("funds/<uuid:fund_id>/ledger/months/", ledger.months, name="fund_months"),
    path("funds/<uuid:fund_id>/ledger/months/close/", ledger.month_close, name="fund_month_close"),
    path("funds/<uuid:fund_id>/ledger/year/open/", ledger.year_open, name="fund_year_open"),
    path("funds/<uuid:fund_id>/ledger/year/close/", ledger.year_close, name="fund_year_close"),
    path("funds/<uuid:fund_id>/ledger/extracts/", extracts.extracts, name="fund_extracts"),
    path("funds/<uuid:fund_id>/ledger/extracts/new/", extracts.extract_new, name="fund_extract_new"),
    path("funds/entries/<uuid:posted_id>/", ledger.entry, name="fund_entry"),
    path("funds/entries/<uuid:posted_id>/reverse/", ledger.entry_reverse, name="fund_entry_reverse"),
]
