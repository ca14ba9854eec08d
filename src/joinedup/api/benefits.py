"""Programmes for a partner's own system: strands and how they overlap, business cases with their rounds, benefits with their
history, published figures. Read only. Amounts are whole pence where they are called so; what the appraisal engine answers is
in pounds, unrounded. Whoever reads the pages of a programme reads this, and a number of families that its pages keep back is
kept back here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers
from joinedup.benefits.queries import (
    BenefitSeen,
    BenefitState,
    CohortSeen,
    PairSeen,
    RoundSeen,
    benefit_page,
    benefits_page,
    case_page,
    cases_of,
    claim_subjects,
    model_of,
    overlap_of,
    programmes,
    results_of,
    round_seen,
    rounds_of,
    strands,
)


class StrandRef(Schema):
    """A strand in the list of its programme. `sponsor` is the partner with most to lose or gain."""

    id: UUID
    code: str
    name: str
    sponsor: str
    officer: str
    state: str
    is_open: bool
    merged_into: str


class ProgrammePartnerOut(Schema):
    """A partner of a programme, in its order."""

    code: str
    name: str


class ProgrammeOut(Schema):
    """A programme. `is_illustration`: its inputs are invented, and so is everything worked out from them."""

    id: UUID
    reference: str
    title: str
    purpose: str
    starts_on: date
    years: int
    is_illustration: bool
    manager: str
    agreement_id: UUID | None
    partners: list[ProgrammePartnerOut]
    strands: list[StrandRef]


class SponsorOut(Schema):
    """A partner that sponsors or sponsored a strand, and why."""

    organisation: str
    officer: str
    reason: str
    starts_on: date
    ends_on: date | None


class StrandStepOut(Schema):
    """Something that was done to a strand."""

    title: str
    words: str
    reason: str
    by: str
    at: datetime


class AskedOut(Schema):
    """What families are found by, or how they came in, in words."""

    what: str
    words: str


class CohortOut(Schema):
    """The families of a strand, counted and never named: `families` may read “fewer than 6” or “not shown”. `expected` is
    what somebody said, with its source."""

    families: str
    expected: int | None
    expected_source: str
    asked: list[AskedOut]
    by_source: list[AskedOut]
    refreshed_at: datetime | None


class StrandOut(Schema):
    """One strand in full."""

    id: UUID
    programme_id: UUID
    code: str
    name: str
    state: str
    is_open: bool
    merged_into_id: UUID | None
    sponsorships: list[SponsorOut]
    steps: list[StrandStepOut]
    cohort: CohortOut


class StrandPairOut(Schema):
    """Two strands that share families. What is worked out from a number that is not shown is empty or null."""

    into_id: UUID
    into: str
    merged_id: UUID
    merged: str
    both: str
    percent: str
    professionals: str
    visits: str
    duplicated: str
    saving_pence: int | None
    loses: str
    is_advised: bool


class OverlapOut(Schema):
    """How the open strands of a programme overlap on a day, and which had better be one."""

    on: date
    families: str
    several: str
    merge_percent: int
    merge_professionals: int
    pairs: list[StrandPairOut]


class CaseListedOut(Schema):
    """A business case in the list of its programme; `newest_round_id` is what its strand stands on."""

    id: UUID
    reference: str
    title: str
    strand_id: UUID
    strand: str
    saved_at: datetime
    rounds: int
    newest_round_id: UUID | None
    verdict: str


class CaseFaultOut(Schema):
    """What is missing or wrong in a case, and on which of its pages."""

    part: str
    sentence: str


class RoundRowOut(Schema):
    """A round of review: what changed, worked out, and why, as entered."""

    id: UUID
    number: int
    changed: str
    why: str
    kept_at: datetime
    kept_by: str
    digest: str
    is_unchanged: bool


class BusinessCaseOut(Schema):
    """A case as it stands: `model` has the keys of `joinedup appraise`, `results` what it answers with its tables of
    parameters and draws; null while something in `left` is missing or wrong."""

    id: UUID
    reference: str
    title: str
    strand_id: UUID
    is_illustration: bool
    is_withdrawn: bool
    version: int
    model: dict[str, Any]
    left: list[CaseFaultOut]
    results: dict[str, Any] | None
    rounds: list[RoundRowOut]


class RoundOut(RoundRowOut):
    """A round as it was kept, with its model and results and the SHA-256 of both."""

    case_id: UUID
    strand_id: UUID
    programme_id: UUID
    is_illustration: bool
    model: dict[str, Any]
    results: dict[str, Any]


class BenefitRowOut(Schema):
    """What one partner is to gain from one line of a case, in pence: forecast over all years after optimism bias, due by
    now, measured, banked. `state` is forecast, emerging, realised, banked or lost; `level` the step of the scientific scale;
    `unbanked` was banked and counts no longer."""

    id: UUID
    title: str
    code: str
    partner: str
    partner_code: str
    strand: str
    strand_code: str
    state: str
    forecast: int
    cashable: int
    due: int
    measured: int | None
    banked: int
    unbanked: int
    level: int | None
    starts_on: date
    standing: str


class BenefitSumsOut(Schema):
    """Sums over what was asked for; what was lost is forecast and due no more."""

    forecast: int
    due: int
    measured: int
    banked: int


class BenefitsOut(Schema):
    """The benefits of a programme."""

    totals: BenefitSumsOut
    benefits: list[BenefitRowOut]


class BenefitYearOut(Schema):
    """A year of a benefit as its case forecast it."""

    year: int
    forecast: int
    cashable: int


class BenefitMoveOut(Schema):
    """A step of a benefit's history, with what its series said at that moment."""

    title: str
    at: datetime
    by: str
    reason: str
    evidence: str
    level: int | None
    pence: int | None
    measured: Any
    series_id: UUID | None


