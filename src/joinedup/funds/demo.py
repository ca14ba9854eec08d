"""The demo's shared money, after Swindon: three agreements side by side, staff as well as money, and a fourth being drafted.

The commissioning pool of £20 million and £8 million, aligned budgets for integrated services with the seconded staff
under them, a pool for disabled children, and early help with the police whose agreement is not complete. Everybody is
invented; the sums of the first are the seed's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.engines.ledger import Line
from joinedup.engines.money import share
from joinedup.funds import chart, services
from joinedup.funds.agreement_items import AIMS, OUTCOMES
from joinedup.funds.contributing import RollForward
from joinedup.funds.demo_joint import load_joint
from joinedup.funds.demo_loading import Loading
from joinedup.funds.demo_sharing import load_sharing
from joinedup.funds.demo_teams import cut_for_team as cut_for_team  # for the demo of programmes
from joinedup.funds.demo_teams import spend_on as spend_on
from joinedup.funds.demo_year import end_year, live_through, report_quarters, roll_on
from joinedup.funds.models import (
    BudgetLine,
    Fund,
    Instalment,
    PartnershipAgreement,
    Scheme,
)
from joinedup.funds.services import LineSaid, PartSaid
from joinedup.funds.services.booking import line_of
from joinedup.funds.services.ledger import Draft, post_entries
from joinedup.organisations.queries import localities, posts_of_organisations, posts_with_role

if TYPE_CHECKING:
    pass

_THOUSAND = 100_000  # pence
# scheme: code, name, who leads, what it delivers
_SCHEMES = (
    ("SW", "Social work with children", "COUNCIL", "Assessments in time; fewer children looked after"),
    ("EW", "Education welfare", "COUNCIL", "Attendance of children with help"),
    ("VUL", "Vulnerable children", "COUNCIL", "Children in need helped early, in four localities"),
    ("DIS", "Disabled children", "COUNCIL", "Short breaks for 200 families"),
    ("CH", "Community health for children", "NHS", "Health visiting, therapies and child mental health"),
)
# scheme, code, name, partner, thousands, stream, tier, is capital, holder
_LINES = (
    ("SW", "SW-01", "Social work teams", "COUNCIL", 8000, "", "pooled", False, ""),
    ("EW", "EW-01", "Education welfare officers", "COUNCIL", 1600, "", "pooled", False, ""),
    ("EW", "EW-02", "Education welfare in schools", "COUNCIL", 900, "DSG", "pooled", False, ""),
    ("VUL", "VUL-01", "Help for vulnerable children", "COUNCIL", 5000, "", "pooled", False, "Marina Testbudget"),
    ("VUL", "VUL-02", "School nursing", "COUNCIL", 700, "PH", "pooled", False, ""),
    ("DIS", "DIS-01", "Short breaks", "COUNCIL", 3500, "", "pooled", False, "Marina Testbudget"),
    ("DIS", "DIS-02", "Adapting the respite home", "COUNCIL", 300, "", "pooled", True, ""),
    ("CH", "CH-01", "Health visiting and therapies", "NHS", 4600, "", "pooled", False, ""),
    ("CH", "CH-02", "Child mental health", "NHS", 2000, "", "pooled", False, ""),
    ("DIS", "DIS-03", "Community paediatrics", "NHS", 1400, "", "pooled", False, ""),
    ("SW", "SW-90", "Placements of children looked after", "COUNCIL", 12400, "", "in_view", False, ""),
)
# Locality by locality, what each partner spends on its own staff there: integrated services, side by side.
_TEAMS = (("NORTH", 1_350, 820), ("CENTRALNORTH", 1_280, 760), ("CENTRALSOUTH", 1_410, 840), ("SOUTH", 1_190, 690))
_PLACES = {"NORTH": "North", "CENTRALNORTH": "Central North", "CENTRALSOUTH": "Central South", "SOUTH": "South"}
_STAFF = {"COUNCIL": "the council’s staff", "NHS": "the NHS’s staff"}
_HOLDERS = {"NORTH": "Nia Testnorth", "CENTRALNORTH": "Ciaran Testcentre", "SOUTH": "Sanjay Testsouth"}
_SPENT = {
    "SW-01": 104,
    "CH-02": 109,
    "DIS-01": 97,
    "VUL-01": 96,
    "KW-C": 104,
    "EQ-N": 98,
}  # per cent of the month's share that was spent


def load(*, at: datetime, family_id: UUID | None = None) -> None:
    """The four agreements as they stand at a moment in their year; of the first the year before as well."""
    loading = Loading(at)
    before = Loading(at, loading.year - 1)
    pool = _commissioning(before)
    live_through(before, pool)
    roll_on(loading, pool)
    end_year(before, pool)
    _pay(loading, pool)
    _spend(loading, pool)
    _hand_on(loading, pool, family_id)
    _vire(loading, pool)
    load_sharing(loading, pool)
    integrated = _integrated(loading)
    small = _disabled(before)
    _pay(before, small, is_whole=True)
    _spend(before, small)
    report_quarters(before, small)
    _early_help(loading)
    load_joint(loading, integrated, pool)


def _commissioning(loading: Loading) -> Fund:
    """Since April 2008: the primary care trust's place was taken twice."""
    agreement = loading.draft(
        "Commissioning services for children and young people", "S75", ("COUNCIL", "PCT"), "west_lancashire", date(2008, 4, 1)
    )  # fmt: skip
    for code, heir, on in (("PCT", "CCG", date(2013, 4, 1)), ("CCG", "NHS", date(2022, 7, 1))):
        services.novate_agreement(
            agreement=agreement, predecessor=loading.partner(agreement, code), successor=loading.bodies[heir], on=on,
            decision=f"Governing body, minute of {on:%B %Y}", by=loading.by, at=loading.began,
        )  # fmt: skip
    loading.write(agreement, "commissioning")
    host = loading.host(agreement)
    loading.publish(agreement, "COUNCIL", "NHS")
    fund = services.open_fund(
        agreement=agreement, code="COMM", name="Commissioning pool", model="pooled", host=host, year=loading.year,
        by=loading.by, at=loading.began,
    )  # fmt: skip
    schemes = {
        code: services.add_scheme(
            agreement=agreement, fund=fund, code=code, name=name, lead=loading.partner(agreement, lead), outputs=outputs,
            by=loading.by, at=loading.began,
        )
        for code, name, lead, outputs in _SCHEMES
    }  # fmt: skip
    _consents(loading, fund, schemes)
    for scheme, code, name, owner, thousands, stream, tier, is_capital, holder in _LINES:
        said = LineSaid(
            code, name, loading.partner(agreement, owner), thousands * _THOUSAND, tier,
            loading.streams[stream] if stream else None, is_capital, not is_capital,
            loading.posts[holder] if holder else None,
        )  # fmt: skip
        loading.line(agreement, schemes[scheme], said)
    more = "Children’s partnership board, minute 4: the council pays for the growth in demand."
    core = RollForward(18_000 * _THOUSAND, 0, 300, 250 * _THOUSAND, 150, 120 * _THOUSAND)
    loading.contribute(fund, "COUNCIL", "CORE", core, detriment=more)
    loading.contribute(fund, "COUNCIL", "DSG", RollForward(900 * _THOUSAND))
    loading.contribute(fund, "COUNCIL", "PH", RollForward(700 * _THOUSAND))
    health = RollForward(7_900 * _THOUSAND, 0, 250, 125_000, 125)
    loading.contribute(fund, "NHS", "ICB", health, detriment="Finance committee, minute 9.")
    loading.contribute(
        fund, "NHS", "ICB", RollForward(150 * _THOUSAND), kind="in_kind", what="Rooms in three health centres"
    )
    loading.open(agreement, fund)
    _authorities(loading, agreement)
    return fund


