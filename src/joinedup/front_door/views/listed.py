"""From the list of indicators to a referral, through the front door's ordinary door."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from joinedup.access.middleware import viewer_of
from joinedup.core.desk import Desk
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Channel
from joinedup.front_door.forms.listed import ListedReferralForm
from joinedup.front_door.intake import NewContact
from joinedup.front_door.kept import LISTED


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refer_listed(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Ask for help for a listed child; the child and the worry are filled in."""
    viewer = viewer_of(request)
    found = queries.referral_from_list(viewer, child_id)
    desk = Desk(request, LISTED, str(child_id))
    form = ListedReferralForm(**desk.answers(), initial={"worry": found.worry, "family_knows": "not_asked"})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        said = NewContact(
            channel=Channel.FORM, worry=clean["worry"], people=(found.child,), going_well=clean["going_well"],
            wanted=clean["wanted"], family_knows=form.answer("family_knows"), family_agrees=form.answer("family_agrees"),
        )  # fmt: skip
        try:
            contact = services.submit_referral(contact=said, by=viewer, at=viewer.at)
        except (NotVisible, NotPermitted):
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, f"Sent to the front door as {contact.reference}. Record what you found as well.")
            return redirect("indicators_child", child_id=child_id)
    back = reverse("indicators_child", kwargs={"child_id": child_id})
    context = {"form": form, "title": f"Ask for help for {found.name}", "back_href": back, "submit_text": "Send"}
    context["desk"] = desk
    return render(request, "core/question.jinja", context)