class BankedOut(Schema):
    """A row of what was banked, or taken back. `counts` is what still does. Of cash from a provider: the fixed cost left
    behind, the end of the notice and the service at risk."""

    id: UUID
    pence: int
    counts: int
    fund_id: UUID
    entry_id: UUID
    posting_words: str
    provider: str
    fixed_cost: int | None
    notice_ends_on: date | None
    service_at_risk: str
    reason: str
    is_reversed: bool
    is_reversal: bool
    at: datetime
    by: str


class BenefitOut(BenefitRowOut):
    """One benefit with its years and its history, the newest first. `claims` avoided events count for it; where it rests on
    them they are worth `claims_worth`."""

    programme_id: UUID
    case_id: UUID
    round_number: int
    years: list[BenefitYearOut]
    moves: list[BenefitMoveOut]
    bank: list[BankedOut]
    claims: int
    claims_worth: int | None


class PublishedOut(Schema):
    """A figure as it was published: `basis` is gross, net, cost …, `how` measured, forecast or not said. `why_not` says why it
    stands no longer."""

    id: UUID
    figure: str
    what: str
    basis: str
    how: str
    price_year: str
    period: str
    area: str
    source: str
    published: str
    words: str
    is_live: bool
    why_not: str


class PublishedAboutOut(Schema):
    """Figures about one thing, side by side; `conflicts` names the footings on which they differ."""

    id: UUID
    title: str
    programme_id: UUID | None
    explains: str
    conflicts: list[str]
    figures: list[PublishedOut]


class BenefitQuery(Schema):
    """Narrowed by the code of a strand, of a partner, and by a state."""

    strand: schemas.Text60 = ""
    partner: schemas.Text60 = ""
    state: Annotated[str, schemas.OneOf(BenefitState)] | None = None


class WithdrawnQuery(Schema):
    """Whether cases that were withdrawn are listed, too."""

    withdrawn: bool = False


class WordsQuery(Schema):
    """Every word of it is in what a figure is about, its words, area or source."""

    words: schemas.Text200 = ""


def programmes_router(answers: Answers) -> Router:
    """The addresses under /programmes."""
    found = Router(tags=["Programmes and benefits"])
    at, one = Addresses(found, answers), "/{uuid:programme_id}"
    at.reads("", list[ProgrammeOut], _programmes, "Programmes with their strands")
    at.reads(one, ProgrammeOut, _programme, "One programme")
    at.reads("/strands/{uuid:strand_id}", StrandOut, _strand, "One strand, its sponsors and who is in it")
    at.reads(f"{one}/overlap", OverlapOut, _overlap, "How strands overlap, and which to merge")
    at.reads(f"{one}/cases", list[CaseListedOut], _cases, "Business cases of a programme")
    at.reads(f"{one}/benefits", BenefitsOut, _benefits, "Benefits of a programme")
    at.reads("/cases/{uuid:business_case_id}", BusinessCaseOut, _case, "One business case with its results")
    at.reads("/rounds/{uuid:case_round_id}", RoundOut, _round, "One round of a case as it was kept")
    at.reads("/benefits/{uuid:benefit_id}", BenefitOut, _benefit, "One benefit with its history")
    at.reads("/published-figures", list[PublishedAboutOut], _published, "The register of published figures")
    return found


def _programme_out(each: programmes.ProgrammeSeen) -> dict[str, Any]:
    return each.__dict__ | {
        "partners": [{"code": code, "name": name} for code, name in each.partners],
        "strands": [one.__dict__ for one in each.strands],
    }


def _programmes(request: HttpRequest) -> list[dict[str, Any]]:
    """Every programme of the account's organisations."""
    return [_programme_out(each) for each in programmes.programmes_of(viewer_of(request))]


def _programme(request: HttpRequest, programme_id: UUID) -> dict[str, Any]:
    """One programme with its partners and strands."""
    return _programme_out(programmes.programme_seen(viewer_of(request), programme_id))


