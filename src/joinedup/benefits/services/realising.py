"""Benefits from forecast to the bank: taken up from a round, moved, banked from a posting, and taken back by a row that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import F

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.lifecycle import BENEFIT_LABELS, BenefitState, Need, needs_of
from joinedup.benefits.models import BankEntry, Benefit, BenefitMove, PostingUse, Programme, ProgrammePartner, Round
from joinedup.benefits.permissions import BANK_BENEFIT, MOVE_BENEFIT, TAKE_UP_BENEFITS
from joinedup.benefits.pounds import in_pounds
from joinedup.benefits.queries.banked import rooms_of_lines
from joinedup.benefits.queries.measured import EffectNow, effect_now
from joinedup.benefits.queries.realising import claims_on, rounds_to_take_up
from joinedup.benefits.realising import (
    ForecastLine,
    counts_once,
    episode_of_code,
    episode_words,
    forecast_lines,
    most_to_bank,
    year_begins,
)
from joinedup.engines.appraisal import read
from joinedup.funds.queries import Reduction, reduction

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class MoveSaid:
    """What is said when a benefit moves. `series_id`, `level`, `evidence` and `worth_pence` (so far, for this partner) are
    needed where the move needs an effect; `differs` says why it is not what the readings come to, where it is not."""

    end: BenefitState
    reason: str
    evidence: str = ""
    series_id: UUID | None = None
    level: int | None = None
    worth_pence: int | None = None
    differs: str = ""


@dataclass(frozen=True)
class BankSaid:
    """What is said when a benefit is banked. The last four belong to cash that is taken from a provider."""

    posting_id: int
    pence: int
    reason: str
    provider: str = ""
    fixed_cost_pence: int | None = None
    notice_months: int | None = None
    service_at_risk: str = ""


@service(TAKE_UP_BENEFITS, on="programme")
def take_up_benefits(*, programme: Programme, by: Actor, at: datetime) -> list[Benefit]:
    """Make a row of each line of benefit and gaining partner in the newest rounds; where a case has gone through another
    round, its benefits keep their history and take the new forecast. Raises Refused (BN-430)."""
    rounds = rounds_to_take_up(by, programme.pk)
    if not rounds:
        raise rules.TAKE_UP_NOTHING.refused()
    places = ProgrammePartner.objects.filter(programme=programme).select_related("organisation")
    partners = {each.organisation.code: each.organisation for each in places}
    made = [each for kept in rounds for each in _take_up(kept, programme, partners, by, at)]
    note(changed=("benefits",), words={"rounds": [str(each.pk) for each in rounds], "benefits": len(made)})
    return made


def _take_up(
    kept: Round, programme: Programme, partners: dict[str, Organisation], by: Actor, at: datetime
) -> list[Benefit]:
    there = {
        (row.organisation_id, row.key): row for row in Benefit.objects.select_for_update().filter(case=kept.case_id)
    }
    made = []
    for line in forecast_lines(read(kept.model)):
        organisation = partners.get(line.agency)
        if organisation is None:
            continue  # a purse outside the programme gains it: nobody here could bank it
        row = there.pop((organisation.pk, line.key), None)
        made.append(_written(row, kept, line, organisation, programme, by, at))
    for row in there.values():  # a line that the new round no longer has is forecast at nothing; its history stays
        was, row.round = row.forecast_pence, kept
        row.forecast, row.cashable, row.forecast_pence = [], [], max(0, row.banked_pence)
        row.save(update_fields=["round", "forecast", "cashable", "forecast_pence"])
        _write(row, row.state, f"Round {kept.number} no longer has it: forecast was {in_pounds(was)}.", by, at)
    return made


def _written(
    row: Benefit | None, kept: Round, line: ForecastLine, organisation: Organisation, programme: Programme, by: Actor,
    at: datetime,
) -> Benefit:  # fmt: skip
    total = sum(line.years)
    facts = {
        "round": kept, "code": line.code, "title": line.title, "forecast": list(line.years), "cashable": list(line.cashable),
        "forecast_pence": total, "unit_pence": line.unit, "episode": episode_of_code(line.code), "starts_on": year_begins(programme.starts_on, line.lag), "taken_up_at": at,
    }  # fmt: skip
    if row is None:
        made = Benefit.objects.create(case_id=kept.case_id, organisation=organisation, key=line.key, **facts)
        _write(made, "", f"Taken up from round {kept.number}: {in_pounds(total)} forecast.", by, at)
        return made
    was = row.forecast_pence
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    _write(row, row.state, f"Round {kept.number}: forecast {in_pounds(total)}, was {in_pounds(was)}.", by, at)
    return row


@service(MOVE_BENEFIT, on="benefit")
def move_benefit(*, benefit: Benefit, said: MoveSaid, by: Actor, at: datetime) -> Benefit:
    """Say how far a benefit has come. What the move needs is in the one table of moves; what the series said at this moment
    is kept with it. Banking and its reversal are services of their own. Raises Refused (BN-401 to BN-409)."""
    _lock(benefit)
    start = BenefitState(benefit.state)
    needs = needs_of(start, said.end)
    if needs is None or needs & {Need.POSTING, Need.REVERSAL}:
        raise rules.BENEFIT_MOVE_FORBIDDEN.refused(
            start=BENEFIT_LABELS[start].lower(), end=BENEFIT_LABELS[said.end].lower()
        )
    if not said.reason.strip():
        raise rules.BENEFIT_REASON.refused()
    measured = _effect(benefit, said, by) if Need.EFFECT in needs else {}
    if measured:
        benefit.measured_pence, benefit.evidence_level = said.worth_pence, said.level
    elif said.end is BenefitState.FORECAST:
        benefit.measured_pence, benefit.evidence_level = None, None
    benefit.state = said.end
    benefit.save(update_fields=["state", "measured_pence", "evidence_level"])
    _write(benefit, start, said.reason.strip(), by, at, said=said, measured=measured)
    note(subject=benefit, changed=("state",), words={"from": start.value, "to": said.end.value})
    return benefit


def _effect(benefit: Benefit, said: MoveSaid, by: Actor) -> dict[str, object]:
    """BN-403 to BN-409: what was measured, as it is said at this moment."""
    if said.series_id is None:
        raise rules.BENEFIT_EFFECT.refused()
    if said.level not in {1, 2, 3, 4, 5} or not said.evidence.strip():
        raise rules.BENEFIT_EVIDENCE.refused("level" if said.level is None else "evidence")
    least = 1 if said.end is BenefitState.REALISED else 0
    if said.worth_pence is None or said.worth_pence < least:
        raise rules.BENEFIT_WORTH.refused()
    if said.worth_pence < benefit.banked_pence:
        raise rules.BENEFIT_BELOW_BANKED.refused(banked=in_pounds(benefit.banked_pence))
    found = effect_now(by, said.series_id, benefit)
    if found is None:
        raise rules.BENEFIT_NEVER_READ.refused()
    _hold_to_series(found, said)
    why = {"why_differs": said.differs.strip(), "signed_by": by.name} if said.worth_pence != found.worth else {}
    return found.said | why


def _hold_to_series(found: EffectNow, said: MoveSaid) -> None:
    """BN-408 and BN-409: no stronger evidence than the series has, and what its readings come to unless somebody signs why
    not."""
    if (said.level or 0) > found.step:
        raise rules.BENEFIT_LEVEL_HELD.refused(most=found.step)
    if said.worth_pence != found.worth and not said.differs.strip():
        raise rules.BENEFIT_DIFFERS.refused(worked=found.words, said=in_pounds(said.worth_pence or 0))


@service(BANK_BENEFIT, on="benefit")
def bank_benefit(*, benefit: Benefit, said: BankSaid, key: str, by: Actor, at: datetime) -> BankEntry:
    """Bank a realised benefit, or a part of it, from the posting that reduced a budget line of the gaining partner. The same
    `key` again gives the row that is there. No posting banks more than it reduced, and no line more than it has fallen over
    its year net of what was put back, by all benefits together; no benefit more than was measured or forecast, and one that
    rests on avoided events no more than the claims to them are worth. Raises Refused (BN-402, BN-410 to BN-414, BN-416 to
    BN-418)."""
    _lock(benefit)
    there = BankEntry.objects.filter(key=key, benefit=benefit).first()
    if there is not None:
        return there
    state = BenefitState(benefit.state)
    if state not in {BenefitState.REALISED, BenefitState.BANKED}:
        raise rules.BANK_REALISED_ONLY.refused(state=BENEFIT_LABELS[state].lower())
    _require_said(said)
    source = reduction(by, said.posting_id)
    if source is None or source.organisation_id != benefit.organisation_id:
        raise rules.BANK_POSTING.refused(partner=benefit.organisation.name)
    use = _use(source)
    _require_room(benefit, use, said.pence)
    _require_fall(by, source, said.pence)
    _require_claims(benefit, said.pence)
    entry = BankEntry.objects.create(
        benefit=benefit, key=key, pence=said.pence, fund_id=source.fund_id, entry_id=source.entry_id, posting=use,
        posting_words=source.words[:400], provider=said.provider.strip()[:200], reason=said.reason.strip(), at=at,
        fixed_cost_pence=said.fixed_cost_pence if said.provider.strip() else None,
        notice_months=said.notice_months if said.provider.strip() else None,
        service_at_risk=said.service_at_risk.strip() if said.provider.strip() else "", by=by.account_id,
    )  # fmt: skip
    _count(benefit, use, said.pence, BenefitState.BANKED)
    if state is not BenefitState.BANKED:
        _write(benefit, state, said.reason.strip(), by, at, pence=said.pence)
    note(subject=benefit, changed=("banked",), words={"pence": said.pence, "entry": str(source.entry_id)})
    return entry


def _require_said(said: BankSaid) -> None:
    if said.pence <= 0:
        raise rules.BANK_AMOUNT.refused()
    if not said.reason.strip():
        raise rules.BENEFIT_REASON.refused()
    if said.provider.strip() and (
        said.fixed_cost_pence is None
        or said.fixed_cost_pence < 0
        or said.notice_months is None
        or not said.service_at_risk.strip()
    ):
        raise rules.BANK_PROVIDER.refused()


def _require_room(benefit: Benefit, use: PostingUse, pence: int) -> None:
    left = use.reduced_pence - use.banked_pence
    if pence > left:
        raise rules.BANK_POSTING_USED.refused(
            reduced=in_pounds(use.reduced_pence), left=in_pounds(left), amount=in_pounds(pence)
        )
    room = most_to_bank(
        measured=benefit.measured_pence, forecast=benefit.forecast_pence, banked=benefit.banked_pence, posting_left=left
    )
    if pence > room:
        raise rules.BANK_NOT_MORE.refused(
            measured=in_pounds(benefit.measured_pence or 0), forecast=in_pounds(benefit.forecast_pence),
            banked=in_pounds(benefit.banked_pence), amount=in_pounds(pence),
        )  # fmt: skip


def _require_fall(by: Actor, source: Reduction, pence: int) -> None:
    """BN-417. Whoever banks from a line holds it until the end of the transaction, so that two cannot bank one fall."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 4418))", [str(source.line_id)])
    room = rooms_of_lines(by, [source.line_id])[source.line_id]
    if pence > room.left:
        raise rules.BANK_LINE_FALL.refused(
            line=room.fall.name, fall=in_pounds(max(0, room.fall.pence)), banked=in_pounds(room.banked), amount=in_pounds(pence)
        )  # fmt: skip


