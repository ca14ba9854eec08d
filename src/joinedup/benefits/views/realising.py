"""Pages of benefits: all of a programme, one with its history, moving it, banking it and taking back what was banked."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.benefits.forms.realising import BankForm, BenefitMoveForm, WhyForm
from joinedup.benefits.kept import BENEFIT_MOVE
from joinedup.benefits.lifecycle import BENEFIT_LABELS, BenefitState
from joinedup.benefits.permissions import BANK_BENEFIT, MOVE_BENEFIT
from joinedup.benefits.pounds import in_pounds
from joinedup.benefits.queries import realising as reading
from joinedup.benefits.queries.programmes import programme_for, programme_seen
from joinedup.benefits.realising import months_after
from joinedup.benefits.services import realising as writing
from joinedup.benefits.services.realising import BankSaid, MoveSaid
from joinedup.benefits.views.shared import GET_OR_POST, asked, attempt, options, posted, pressed, show, viewer_of
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.forms import Option

_HERE = "benefits_of_programme"


@login_required
@require_safe
def benefits(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Every benefit of a programme, by partner, strand and status."""
    chosen = {name: request.GET.get(name, "")[:40] for name in ("strand", "partner", "state")}
    page = reading.benefits_page(viewer_of(request), programme_id, **chosen)
    states = [(key.value, words) for key, words in BENEFIT_LABELS.items()]
    return show(
        request, "benefits/benefit_list.jinja", programme=page.programme, here=_HERE, page=page, chosen=chosen, states=states
    )  # fmt: skip


@login_required
@require_POST
def take_up(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Take up the benefits of the newest rounds."""
    viewer = viewer_of(request)
    programme = programme_for(viewer, programme_id)
    call = lambda: writing.take_up_benefits(programme=programme, by=viewer, at=viewer.at)  # noqa: E731
    return pressed(request, call, "The benefits of the newest rounds are here.", reverse(_HERE, args=[programme_id]))


@login_required
@require_safe
def benefit(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """One benefit with its history."""
    page = reading.benefit_page(viewer_of(request), benefit_id)
    return show(request, "benefits/benefit_page.jinja", programme=page.programme, here=_HERE, page=page, seen=page.seen)


@login_required
@require_http_methods(GET_OR_POST)
def benefit_move(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """Say how far a benefit has come."""
    viewer = viewer_of(request)
    row = reading.benefit_for(viewer, benefit_id)
    check(viewer, MOVE_BENEFIT, row)
    desk = Desk(request, BENEFIT_MOVE, about=str(benefit_id))
    series = [Option("", "No series"), *options(reading.series_choices(viewer))]
    form = BenefitMoveForm(
        **desk.answers(), offers={"end": [Option(*each) for each in reading.move_choices(row)], "series": series}
    )

    def move() -> object:
        clean = form.cleaned_data
        worth = clean["worth"]
        said = MoveSaid(
            BenefitState(clean["end"]), clean["reason"], clean["evidence"] or "", uuid_of(clean["series"] or ""),
            int(clean["level"]) if clean["level"] else None, worth if isinstance(worth, int) else None, clean["differs"] or "",
        )  # fmt: skip
        return writing.move_benefit(benefit=row, said=said, by=viewer, at=viewer.at)

    back = reverse("benefit", args=[benefit_id])
    return asked(
        request, form, move, done="Where the benefit stands is recorded.", then=back, desk=desk, submit_text="Record it",
        title="Where a benefit stands", caption=f"{row.title}, {row.organisation.name}: {row.get_state_display().lower()}",
        back_href=back, cancel_href=back, programme=programme_seen(viewer, row.programme_id), here=_HERE,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def benefit_bank(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """Bank a benefit: asked first, then shown with what it leaves behind, then banked."""
    viewer = viewer_of(request)
    row = reading.benefit_for(viewer, benefit_id)
    check(viewer, BANK_BENEFIT, row)
    there = reading.postings_to_bank(viewer, row)
    choices = [
        Option(str(each.source.posting_id), each.source.words, f"Lowered by {in_pounds(each.source.pence)}; {in_pounds(each.left)} not banked yet")
        for each in there
    ]  # fmt: skip
    form = BankForm(posted(request), initial={"key": str(uuid4())}, offers={"posting": choices})
    back = reverse("benefit", args=[benefit_id])
    page: dict[str, Any] = {
        "programme": programme_seen(viewer, row.programme_id), "here": _HERE, "benefit": row, "back_href": back,
        "cancel_href": back, "title": "Bank a benefit", "caption": f"{row.title}, {row.organisation.name}", "form": form,
        "submit_text": "Continue", "has_postings": bool(there), "desk": None, "claims": reading.claims_worth(row),
    }  # fmt: skip
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        said = _said(form)
        if form.cleaned_data["confirmed"] != "yes":
            source = next(each.source for each in there if each.source.posting_id == said.posting_id)
            notice = months_after(timezone.localdate(viewer.at), said.notice_months or 0)
            sent = [
                (name, value)
                for name, value in request.POST.items()
                if name not in {"csrfmiddlewaretoken", "confirmed"}
            ]
            return show(
                request, "benefits/benefit_bank_check.jinja", **page, said=said, source=source, notice=notice, sent=sent
            )
        key = form.cleaned_data["key"] or str(uuid4())
        call = lambda: writing.bank_benefit(benefit=row, said=said, key=key, by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            return pressed(request, lambda: None, "It is banked.", back)
    return show(request, "benefits/benefit_bank.jinja", **page)


def _said(form: BankForm) -> BankSaid:
    clean = form.cleaned_data
    if not clean["from_provider"]:
        return BankSaid(int(clean["posting"]), clean["amount"], clean["reason"])
    return BankSaid(
        int(clean["posting"]), clean["amount"], clean["reason"], clean["provider"], clean["fixed_cost"],
        int(clean["notice_months"]), clean["service_at_risk"],
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def bank_reverse(request: HttpRequest, bank_entry_id: UUID) -> HttpResponse:
    """Take back what was banked, by a new row."""
    viewer = viewer_of(request)
    entry = reading.bank_entry_for(viewer, bank_entry_id)
    row = entry.benefit
    check(viewer, BANK_BENEFIT, row)
    form = WhyForm(posted(request))
    back = reverse("benefit", args=[row.pk])
    return asked(
        request, form,
        lambda: writing.reverse_banked(
            benefit=row, entry=entry, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
        ),
        done="It is taken back. Both rows stay to be read.", then=back, title="Take back what was banked",
        caption=f"{row.title}, {row.organisation.name}: {in_pounds(entry.pence)}", submit_text="Take it back", back_href=back,
        cancel_href=back, programme=programme_seen(viewer, row.programme_id), here=_HERE,
    )  # fmt: skip