def _cohort(of: CohortSeen) -> dict[str, Any]:
    return {
        "families": of.words, "expected": of.expected, "expected_source": of.expected_source,
        "refreshed_at": of.refreshed_at, "asked": [{"what": what, "words": words} for what, words in of.asked],
        "by_source": [{"what": what, "words": words} for what, words in of.by_source],
    }  # fmt: skip


def _strand(request: HttpRequest, strand_id: UUID) -> dict[str, Any]:
    """One strand: who sponsored it when and why, what was done to it, and how many families are in it."""
    page = strands.strand_page(viewer_of(request), strand_id)
    return page.__dict__ | {
        "programme_id": page.programme.id, "sponsorships": [each.__dict__ for each in page.sponsorships],
        "steps": [each.__dict__ for each in page.steps], "cohort": _cohort(page.cohort),
    }  # fmt: skip


def _pair(each: PairSeen) -> dict[str, Any]:
    return each.__dict__ | {"loses": each.loses if each.is_sized else ""}


def _overlap(request: HttpRequest, programme_id: UUID) -> dict[str, Any]:
    """Every two open strands that share families, what a merger would save and which partner would sponsor no longer."""
    page = overlap_of(viewer_of(request), programme_id)
    return {
        "on": page.on, "families": page.families, "several": page.several, "merge_percent": page.limits.percent,
        "merge_professionals": page.limits.professionals, "pairs": [_pair(each) for each in page.pairs],
    }  # fmt: skip


def _cases(request: HttpRequest, programme_id: UUID, wanted: Query[WithdrawnQuery]) -> list[dict[str, Any]]:
    """The cases of every strand, with what the newest round of each comes to."""
    found = cases_of(viewer_of(request), programme_id, withdrawn=wanted.withdrawn)
    return [
        each.__dict__ | {
            "strand": each.strand_name, "newest_round_id": each.newest.id if each.newest else None,
            "verdict": each.newest.results["verdict"] if each.newest else "",
        }
        for each in found
    ]  # fmt: skip


def _kept(each: RoundSeen) -> dict[str, Any]:
    return each.__dict__ | {"is_unchanged": each.is_unchanged}


def _case(request: HttpRequest, business_case_id: UUID) -> dict[str, Any]:
    """A case as it stands now, worked out where it is finished: twenty thousand draws with seed 1."""
    viewer = viewer_of(request)
    page = case_page(viewer, business_case_id)
    row = page.row
    return {
        "id": row.pk, "reference": row.reference, "title": row.title, "strand_id": row.strand_id,
        "is_illustration": page.is_illustration, "is_withdrawn": row.withdrawn_at is not None, "version": row.version,
        "model": row.model, "left": [{"part": each.part, "sentence": each.sentence} for each in page.left],
        "results": results_of(model_of(page)) if page.is_finished else None,
        "rounds": [_kept(each) for each in rounds_of(viewer, business_case_id)],
    }  # fmt: skip


def _round(request: HttpRequest, case_round_id: UUID) -> dict[str, Any]:
    """One round as it was kept."""
    return _kept(round_seen(viewer_of(request), case_round_id))


def _benefit_row(each: BenefitSeen) -> dict[str, Any]:
    return each.__dict__ | {"standing": each.standing.words}


def _benefits(request: HttpRequest, programme_id: UUID, wanted: Query[BenefitQuery]) -> dict[str, Any]:
    """Forecast, due, measured and banked, benefit by benefit. Nothing is late before its return begins."""
    page = benefits_page(
        viewer_of(request), programme_id, strand=wanted.strand, partner=wanted.partner, state=wanted.state or ""
    )
    return {"totals": page.totals.__dict__, "benefits": [_benefit_row(each) for each in page.rows]}


def _benefit(request: HttpRequest, benefit_id: UUID) -> dict[str, Any]:
    """One benefit: each step with its evidence, and what was banked by which posting."""
    page = benefit_page(viewer_of(request), benefit_id)
    return _benefit_row(page.seen) | {
        "programme_id": page.programme.id, "case_id": page.benefit.case_id, "round_number": page.round_number,
        "years": [{"year": year, "forecast": pence, "cashable": cash} for year, pence, cash in page.years],
        "moves": list(page.moves), "bank": [each.__dict__ for each in page.banked], "claims": page.claims,
        "claims_worth": page.claims_worth,
    }  # fmt: skip


def _published(request: HttpRequest, wanted: Query[WordsQuery]) -> list[dict[str, Any]]:
    """What was published about programmes of this kind, each figure with its source; nobody's is adopted."""
    return [
        each.__dict__ | {
            "conflicts": list(each.conflicts),
            "figures": [one.__dict__ | {"figure": one.figure_in_full} for one in each.claims],
        }
        for each in claim_subjects(viewer_of(request), text=wanted.words)
    ]  # fmt: skip