def _require_claims(benefit: Benefit, pence: int) -> None:
    """BN-418: of a benefit that rests on events of single people; what `claims_on` counts."""
    if not benefit.episode:
        return
    claims = len(claims_on(benefit))
    most = claims * benefit.unit_pence
    if benefit.banked_pence + pence > most:
        raise rules.BANK_EVENTS.refused(
            claims=f"{claims} claim{'' if claims == 1 else 's'}", kinds=episode_words(benefit.episode), unit=in_pounds(benefit.unit_pence),
            most=in_pounds(most), banked=in_pounds(benefit.banked_pence), amount=in_pounds(pence), once=counts_once(benefit.episode),
        )  # fmt: skip


@service(BANK_BENEFIT, on="benefit")
def reverse_banked(*, benefit: Benefit, entry: BankEntry, reason: str, by: Actor, at: datetime) -> BankEntry:
    """Take back what was banked, by a new row that names it. With nothing left in the bank the benefit is realised again.
    Raises Refused (BN-402, BN-415)."""
    _lock(benefit)
    if not reason.strip():
        raise rules.BENEFIT_REASON.refused()
    if entry.benefit_id != benefit.pk or entry.pence < 0 or BankEntry.objects.filter(reverses=entry).exists():
        raise rules.BANK_REVERSED_ONCE.refused()
    use = PostingUse.objects.select_for_update().get(pk=entry.posting_id)
    back = BankEntry.objects.create(
        benefit=benefit, key=f"reversal of {entry.pk}", pence=-entry.pence, fund_id=entry.fund_id, entry_id=entry.entry_id,
        posting=use, posting_words=entry.posting_words, reason=reason.strip(), reverses=entry, at=at, by=by.account_id,
    )  # fmt: skip
    is_empty = benefit.banked_pence == entry.pence
    _count(benefit, use, -entry.pence, BenefitState.REALISED if is_empty else BenefitState.BANKED)
    if is_empty:
        _write(benefit, BenefitState.BANKED, reason.strip(), by, at, pence=-entry.pence)
    note(subject=benefit, changed=("banked",), words={"pence": -entry.pence, "reverses": str(entry.pk)})
    return back


