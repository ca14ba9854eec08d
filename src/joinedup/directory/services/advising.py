"""Pages of advice, parenting programmes and published answers: written by one person, approved by another, reviewed on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.directory import rules
from joinedup.directory.finding_models import Advice, AdviceText
from joinedup.directory.permissions import PUBLISH_ADVICE
from joinedup.directory.young_lifecycle import identifying

_LONGEST = timedelta(days=731)


@dataclass(frozen=True)
class AdviceSaid:
    """What a page says. `kind` is advice, programme or answer; a programme says its evidence and its places."""

    kind: str
    title: str
    words: str
    is_for_young: bool = False
    minimum_age: int | None = None
    maximum_age: int | None = None
    evidence: str = ""
    places: str = ""


@service(PUBLISH_ADVICE)
def write_advice(*, said: AdviceSaid, advice: Advice | None = None, by: Actor, at: datetime) -> AdviceText:
    """Write a page, or its next wording; what is public stays until somebody else approves it. For young people nothing in it
    may say who somebody is. Raises Refused (DR-105, DR-246, DR-248)."""
    if not said.title.strip() or not said.words.strip():
        raise rules.ADVICE_WORDS.refused()
    if said.minimum_age is not None and said.maximum_age is not None and said.maximum_age < said.minimum_age:
        raise rules.AGES.refused()
    if said.kind == "answer" and (told := identifying(f"{said.title}\n{said.words}")):
        raise rules.IDENTIFIES.refused(words=told)
    if advice is None:
        advice, number = Advice.objects.create(kind=said.kind, is_for_young=said.is_for_young), 1
    else:
        claim_version(advice, advice.version)
        number = advice.texts.count() + 1
    row = AdviceText.objects.create(
        advice=advice, number=number, title=said.title.strip()[:200], words=said.words.strip(), minimum_age=said.minimum_age,
        maximum_age=said.maximum_age, evidence=said.evidence.strip()[:600], places=said.places.strip()[:300], written_at=at,
        written_by=by.account_id,
    )  # fmt: skip
    note(subject=row, changed=("words",))
    return row


@service(PUBLISH_ADVICE, on="text")
def approve_advice(*, text: AdviceText, review_on: date, by: Actor, at: datetime) -> AdviceText:
    """Make a wording public, to be reviewed on a day. Nobody approves what they wrote. Raises Refused (DR-204, DR-249, DR-250)."""
    if text.approved_at is not None:
        raise rules.ADVICE_DECIDED.refused()
    if by.account_id is not None and by.account_id == text.written_by:
        raise rules.NOBODYS_OWN.refused()
    today = timezone.localdate(at)
    if not today < review_on <= today + _LONGEST:
        raise rules.REVIEW_DAY.refused()
    advice = Advice.objects.get(pk=text.advice_id)
    claim_version(advice, advice.version)
    text.approved_at, text.approved_by = at, by.account_id
    text.save(update_fields=["approved_at", "approved_by"])
    advice.published, advice.review_on, advice.withdrawn_at = text, review_on, None
    advice.save(update_fields=["published", "review_on", "withdrawn_at"])
    note(subject=text, changed=("approved_at",))
    return text
