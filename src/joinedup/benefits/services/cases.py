"""Writing business cases: each page is saved by itself, rounds are kept for good, a file is taken over whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.queries import names_of_accounts
from joinedup.benefits import case_building as building
from joinedup.benefits import case_results, rules
from joinedup.benefits.case_changes import differences
from joinedup.benefits.case_figures import said
from joinedup.benefits.models import BusinessCase, ProgrammePartner, Round
from joinedup.benefits.permissions import KEEP_ROUND, WRITE_CASE
from joinedup.core.errors import Stale
from joinedup.core.models import claim_version, new_reference
from joinedup.engines.appraisal import BadModel, read

if TYPE_CHECKING:
    from uuid import UUID

    from joinedup.benefits.models import Strand

_USUAL_PRICES = "2024"  # the newest year of the usual price index


@service(WRITE_CASE, on="strand")
def begin_case(*, strand: Strand, title: str, by: Actor, at: datetime) -> BusinessCase:
    """Begin the case for a strand, over its programme's years. Refuses one without a name (BN-201) and a strand that was
    merged or closed (BN-209)."""
    if strand.state != "open":
        raise rules.STRAND_NOT_OPEN.refused()
    made = BusinessCase.objects.create(
        strand=strand, reference=new_reference("BC"), title=_titled(title), begun_at=at, begun_by=by.account_id, saved_at=at,
        saved_by=by.account_id,
        model={"years": strand.programme.years, "discount": "green-book", "price_year": _USUAL_PRICES},
    )  # fmt: skip
    note(subject=made, changed=("case",), words={"title": made.title})
    return made


@service(WRITE_CASE, on="case")
def rename_case(*, case: BusinessCase, title: str, version: int, by: Actor, at: datetime) -> BusinessCase:
    """Call a case something else."""
    locked = _locked(case)
    locked.title = _titled(title)
    _save(locked, locked.model, version, by, at)
    locked.save(update_fields=["title"])
    note(changed=("title",), words={"title": locked.title})
    return locked


@service(WRITE_CASE, on="case")
def save_part(
    *, case: BusinessCase, part: str, place: int, values: Mapping[str, Any], seen: str, by: Actor, at: datetime
) -> BusinessCase:
    """Save one page of a case. `values` is what was answered, None where nothing was; `seen` is the mark of what the page
    showed. Two people on different pages do not meet; where somebody saved the same page meanwhile, Stale has both
    versions. Refuses a line without a name (BN-212), one that is gone (BN-203) and one too many (BN-204)."""
    locked = _locked(case)
    model, kind, agencies = locked.model, building.PART[part].lines, _agencies(locked)
    if kind:
        place = _place(model, kind, part, place, seen)
        if part in {"changes", "costs"} and not values.get("name") and not values.get("code"):
            raise rules.LINE_NAME.refused()
    if seen != building.mark_of(part, model, place):
        asked = building.asks(part, model, agencies, place)
        yours = {ask.name: said(ask.kind, values.get(ask.name)) for ask in asked}
        theirs = building.answers(part, model, agencies, place)
        raise Stale(theirs=theirs, yours=yours, saved_by=_saver(locked, by))
    after = building.put(part, model, agencies, values, place)
    changed = differences(model, after)
    _save(locked, after, locked.version, by, at)
    note(changed=(part,), words={"changed": changed} if changed else {})
    return locked


@service(WRITE_CASE, on="case")
def remove_line(*, case: BusinessCase, kind: str, place: int, seen: str, by: Actor, at: datetime) -> BusinessCase:
    """Take a benefit or a cost out of a case. Refuses when it is not what the page showed any more (BN-203)."""
    locked = _locked(case)
    lines = locked.model.get(kind, [])
    first = "changes" if kind == "benefits" else "costs"
    if place >= len(lines) or building.mark_of(first, locked.model, place) != seen:
        raise rules.LINE_GONE.refused()
    label = building.label_of(lines[place], place, kind)
    _save(locked, building.without_line(locked.model, kind, place), locked.version, by, at)
    note(changed=(kind,), words={"removed": label})
    return locked


@service(WRITE_CASE, on="case")
def take_over_model(
    *, case: BusinessCase, model: Mapping[str, Any], version: int, source: str, by: Actor, at: datetime
) -> BusinessCase:
    """Put a whole model in the place of what is there: from a file, from a round, from a delivery model. Refuses one that
    cannot be read (BN-208) or has too many lines (BN-204), and a case that somebody saved meanwhile (CO-1)."""
    locked = _locked(case)
    try:
        read(building.whole(model))
    except BadModel as bad:
        raise rules.CASE_MODEL.refused(faults="; ".join(str(fault) for fault in bad.faults[:5])) from bad
    if max(len(model.get("benefits", ())), len(model.get("costs", ()))) > building.MOST_LINES:
        raise rules.LINES_ENOUGH.refused(most=building.MOST_LINES)
    after = {key: value for key, value in model.items() if key != "name"}
    changed = differences(locked.model, after)
    _save(locked, after, version, by, at)
    note(changed=("model",), words={"from": source, "changed": changed})
    return locked


@service(KEEP_ROUND, on="case")
def keep_round(*, case: BusinessCase, why: str, version: int, by: Actor, at: datetime) -> Round:
    """Keep the case as it stands as its next round, with its results and their digest; the row is sealed. Refuses a case
    that is not finished (BN-205), one in which nothing changed (BN-206), a change without a reason (BN-207), and one that
    somebody saved since it was looked at (CO-1)."""
    locked = _locked(case)
    claim_version(locked, version)
    left = building.faults(locked.model)
    if left:
        raise rules.CASE_UNFINISHED.refused(left=" ".join(each.sentence for each in left[:3]))
    before = locked.rounds.order_by("-number").first()
    changed = differences(before.model, locked.model, dict(_agencies(locked))) if before else []
    if before and not changed:
        raise rules.ROUND_UNCHANGED.refused(number=before.number)
    if before and not why.strip():
        raise rules.ROUND_WHY.refused()
    results = case_results.results_of(read(locked.model))
    made = Round.objects.create(
        case=locked, number=before.number + 1 if before else 1, model=locked.model, results=results,
        digest=case_results.digest_of(locked.model, results), changed="\n".join(changed), why=why.strip(), kept_at=at,
        kept_by=by.account_id,
    )  # fmt: skip
    note(changed=("round",), words={"number": made.number, "why": made.why})
    return made


@service(WRITE_CASE, on="case")
def withdraw_case(*, case: BusinessCase, reason: str, by: Actor, at: datetime) -> BusinessCase:
    """Withdraw a case: it stays, with its rounds, and counts nowhere. Refuses without a reason (BN-210)."""
    locked = _locked(case)
    if not reason.strip():
        raise rules.WITHDRAW_REASON.refused()
    locked.withdrawn_at = at
    claim_version(locked, locked.version)
    locked.save(update_fields=["withdrawn_at"])
    note(changed=("withdrawn_at",))
    return locked


@service(WRITE_CASE, on="case")
def bring_back_case(*, case: BusinessCase, by: Actor, at: datetime) -> BusinessCase:
    """Undo a withdrawal. Refuses for a case that is not withdrawn (BN-211)."""
    locked = BusinessCase.objects.select_for_update(of=("self",)).select_related("strand__programme").get(pk=case.pk)
    if locked.withdrawn_at is None:
        raise rules.NOT_WITHDRAWN.refused()
    locked.withdrawn_at = None
    claim_version(locked, locked.version)
    locked.save(update_fields=["withdrawn_at"])
    note(changed=("withdrawn_at",))
    return locked


def _titled(title: str) -> str:
    plain = " ".join(title.split())[:200]
    if not plain:
        raise rules.CASE_TITLE.refused()
    return plain


def _locked(case: BusinessCase) -> BusinessCase:
    """The case as it is now, held until this is over."""
    rows = BusinessCase.objects.select_for_update(of=("self",)).select_related("strand__programme")
    locked = rows.get(pk=case.pk)
    if locked.withdrawn_at is not None:
        raise rules.CASE_WITHDRAWN.refused()
    return locked


def _save(locked: BusinessCase, model: Mapping[str, Any], version: int, by: Actor, at: datetime) -> None:
    claim_version(locked, version)
    locked.model, locked.saved_at, locked.saved_by = dict(model), at, by.account_id
    locked.save(update_fields=["model", "saved_at", "saved_by"])


def _place(model: Mapping[str, Any], kind: str, part: str, place: int, seen: str) -> int:
    """Where the line stands. A new one goes to the end, wherever that is by now."""
    lines = model.get(kind, [])
    if seen == building.mark_of(part, {}, 0) and part in {"changes", "costs"}:
        place = len(lines)
    if place > len(lines) or (place == len(lines) and part not in {"changes", "costs"}):
        raise rules.LINE_GONE.refused()
    if place >= building.MOST_LINES:
        raise rules.LINES_ENOUGH.refused(most=building.MOST_LINES)
    return place


def _agencies(case: BusinessCase) -> list[tuple[str, str]]:
    rows = ProgrammePartner.objects.filter(programme_id=case.programme_id).order_by("position")
    return list(rows.values_list("organisation__code", "organisation__name"))


def _saver(case: BusinessCase, by: Actor) -> str:
    saver: UUID | None = case.saved_by
    return names_of_accounts(by, {saver}).get(saver, "") if saver else ""