def _count(benefit: Benefit, use: PostingUse, pence: int, state: BenefitState) -> None:
    PostingUse.objects.filter(pk=use.pk).update(banked_pence=F("banked_pence") + pence)
    benefit.banked_pence += pence
    benefit.state = state
    benefit.save(update_fields=["banked_pence", "state"])


def _use(source: Reduction) -> PostingUse:
    """The row that counts what was banked from a posting, held until the end of the transaction."""
    facts = {"reduced_pence": source.pence, "line_id": source.line_id}
    PostingUse.objects.get_or_create(posting_id=source.posting_id, defaults=facts)
    return PostingUse.objects.select_for_update().get(pk=source.posting_id)


def _lock(benefit: Benefit) -> None:
    benefit.refresh_from_db(from_queryset=Benefit.objects.select_for_update(of=("self",)))


def _write(
    benefit: Benefit, start: str, reason: str, by: Actor, at: datetime, *, said: MoveSaid | None = None,
    measured: dict[str, object] | None = None, pence: int | None = None,
) -> None:  # fmt: skip
    """One row of the benefit's history."""
    BenefitMove.objects.create(
        benefit=benefit, start=start, end=benefit.state, reason=reason, at=at, by=by.account_id, measured=measured or {},
        evidence=said.evidence.strip() if said and measured else "", series_id=said.series_id if said and measured else None,
        level=said.level if said and measured else None, pence=said.worth_pence if said and measured else pence,
    )  # fmt: skip