def _consents(loading: Loading, fund: Fund, schemes: dict[str, Scheme]) -> None:
    for stream, scheme, who, where, why in (
        ("DSG", "EW", "The schools forum", "Minutes of 14 January, item 6", "Attendance of pupils"),
        (
            "PH",
            "VUL",
            "The director of public health",
            "Letter of 20 January",
            "School nursing is a public health service",
        ),
    ):
        services.record_consent(
            fund=fund, stream=loading.streams[stream], schemes={schemes[scheme]: why}, consented_by=who,
            consented_on=date(loading.year, 1, 20), written=where, by=loading.by, at=loading.began,
        )  # fmt: skip


def _authorities(loading: Loading, agreement: PartnershipAgreement) -> None:
    for level, name in (
        ("service_head", "Marina Testbudget"), ("chief_officer", "Sterling Testpound"), ("chief_officer", "Goldie Mockpenny"),
        ("cabinet", "Florin Testshilling"), ("council", "Florin Testshilling"),
    ):  # fmt: skip
        services.name_authority(
            agreement=agreement, level=level, post=loading.posts[name], by=loading.by, at=loading.began
        )


def _pay(loading: Loading, fund: Fund, *, is_whole: bool = False) -> None:
    """What was due has come in, but for the NHS's latest instalment unless the whole of it has."""
    now = system(loading.at)
    services.call_instalments(fund=fund, by=now, at=loading.at)
    due = Instalment.objects.filter(contribution__fund=fund, contribution__year=loading.year, contribution__kind="cash")
    due = due.filter(due_on__lte=loading.at.date())
    rows = list(due.select_related("contribution__partner__organisation").order_by("due_on", "pk"))
    latest = max((row.due_on for row in rows), default=None)
    for row in rows:
        code = row.contribution.partner.organisation.code
        if code == "NHS" and row.due_on == latest and not is_whole:
            continue
        came = min(row.due_on + timedelta(days=9), loading.at.date())
        services.record_receipt(
            fund=fund, instalment=row, pence=row.pence, received_on=came, reference=f"{code} {row.number}/{loading.year}",
            by=now, at=loading.at,
        )  # fmt: skip


