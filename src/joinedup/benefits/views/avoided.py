"""Pages of avoided events: the register without names, a claim from a case, and giving one up."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.benefits.forms.realising import ClaimForm, WhyForm
from joinedup.benefits.permissions import RELEASE_EVENT
from joinedup.benefits.queries import avoided as reading
from joinedup.benefits.services import avoided as writing
from joinedup.benefits.services.avoided import EventSaid
from joinedup.benefits.views.shared import GET_OR_POST, asked, chosen, options, posted, show, viewer_of
from joinedup.core.forms import Option


@login_required
@require_safe
def register(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Which strand claims which avoided event; nobody's name is here."""
    page = reading.register_of(viewer_of(request), programme_id)
    return show(
        request, "benefits/benefit_events.jinja", programme=page.programme, here="benefits_of_programme", page=page
    )


@login_required
@require_http_methods(GET_OR_POST)
def claim(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Claim an event that was avoided for somebody of a case."""
    viewer = viewer_of(request)
    page = reading.claim_page(viewer, case_id)
    offers = {
        "benefit": [Option("", "Choose one"), *options((each.pk, f"{each.case.strand.name}: {each.title}, {each.organisation.name}") for each in page.benefits)],
        "person": options(page.people), "kind": [Option("", "Choose one"), *(Option(*each) for each in reading.kinds())],
    }  # fmt: skip
    form = ClaimForm(posted(request), offers=offers)

    def call() -> object:
        said = form.cleaned_data
        told = EventSaid(UUID(said["person"]), said["kind"], said["starts_on"], said["ends_on"], said["why"])
        benefit = chosen(page.benefits, said["benefit"])
        return writing.claim_event(case=page.case, benefit=benefit, said=told, by=viewer, at=viewer.at)

    back = reverse("case", args=[case_id])
    return asked(
        request, form, call, done="The event is claimed. No other strand can claim it.", then=back, submit_text="Claim it",
        title="Claim an event that was avoided", caption=page.case.reference, back_href=back, cancel_href=back,
        inset="Its strand, kind and days are seen by the programme’s partners; whose it is, only by those who work with the case."
        + (" Illustration: inputs invented." if page.is_illustration else ""),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def release(request: HttpRequest, avoided_event_id: UUID) -> HttpResponse:
    """Give a claim up."""
    viewer = viewer_of(request)
    event = reading.event_for(viewer, avoided_event_id)
    check(viewer, RELEASE_EVENT, event)
    form = WhyForm(posted(request))
    back = reverse("avoided_events", args=[event.benefit.programme_id])
    return asked(
        request, form,
        lambda: writing.release_event(event=event, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        done="The claim is given up.", then=back, title="Give up the claim to an avoided event", submit_text="Give it up",
        back_href=back, cancel_href=back, programme=event.benefit.case.strand.programme,
        caption=f"{event.benefit.case.strand.name}, {timezone.localdate(event.claimed_at):%-d %B %Y}",
    )  # fmt: skip
