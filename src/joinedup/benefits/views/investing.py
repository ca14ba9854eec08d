"""Pages of the investment agreement: stakes, returns and settlements, frozen quarters, what is proposed to funds, and the
finance directors' pack."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.benefits import pack as packs
from joinedup.benefits.forms.investing import FreezeQuarterForm, MeetingForm, ProposeForm, SettlementForm, SignForm
from joinedup.benefits.investing import BASES, SHORT
from joinedup.benefits.kept import SETTLEMENT
from joinedup.benefits.pack_book import workbook_of
from joinedup.benefits.permissions import (
    DECIDE_SETTLEMENT,
    FREEZE_PACK,
    FREEZE_POSITION,
    PROPOSE_CONTRIBUTIONS,
    SIGN_SETTLEMENT,
)
from joinedup.benefits.queries import investing as reading
from joinedup.benefits.queries import signing as signatures
from joinedup.benefits.queries.programmes import programme_for, programme_seen
from joinedup.benefits.services import investing as writing
from joinedup.benefits.services.investing import SettlementSaid
from joinedup.benefits.services.signing import SignatureSaid, sign_settlement
from joinedup.benefits.views.shared import GET_OR_POST, asked, chosen, options, posted, show, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment, download
from joinedup.core.forms import Option
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.engines.periods import financial_year
from joinedup.funds.queries import funds_to_propose_to

_HERE = "investment"


@login_required
@require_safe
def investment(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Stakes, returns and every way of settling."""
    capped = {"yes": True, "no": False}.get(request.GET.get("capped", ""))
    page = reading.investment_page(viewer_of(request), programme_id, basis=request.GET.get("basis", ""), capped=capped)
    return show(
        request, "benefits/investing_page.jinja", programme=page.books.programme, here=_HERE, page=page, short=SHORT, bases=BASES,
        years=range(max((len(each.years.costs) for each in page.books.partners), default=0)),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Put to the partners how they settle."""
    viewer = viewer_of(request)
    programme = programme_for(viewer, programme_id)
    check(viewer, DECIDE_SETTLEMENT, programme)
    desk = Desk(request, SETTLEMENT, about=str(programme_id))
    answers = desk.answers()
    form = SettlementForm(**answers, initial={"starts_on": timezone.localdate(viewer.at)})

    def call() -> object:
        clean = form.cleaned_data
        said = SettlementSaid(
            clean["method"], clean["basis"], bool(clean["is_capped"]), clean["reason"], clean["starts_on"]
        )
        return writing.decide_settlement(programme=programme, said=said, by=viewer, at=viewer.at)

    back = reverse(_HERE, args=[programme_id])
    return asked(
        request, form, call, done="It is put to the partners. It is agreed once every one of them has signed.", then=back, desk=desk,
        submit_text="Put it to them", title="Put to the partners how they settle", caption=programme.title, back_href=back, cancel_href=back,
        programme=programme_seen(viewer, programme_id), here=_HERE,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def sign(request: HttpRequest, settlement_id: UUID) -> HttpResponse:
    """Sign a version for one's own body; who has signed is shown first."""
    viewer = viewer_of(request)
    row = signatures.settlement_for(viewer, settlement_id)
    check(viewer, SIGN_SETTLEMENT, row)
    page = signatures.settlement_page(viewer, settlement_id)
    back = reverse(_HERE, args=[row.programme_id])
    mine = page.bodies if page.is_newest else ()
    if not mine:
        return show(request, "benefits/settlement_signed.jinja", programme=page.programme, here=_HERE, page=page)
    initial = {"signed_on": timezone.localdate(viewer.at), "body": str(mine[0].id) if len(mine) == 1 else ""}
    form = SignForm(posted(request), initial=initial, offers={"body": options((each.id, each.name) for each in mine)})

    def call() -> object:
        clean = form.cleaned_data
        said = SignatureSaid(UUID(clean["body"]), clean["signed_on"], clean["minute"])
        return sign_settlement(settlement=row, said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="You have signed.", then=back, submit_text="Sign", title=f"Sign version {row.number}",
        caption=page.programme.title, back_href=back, cancel_href=back, programme=page.programme, here=_HERE, page=page,
        template="benefits/settlement_sign.jinja",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def freeze(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Freeze a quarter that is over."""
    viewer = viewer_of(request)
    programme = programme_for(viewer, programme_id)
    check(viewer, FREEZE_POSITION, programme)
    over = _quarters_over(timezone.localdate(viewer.at))
    choices = [
        Option(f"{year}-{quarter}", f"Quarter {quarter} of {year}/{(year + 1) % 100:02d}") for year, quarter in over
    ]
    form = FreezeQuarterForm(posted(request), offers={"quarter": choices})
    back = reverse(_HERE, args=[programme_id])

    def call() -> object:
        year, quarter = (int(part) for part in form.cleaned_data["quarter"].split("-"))
        return writing.freeze_position(programme=programme, year=year, quarter=quarter, by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="The quarter is frozen, with its hash.", then=back, submit_text="Freeze it",
        title="Freeze a quarter", caption=programme.title, back_href=back, cancel_href=back,
        programme=programme_seen(viewer, programme_id), here=_HERE,
    )  # fmt: skip


def _quarters_over(on: date) -> list[tuple[int, int]]:
    """The last four quarters that are over, the newest first."""
    year = financial_year(on).starts_on.year
    past = [(each, quarter) for each in (year, year - 1) for quarter in (4, 3, 2, 1)]
    return [each for each in past if writing.first_day_after(*each) <= on][:4]


@login_required
@require_safe
def position(request: HttpRequest, position_id: UUID) -> HttpResponse:
    """A frozen quarter, and what changed."""
    page = reading.position_page(viewer_of(request), position_id)
    tables = packs.tables_of(page.position.content)
    return show(
        request, "benefits/investing_quarter.jinja", programme=page.programme, here=_HERE, page=page, tables=tables
    )


@login_required
@require_http_methods(GET_OR_POST)
def propose(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Propose next year's contributions to a fund."""
    viewer = viewer_of(request)
    programme = programme_for(viewer, programme_id)
    check(viewer, PROPOSE_CONTRIBUTIONS, programme)
    there = funds_to_propose_to(viewer)
    form = ProposeForm(posted(request), offers={"fund": options((each.pk, each.name) for each in there)})
    back = reverse(_HERE, args=[programme_id])

    def call() -> object:
        fund = chosen(there, form.cleaned_data["fund"])
        return writing.propose_rebalanced(programme=programme, fund=fund, by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="The fund has it. The partners’ own people accept or decline it; what no longer applies is withdrawn.", then=back, title="Propose next year’s contributions",
        submit_text="Propose it", caption=programme.title, back_href=back, cancel_href=back,
        programme=programme_seen(viewer, programme_id), here=_HERE,
    )  # fmt: skip


# --- The finance directors' pack.


@login_required
@require_safe
def pack_now(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The pack as it would be frozen today."""
    page = reading.live_pack(viewer_of(request), programme_id, request.GET.get("partner", "")[:40])
    return _shown(request, page)


@login_required
@require_safe
def pack(request: HttpRequest, pack_id: UUID) -> HttpResponse:
    """A pack as it was frozen."""
    return _shown(request, reading.pack_page(viewer_of(request), pack_id, request.GET.get("partner", "")[:40]))


def _shown(request: HttpRequest, page: reading.PackPage) -> HttpResponse:
    said = packs.answers(page.content, page.code) if page.code else {}
    return show(
        request, "benefits/investing_pack.jinja", programme=page.programme, here="directors_pack", page=page, content=page.content,
        answers=said, questions=packs.QUESTIONS, tables=packs.tables_of(page.content),
        has_own_parameters=page.pack is not None, parameters=packs.parameters_of(page.content) if page.pack else [],
        mine=packs.partner_of(page.content, page.code)["name"] if page.code else "",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def pack_freeze(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Freeze the pack for a meeting."""
    viewer = viewer_of(request)
    programme = programme_for(viewer, programme_id)
    check(viewer, FREEZE_PACK, programme)
    form = MeetingForm(posted(request))
    back = reverse("directors_pack", args=[programme_id])
    return asked(
        request, form,
        lambda: writing.freeze_pack(
            programme=programme, meeting_on=form.cleaned_data["meeting_on"], by=viewer, at=viewer.at
        ),
        done="The pack is frozen, with its hash.", then=back, title="Freeze the pack for a meeting", submit_text="Freeze it",
        caption=programme.title, back_href=back, cancel_href=back, programme=programme_seen(viewer, programme_id),
        here="directors_pack",
    )  # fmt: skip


@login_required
@require_safe
def pack_file(request: HttpRequest, pack_id: UUID, file_kind: str) -> HttpResponse:
    """A frozen pack as PDF, Word or a workbook with live formulas."""
    viewer = viewer_of(request)
    page = reading.pack_page(viewer, pack_id, request.GET.get("partner", "")[:40])
    row = page.pack
    if row is None or file_kind not in {"pdf", "docx", "xlsx"} or not page.code:
        raise Http404
    name = f"pack-{page.programme.reference}-{row.number}-{page.code}".lower()
    if file_kind == "xlsx":
        return attachment(workbook_of(page.content, page.code, row.digest), SPREADSHEET, f"{name}.xlsx")
    document = packs.document_of(
        page.content, page.code, number=row.number, digest=row.digest, printed_by=viewer.name, printed_at=viewer.at
    )
    return download(document, file_kind, name)
