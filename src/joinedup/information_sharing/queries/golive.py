"""The register here beside an earlier one, for whoever signs off a go-live."""

from __future__ import annotations

from django.db.models import Prefetch
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.information_sharing.golive import Register, day_in_words, parties_in_words
from joinedup.information_sharing.golive_reconciling import Here, Reconciliation, reconcile
from joinedup.information_sharing.lifecycle import AGREEMENT_LABELS, AgreementState
from joinedup.information_sharing.models import Agreement, AgreementBroughtOver, AgreementParty
from joinedup.information_sharing.permissions import RECONCILE_AGREEMENTS

_OVER = {AgreementState.EXPIRED, AgreementState.ENDED}


def agreements_reconciliation(viewer: Actor, register: Register) -> Reconciliation:
    """The agreements here that are not over beside those of an earlier register's extract; two queries however many
    there are. They name no child, so the trail needs no row."""
    check(viewer, RECONCILE_AGREEMENTS)
    today = timezone.localdate(viewer.at)
    parties = Prefetch("parties", queryset=AgreementParty.objects.select_related("organisation"))
    rows = Agreement.objects.select_related("brought_over").prefetch_related(parties).order_by("reference")
    here, over = list[Here](), dict[str, str]()
    for row in rows:
        state, brought = row.state_on(today), getattr(row, "brought_over", None)
        if state not in _OVER:
            here.append(_here(row, state, brought))
        elif brought:
            over[brought.reference] = f"It was brought over as {row.reference} and is over: {state.value}."
    return reconcile(register, here, over=over)


def _here(row: Agreement, state: AgreementState, brought: AgreementBroughtOver | None) -> Here:
    parties = list(row.parties.all())
    signed = sum(party.signed_on is not None for party in parties)
    return Here(
        agreement=row.reference,
        legacy_reference=brought.reference if brought else "",
        state=AGREEMENT_LABELS[state],
        parties=parties_in_words(party.organisation.code.upper() for party in parties),
        signatures=f"{signed} of {len(parties)}",
        starts=day_in_words(row.starts_on),
        review=day_in_words(row.review_on),
        expires=day_in_words(row.expires_on),
        digest=brought.digest if brought else "",
    )
