"""The register of published figures: entered, corrected by another row, withdrawn, and what explains that they differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.models import Claim, ClaimSubject, Programme
from joinedup.benefits.permissions import KEEP_CLAIMS


@dataclass(frozen=True)
class ClaimSaid:
    """A figure as it was published: pence, or another number with its unit."""

    what: str
    basis: str
    how: str
    source: str
    pence: int | None = None
    number: Decimal | None = None
    unit: str = ""
    price_year: str = ""
    period: str = ""
    area: str = ""
    published: str = ""
    words: str = ""


@service(KEEP_CLAIMS)
def add_claim_subject(*, title: str, programme: Programme | None, by: Actor, at: datetime) -> ClaimSubject:
    """Something figures are about; with a programme they are about one's own."""
    if not title.strip():
        raise rules.CLAIM_SUBJECT.refused()
    made = ClaimSubject.objects.create(title=title.strip(), programme=programme, made_at=at, made_by=by.account_id)
    note(subject=made, changed=("subject",))
    return made


@service(KEEP_CLAIMS)
def register_claim(*, subject: ClaimSubject, said: ClaimSaid, by: Actor, at: datetime) -> Claim:
    """Enter a figure (BN-150, BN-151)."""
    made = _made(subject, said, by, at)
    note(subject=made, changed=("claim",))
    return made


@service(KEEP_CLAIMS)
def register_claim_about(*, title: str, programme: Programme | None, said: ClaimSaid, by: Actor, at: datetime) -> Claim:
    """Enter a figure about something no figure was about before."""
    subject = add_claim_subject(title=title, programme=programme, by=by, at=at)
    return register_claim(subject=subject, said=said, by=by, at=at)


@service(KEEP_CLAIMS)
def correct_claim(*, claim: Claim, said: ClaimSaid, by: Actor, at: datetime) -> Claim:
    """Enter a figure again as it should have been; what was entered before stays and says so."""
    _live(claim)
    made = _made(claim.subject, said, by, at, corrects=claim)
    note(subject=made, changed=("claim",), words={"corrects": str(claim.pk)})
    return made


@service(KEEP_CLAIMS)
def withdraw_claim(*, claim: Claim, reason: str, by: Actor, at: datetime) -> Claim:
    """A figure should not have been entered. It stays, struck out, with the reason."""
    _live(claim)
    if not reason.strip():
        raise rules.CLAIM_REASON.refused()
    claim.withdrawn_at, claim.withdrawn_by, claim.withdrawn_reason = at, by.account_id, reason.strip()
    claim.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    note(changed=("withdrawn_at",))
    return claim


@service(KEEP_CLAIMS)
def explain_difference(*, subject: ClaimSubject, words: str, by: Actor, at: datetime) -> ClaimSubject:
    """Say what explains that the figures about something differ."""
    if not words.strip():
        raise rules.CLAIM_EXPLAINED.refused()
    before = subject.explains
    subject.explains, subject.explained_at, subject.explained_by = words.strip(), at, by.account_id
    subject.save(update_fields=["explains", "explained_at", "explained_by"])
    note(subject=subject, changed=("explains",), words={"before": before})
    return subject


def _live(claim: Claim) -> None:
    if claim.withdrawn_at is not None or Claim.objects.filter(corrects=claim).exists():
        raise rules.CLAIM_CORRECTED.refused()


def _made(subject: ClaimSubject, said: ClaimSaid, by: Actor, at: datetime, corrects: Claim | None = None) -> Claim:
    if not said.source.strip():
        raise rules.CLAIM_SOURCE.refused()
    if (said.pence is None) == (said.number is None):
        raise rules.CLAIM_FIGURE.refused()
    return Claim.objects.create(
        subject=subject, pence=said.pence, number=said.number, unit=said.unit.strip(), what=said.what.strip(),
        basis=said.basis, how=said.how, price_year=said.price_year.strip(), period=said.period.strip(),
        area=said.area.strip(), source=said.source.strip(), published=said.published.strip(), words=said.words.strip(),
        corrects=corrects, recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