def _spend(loading: Loading, fund: Fund) -> None:
    """Each month that is over, what each line spent: some more than their share, some less."""
    lines = list(BudgetLine.objects.filter(fund=fund, year=loading.year, tier="pooled").order_by("code"))
    drafts = []
    for month in range(12):
        last = date(loading.year + (month + 4) // 12, (month + 4) % 12 + 1, 1) - timedelta(days=1)
        if last >= loading.at.date():
            break
        spent = [
            (each, int(share(each.budget_pence * _SPENT.get(each.code, 100) // 100, [1] * 12)[month]))
            for each in lines
            if not each.is_capital
        ]
        whole = [line_of(each, pence) for each, pence in spent]
        whole.append(Line(chart.BANK, -sum(pence for _, pence in spent)))
        drafts.append(Draft(f"spent in {last:%Y-%m}", last, whole, memo=f"Spent in {last:%B %Y}", spending="provision"))
    if drafts:
        post_entries(fund=fund, drafts=drafts, by=system(loading.at), at=loading.at)


def _hand_on(loading: Loading, fund: Fund, family_id: UUID | None) -> None:
    """Help for vulnerable children, cut for the four localities, a cluster and one family."""
    by = system(loading.at)
    whole = BudgetLine.objects.get(fund=fund, year=loading.year, code="VUL-01")
    holders = {post.account.name: post for post in posts_with_role(by, Role.TEAM_MANAGER)}
    parts = {}
    for place in localities(by):
        said = PartSaid(
            f"LOC-{place.code[:12]}", f"{place.name} locality", 220 * _THOUSAND, "locality", locality=place,
            holder=holders.get(_HOLDERS.get(place.code, "")),
        )  # fmt: skip
        parts[place.code] = services.hand_on_budget(line=whole, said=said, by=by, at=loading.at)
    north = parts["NORTH"]
    cluster = north.locality.clusters.order_by("code").first() if north.locality else None
    said = PartSaid("CLU-ALDER", "Alder cluster", 30 * _THOUSAND, "cluster", cluster=cluster)
    alder = services.hand_on_budget(line=north, said=said, by=by, at=loading.at)
    amira = next((post for post in posts_with_role(by, Role.KEY_WORKER) if post.account.name == "Amira Testerly"), None)
    if amira is None or family_id is None:
        return
    family = services.hand_on_budget(
        line=alder, said=PartSaid("FAM-01", "Family budget 1", 150_000, "family", family_id=family_id, holder=amira,
                                  limit_pence=25_000), by=by, at=loading.at,
    )  # fmt: skip
    services.commit_from_budget(
        line=family,
        pence=18_000,
        what="A washing machine, second-hand",
        key="demo washing machine",
        by=by,
        at=loading.at,
    )


def _vire(loading: Loading, fund: Fund) -> None:
    """One virement within a head of service's authority, approved; one that waits for a chief officer."""
    lines = {line.code: line for line in BudgetLine.objects.filter(fund=fund, year=loading.year).select_related("fund")}
    asked = loading.at - timedelta(days=6)
    done = services.ask_virement(
        from_line=lines["DIS-01"], to_line=lines["VUL-01"], pence=2_000_000, reason="More families at Saturday clubs.",
        is_recurrent=True, by=loading.person("Penny Testpool", asked), at=asked,
    )  # fmt: skip
    services.approve_virement(virement=done, by=loading.person("Marina Testbudget", asked), at=asked)
    services.ask_virement(
        from_line=lines["DIS-01"], to_line=lines["CH-02"], pence=2_800_000, reason="The waiting list for child mental health.",
        by=loading.person("Penny Testpool", loading.at), at=loading.at,
    )  # fmt: skip


def _integrated(loading: Loading) -> Fund:
    """Aligned: each keeps its own money for the locality teams; the NHS's staff are seconded under it."""
    agreement = loading.draft(
        "Integrated services for children and young people", "S75", ("COUNCIL", "NHS"), "waverley", date(loading.year, 4, 1)
    )  # fmt: skip
    loading.write(agreement, "integrated")
    host = loading.host(agreement)
    loading.publish(agreement, "COUNCIL", "NHS")
    fund = services.open_fund(
        agreement=agreement, code="INTEG", name="Integrated locality teams", model="aligned", host=host, year=loading.year,
        by=loading.by, at=loading.began,
    )  # fmt: skip
    scheme = services.add_scheme(
        agreement=agreement, fund=fund, code="TEAMS", name="Locality teams", lead=host,
        outputs="One lead professional for each family", by=loading.by, at=loading.began,
    )  # fmt: skip
    for place, council, nhs in _TEAMS:
        for code, thousands in (("COUNCIL", council), ("NHS", nhs)):
            said = LineSaid(
                f"{place[:12]}-{code[0]}", f"{_PLACES[place]}, {_STAFF[code]}",
                loading.partner(agreement, code), thousands * _THOUSAND, "pooled_aligned",
            )  # fmt: skip
            loading.line(agreement, scheme, said)
    loading.open(agreement, fund)
    _second(loading, agreement)
    return fund


def _second(loading: Loading, agreement: PartnershipAgreement) -> None:
    """Every NHS employee in a team that the council hosts."""
    by, bodies = system(loading.at), {loading.bodies["COUNCIL"].pk, loading.bodies["NHS"].pk}
    seen = set()
    for _, post in posts_of_organisations(by, bodies):
        if post.pk not in seen and post.is_secondment and {post.employer_id, post.host_id} <= bodies:
            seen.add(post.pk)
            services.attach_secondment(agreement=agreement, post=post, by=by, at=loading.at)


def _disabled(loading: Loading) -> Fund:
    """A small pool of its own, as Swindon's third agreement. Its year before is over and not closed yet."""
    agreement = loading.draft(
        "Services for disabled children", "S75", ("COUNCIL", "NHS"), "west_lancashire", date(loading.year, 4, 1)
    )
    loading.write(agreement, "disabled")
    host = loading.host(agreement)
    loading.publish(agreement, "COUNCIL", "NHS")
    fund = services.open_fund(
        agreement=agreement, code="DISAB", name="Disabled children’s pool", model="pooled", host=host, year=loading.year,
        by=loading.by, at=loading.began,
    )  # fmt: skip
    for code, name, lead, lines in (
        (
            "EQUIP",
            "Equipment and adaptations",
            "NHS",
            (("EQ-C", "Council", "COUNCIL", 240), ("EQ-N", "NHS", "NHS", 310)),
        ),
        ("KEY", "Key workers", "COUNCIL", (("KW-C", "Council", "COUNCIL", 460), ("KW-N", "NHS", "NHS", 190))),
    ):
        scheme = services.add_scheme(
            agreement=agreement, fund=fund, code=code, name=name, lead=loading.partner(agreement, lead), by=loading.by,
            at=loading.began,
        )  # fmt: skip
        for number, whose, owner, thousands in lines:
            said = LineSaid(number, f"{name}, {whose}", loading.partner(agreement, owner), thousands * _THOUSAND)
            loading.line(agreement, scheme, said)
    loading.contribute(fund, "COUNCIL", "CORE", RollForward(700 * _THOUSAND))
    loading.contribute(fund, "NHS", "ICB", RollForward(500 * _THOUSAND))
    loading.open(agreement, fund)
    return fund


def _early_help(loading: Loading) -> None:
    """With the police, so under section 10; being drafted, and not complete."""
    agreement = loading.draft(
        "Early help with the police", "S10", ("COUNCIL", "NHS", "POLICE"), "", date(loading.year + 1, 4, 1)
    )
    loading.write(agreement, "early", only=(AIMS, OUTCOMES, "people", "duration"))
    loading.host(agreement)
    loading.publish(agreement, "COUNCIL")
