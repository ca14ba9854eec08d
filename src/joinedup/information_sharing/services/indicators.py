"""Declaring indicators and ending them, and recording what somebody found who looked at a listed child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.chronology.services import record_event
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import indicators as rules
from joinedup.information_sharing.events import INDICATORS_LOOKED_AT
from joinedup.information_sharing.indicators import Outcome, Sign, Weight
from joinedup.information_sharing.models import (
    Agreement,
    Indicator,
    IndicatorLook,
    IndicatorLookReason,
    IndicatorVersion,
    LawfulBasis,
)
from joinedup.information_sharing.permissions import DECLARE_INDICATOR, END_INDICATOR, RECORD_LOOK
from joinedup.information_sharing.queries.listed import named_post_of, reasons_about

if TYPE_CHECKING:
    from uuid import UUID

_FIND_EARLY = "find_early"
_LONGEST_TO_REVIEW = timedelta(days=731)


@dataclass(frozen=True)
class IndicatorTerms:
    """What an indicator is to say. `agreement` is its reference and `basis` the code of a lawful basis it names."""

    name: str
    wording: str
    weight: Weight
    sign: Sign
    agreement: str
    basis: str
    agreed_by: str
    agreed_on: date | None
    review_on: date | None


@service(DECLARE_INDICATOR)
def declare_indicator(*, terms: IndicatorTerms, by: Actor, at: datetime) -> IndicatorVersion:
    """Begin an indicator that people have agreed to, without a second person: the demonstration's. Raises Refused (IN-1
    to IN-11, IN-18): never on who somebody is or where they live, always under an agreement for noticing early."""
    version = _begin(terms, by=by, at=at)
    note(changed=("declared",), words={"name": terms.name, "wording": version.wording}, subject=version.indicator)
    return version


def _begin(terms: IndicatorTerms, *, by: Actor, at: datetime) -> IndicatorVersion:
    """The first version. Called only inside the guarded services."""
    agreement, basis = _require_terms(terms, on=timezone.localdate(at))
    try:
        with transaction.atomic():
            indicator = Indicator.objects.create(name=terms.name.strip())
    except IntegrityError:
        raise rules.NAME_FREE.refused("name") from None
    return _write(indicator, 1, terms, agreement, basis, by=by, at=at)


@service(DECLARE_INDICATOR, on="indicator")
def declare_next_version(
    *, indicator: Indicator, terms: IndicatorTerms, reason: str, by: Actor, at: datetime
) -> IndicatorVersion:
    """Change what an indicator says: the version before ends now and stays on record. Raises Refused as above."""
    version = _begin_next(indicator, terms, reason, by=by, at=at)
    note(changed=("version",), words={"wording": version.wording})
    return version


def _begin_next(
    indicator: Indicator, terms: IndicatorTerms, reason: str, *, by: Actor, at: datetime
) -> IndicatorVersion:
    """The next version; the one before ends. Called only inside the guarded services."""
    agreement, basis = _require_terms(terms, on=timezone.localdate(at))
    before = _end_version(indicator, reason, by=by, at=at)
    return _write(indicator, before.number + 1, terms, agreement, basis, by=by, at=at)


@service(END_INDICATOR, on="indicator")
def end_indicator(*, indicator: Indicator, reason: str, by: Actor, at: datetime) -> IndicatorVersion:
    """Stop using an indicator, with the reason. Its versions and what was found by it stay."""
    version = _end_version(indicator, reason, by=by, at=at)
    note(changed=("ended",), words={"name": indicator.name})
    return version


def _end_version(indicator: Indicator, reason: str, *, by: Actor, at: datetime) -> IndicatorVersion:
    """The version in force, ended. Called only inside the guarded services."""
    if not reason.strip():
        raise rules.REASON_SAID.refused("reason")
    version = indicator.versions.select_for_update().filter(ended_at__isnull=True).first()
    if version is None:
        raise rules.ENDED_ALREADY.refused()
    version.ended_at, version.ended_by, version.end_reason = at, by.account_id, reason.strip()[:500]
    version.save(update_fields=["ended_at", "ended_by", "end_reason"])
    return version


def _require_terms(terms: IndicatorTerms, *, on: date) -> tuple[Agreement, LawfulBasis]:
    """The agreement and basis of terms that break no rule."""
    _require_said(terms, on=on)
    if not terms.agreed_by.strip() or terms.agreed_on is None or terms.agreed_on > on:
        raise rules.AGREED.refused("agreed_by" if not terms.agreed_by.strip() else "agreed_on")
    latest = terms.agreed_on + _LONGEST_TO_REVIEW
    if terms.review_on is None or not max(terms.agreed_on, on) < terms.review_on <= latest:
        raise rules.REVIEWED.refused("review_on")
    return _require_ground(terms.agreement, terms.basis, on=on)


def _require_said(terms: IndicatorTerms, *, on: date) -> None:
    """What an indicator says breaks no rule, whoever agrees to it. Called only inside the guarded services."""
    for rule, words in rules.faults_of(terms.sign):
        raise rule.refused("", **words)
    if not terms.name.strip():
        raise rules.WORDED.refused("name")
    if len(terms.wording.split()) < 3:
        raise rules.WORDED.refused("wording")
    if terms.review_on is None or not on < terms.review_on <= on + _LONGEST_TO_REVIEW:
        raise rules.REVIEWED.refused("review_on")


def _require_ground(reference: str, code: str, *, on: date) -> tuple[Agreement, LawfulBasis]:
    """An agreement in force for noticing early, and a basis that it names. Called only inside the guarded services."""
    agreements = Agreement.objects.in_force_on(on).filter(purposes__contains=[_FIND_EARLY])
    agreement = agreements.filter(reference=reference).first()
    if agreement is None:
        raise rules.AGREEMENT_COVERS.refused("agreement")
    basis = LawfulBasis.objects.filter(agreements__agreement=agreement, code=code).first()
    if basis is None:
        raise rules.AGREEMENT_COVERS.refused("basis")
    return agreement, basis


def _write(
    indicator: Indicator, number: int, terms: IndicatorTerms, agreement: Agreement, basis: LawfulBasis, *, by: Actor,
    at: datetime,
) -> IndicatorVersion:  # fmt: skip
    """The version itself. Called only inside the guarded services."""
    if terms.agreed_on is None or terms.review_on is None:
        raise rules.REVIEWED.refused("review_on")
    return IndicatorVersion.objects.create(
        indicator=indicator, number=number, wording=terms.wording.strip(), weight=terms.weight,
        conditions=[each.as_json() for each in terms.sign.conditions], joined=terms.sign.joined, window_days=terms.sign.window_days,
        minimum_age=terms.sign.minimum_age, maximum_age=terms.sign.maximum_age, agreement=agreement, basis=basis,
        agreed_by=terms.agreed_by.strip(), agreed_on=terms.agreed_on, review_on=terms.review_on, declared_at=at,
        declared_by=by.account_id,
    )  # fmt: skip


@service(RECORD_LOOK)
def record_look(*, person_id: UUID, outcome: Outcome, reason: str, by: Actor, at: datetime) -> IndicatorLook:
    """Somebody looked at a listed child: help was offered, somebody helps already, or it was a false positive. The child
    is listed again when something new is observed (IN-15).

    NotVisible for whoever no agreement names, and for somebody who is not listed or is withheld from them.
    """
    post = named_post_of(by)
    if post is None and not by.is_system:
        raise NotVisible
    reasons = reasons_about(by, person_id)
    if not reasons:
        raise NotVisible
    if not reason.strip():
        raise rules.REASON_SAID.refused("reason")
    seen = sorted({each for listed in reasons for each in listed.observed})
    newest = IndicatorLook.objects.select_for_update().filter(person_id=person_id).order_by("-looked_at").first()
    if newest is not None and rules.is_quiet(seen, newest.observations):
        raise rules.LOOKED_ALREADY.refused()
    look = IndicatorLook.objects.create(
        person_id=person_id, outcome=outcome, reason=reason.strip(), looked_at=at, looked_by=by.account_id, post=post,
        observations=seen,
    )  # fmt: skip
    IndicatorLookReason.objects.bulk_create(
        IndicatorLookReason(look=look, indicator_version_id=each.version_id)
        for listed in reasons
        for each in listed.with_folded
    )
    record_event(INDICATORS_LOOKED_AT, source=look, by=by, at=at, people=[person_id], code=outcome)
    note(people=[person_id], changed=("look",), words={"outcome": outcome}, subject=look)
    return look
