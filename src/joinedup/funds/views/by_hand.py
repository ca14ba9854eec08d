"""Pages on which somebody posts to a ledger by hand: an entry, an accrual, an opening balance; and adds a heading."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.drafts import all_at_once, declare_form, typed_in
from joinedup.core.formats import date_long
from joinedup.core.forms import Option
from joinedup.engines.ledger import Control, EntryKind, Kind
from joinedup.funds import queries
from joinedup.funds.forms.by_hand import KINDS, HeadingForm, PostForm
from joinedup.funds.permissions import OPEN_YEAR, POST_ENTRY
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries.by_hand import HandChoices, hand_choices
from joinedup.funds.queries.year import funds_shown
from joinedup.funds.services import ledger as writing
from joinedup.funds.services.by_hand import (
    HandLine,
    HandSaid,
    drafted,
    last_day_of,
    may_be_posted_to,
    post_by_hand,
)
from joinedup.funds.spending_kinds import SPENDING_KINDS, kind_words
from joinedup.funds.views.shared import GET_OR_POST, asked, attempt, chosen, options, posted, show, viewer_of

if TYPE_CHECKING:
    from joinedup.funds.models import Fund

POST = declare_form(
    "funds.ledger_post", "Post to a ledger", lambda about: reverse("fund_ledger_post", args=[about]),
    shown=all_at_once(funds_shown),
)  # fmt: skip


def _form(desk: Desk, offered: HandChoices, today: date) -> PostForm:
    headings = options((each.pk, str(each)) for each in offered.headings if may_be_posted_to(each))
    lines = [Option("", "None"), *options(
        (each.pk, f"{each.code} {each.name}, {each.year}/{(each.year + 1) % 100:02d}") for each in offered.lines
    )]  # fmt: skip
    offers = {
        "debit": [Option("", "Choose a heading"), *headings], "credit": [Option("", "Choose a heading"), *headings],
        "debit_line": lines, "credit_line": lines,
        "spending": [Option("", "Nothing is spent"), *options((each.value, words) for each, words in SPENDING_KINDS.items())],
        "partner": [Option("", "None"), *options((each.pk, each.organisation.name) for each in offered.partners)],
        "stream": [Option("", "None in particular"), *options((each.pk, each.name) for each in offered.streams)],
    }  # fmt: skip
    return PostForm(**desk.answers(), offers=offers, initial={"key": str(uuid4()), "dated_on": today})


def _side(form: PostForm, offered: HandChoices, name: str, sign: int) -> HandLine:
    clean = form.cleaned_data
    heading = chosen(offered.headings, clean[name])
    line = chosen(offered.lines, clean[f"{name}_line"])
    yearly = heading.kind in {Kind.INCOME, Kind.EXPENDITURE}
    partner = chosen(offered.partners, clean["partner"])
    stream = chosen(offered.streams, clean["stream"])
    return HandLine(
        heading, sign * clean["amount"], line,
        partner if heading.kind == Kind.INCOME or heading.control == Control.PARTNER else None,
        stream if yearly or heading.control == Control.CARRIED else None,
    )  # fmt: skip


def _said(form: PostForm, offered: HandChoices) -> HandSaid:
    clean = form.cleaned_data
    return HandSaid(
        f"by hand {clean['key'] or uuid4()}", EntryKind(clean["kind"]), clean["dated_on"],
        [_side(form, offered, "debit", 1), _side(form, offered, "credit", -1)], clean["memo"], clean["spending"] or "",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def post(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Say what is posted, read it again, and post it."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    check(viewer, POST_ENTRY, fund)
    offered = hand_choices(viewer, fund)
    today = timezone.localdate(viewer.at)
    desk = Desk(request, POST, about=str(fund_id))
    form = _form(desk, offered, today)
    back = reverse("fund_ledger", args=[fund_id])
    if request.method == "POST" and form.is_valid():
        said = _said(form, offered)
        if request.POST.get("confirmed") != "yes":
            if attempt(form, lambda: drafted(said, offered, today)) is not None:
                desk.keep()
                return _check(request, form, desk, offered, fund)
        elif (made := attempt(form, lambda: post_by_hand(fund=fund, said=said, by=viewer, at=viewer.at))) is not None:
            desk.done()
            messages.success(request, "It is in the ledger.")
            return redirect("fund_entry", posted_id=made[0].pk)
    return show(
        request, "core/question.jinja", form=form, desk=desk, title="Post to the ledger", caption=fund.name,
        back_href=back, cancel_href=back, submit_text="Check it",
    )  # fmt: skip


def _check(request: HttpRequest, form: PostForm, desk: Desk, offered: HandChoices, fund: Fund) -> HttpResponse:
    """What was said, to be read before it is posted. Nothing is posted yet."""
    clean = form.cleaned_data
    again = f"{reverse('fund_ledger_post', args=[fund.pk])}?draft={desk.id}"
    words = _words(form, offered)
    rows = [
        {"label": cast(Any, form.fields[name]).label, "value": said, "href": again} for name, said in words.items() if said
    ]  # fmt: skip
    ends = last_day_of(clean["dated_on"])
    sent = [(name, each) for name, values in typed_in(request.POST).items() for each in values]
    return show(
        request, "funds/ledger_post_check.jinja", form=form, desk=desk, fund=fund, sent=sent, again=again, rows=rows,
        is_accrual=clean["kind"] == EntryKind.ACCRUAL, ends_on=ends, back_on=ends.replace(month=4, day=1),
    )  # fmt: skip


def _words(form: PostForm, offered: HandChoices) -> dict[str, str]:
    """Each answer as a person reads it; what was left empty is empty."""
    clean = form.cleaned_data
    words = {name: str(chosen(offered.headings, clean[name])) for name in ("debit", "credit")}
    for name in ("debit_line", "credit_line"):
        line = chosen(offered.lines, clean[name])
        words[name] = f"{line.code} {line.name}" if line else ""
    partner, stream = chosen(offered.partners, clean["partner"]), chosen(offered.streams, clean["stream"])
    words |= {
        "kind": next(each.text for each in KINDS if each.value == clean["kind"]), "dated_on": date_long(clean["dated_on"]),
        "amount": f"{in_pounds(clean['amount'])} on either side", "partner": partner.organisation.name if partner else "",
        "stream": stream.name if stream else "", "memo": clean["memo"],
        "spending": kind_words(clean["spending"]) if clean["spending"] else "",
    }  # fmt: skip
    return {name: words[name] for name in form.fields if name in words}


@login_required
@require_http_methods(GET_OR_POST)
def heading_new(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Add a heading of the fund's own."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    check(viewer, OPEN_YEAR, fund)
    form = HeadingForm(posted(request))
    back = reverse("fund_ledger", args=[fund_id])

    def add() -> object:
        clean = form.cleaned_data
        return writing.add_heading(
            fund=fund, code=clean["code"], name=clean["name"], kind=Kind(clean["kind"]), by=viewer, at=viewer.at
        )

    return asked(
        request, form, add, done="The heading is added. It stands on the trial balance once something is posted under it.",
        then=back, title="Add a heading", caption=fund.name, submit_text="Add it", back_href=back, cancel_href=back,
    )  # fmt: skip
