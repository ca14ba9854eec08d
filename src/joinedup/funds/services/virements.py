"""Moving money between budget lines: asked for, approved by somebody with the authority its amount needs, posted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.engines.money import format_pounds
from joinedup.funds import rules, viring
from joinedup.funds.models import (
    AgreementPartner,
    BudgetLine,
    PartnershipAgreement,
    Virement,
    VirementAgreed,
    VirementAuthority,
)
from joinedup.funds.permissions import (
    AGREE_TO_VIREMENT,
    ASK_VIREMENT,
    DECIDE_VIREMENT,
    NAME_AUTHORITY,
    WITHDRAW_VIREMENT,
)
from joinedup.funds.queries.figures import figures_of
from joinedup.funds.services import booking
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.services.steps import _lock, _require_working, _said
from joinedup.funds.virement_schemes import SCHEMES, band_for, level_words, reaches

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

_LIVE = ("asked", "approved")


@service(NAME_AUTHORITY, on="agreement")
def name_authority(
    *, agreement: PartnershipAgreement, level: str, post: Post, by: Actor, at: datetime
) -> VirementAuthority:
    """A post may approve virements at a level of the agreement's scheme; for a committee it is the post that keeps its
    minutes. Raises Refused (FU-165)."""
    scheme = SCHEMES.get(agreement.virement_scheme)
    if scheme is None or level not in {band.level for band in scheme.bands}:
        raise rules.VIREMENT_SCHEME_CHOSEN.refused("level")
    row, _ = VirementAuthority.objects.get_or_create(
        agreement=agreement, level=level, post=post, ended_at=None, defaults={"named_at": at, "named_by": by.account_id}
    )
    note(changed=("authorities",), words={"level": level})
    return row


@service(NAME_AUTHORITY, on="agreement")
def end_authority(*, agreement: PartnershipAgreement, authority: VirementAuthority, by: Actor, at: datetime) -> None:
    """A post approves no more at that level."""
    VirementAuthority.objects.filter(pk=authority.pk, agreement=agreement, ended_at=None).update(ended_at=at)
    note(changed=("authorities",), words={"level": authority.level})


@service(ASK_VIREMENT, on="from_line")
def ask_virement(
    *, from_line: BudgetLine, to_line: BudgetLine, pence: int, reason: str, is_recurrent: bool = False, by: Actor, at: datetime
) -> Virement:  # fmt: skip
    """Ask to move money from one line to another. The level that must approve is found on everything moved on either line this
    year, so that splitting does not help; below a scheme's first limit it is done at once and finance is told. Raises Refused
    (R-4, FU-119, FU-128, FU-134, FU-160, FU-164 to FU-166)."""
    fund = _lock(from_line.fund)
    _require_working(from_line.fund.agreement)
    why = _said(reason, rules.REASON_NEEDED)
    if from_line.pk == to_line.pk:
        raise rules.LINES_DIFFER.refused()
    if pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused()
    start, end = _as_line(from_line), _as_line(to_line)
    if forbidden := viring.why_not(fund.model, start, end):
        raise rules.VIREMENT_WITHIN.refused(why=forbidden)
    _require_left(from_line, pence, by)
    scheme = SCHEMES.get(from_line.fund.agreement.virement_scheme)
    if scheme is None:
        raise rules.VIREMENT_SCHEME_CHOSEN.refused()
    moved = max(_moved_this_year(from_line), _moved_this_year(to_line)) + pence
    band = band_for(scheme, moved, crosses=viring.crosses(start, end))
    virement = Virement.objects.create(
        fund=fund, year=from_line.year, from_line=from_line, to_line=to_line, pence=pence, is_recurrent=is_recurrent,
        reason=why, scheme=scheme.code, level=band.level, cumulative_pence=moved, asked_at=at, asked_by=by.account_id,
    )  # fmt: skip
    note(subject=virement, changed=("virements",), words={"fund": fund.code, "level": band.level})
    if band.notice_only and start.is_capital == end.is_capital:
        _settle(virement, by=by, at=at, decision="Below the first limit: notified, not approved.")
    return virement


@service(AGREE_TO_VIREMENT, on="partner")
def agree_to_virement(*, partner: AgreementPartner, virement: Virement, by: Actor, at: datetime) -> VirementAgreed:
    """A partner agrees to a virement between capital and revenue. Raises Refused (FU-162)."""
    _require_asked(virement)
    row, _ = VirementAgreed.objects.get_or_create(
        virement=virement, partner=partner, defaults={"at": at, "by": by.account_id}
    )
    note(changed=("virements",), words={"organisation": partner.organisation.code})
    return row


@service(DECIDE_VIREMENT, on="virement")
def approve_virement(*, virement: Virement, decision: str = "", by: Actor, at: datetime) -> Virement:
    """Approve it, by a post with that authority other than whoever asked; for a committee with its minute. It is posted as a
    balanced budget entry in the same transaction. Raises Refused (FU-124, FU-128, FU-161 to FU-163, FU-166, FU-167)."""
    _lock(virement.fund)
    _require_asked(virement)
    _require_working(virement.fund.agreement)
    if virement.asked_by is not None and virement.asked_by == by.account_id:
        raise rules.NOT_OWN_VIREMENT.refused()
    _require_authority(virement, by, at)
    band = next(each for each in SCHEMES[virement.scheme].bands if each.level == virement.level)
    if band.is_body and not decision.strip():
        raise rules.DECISION_NAMED.refused()
    _require_partners(virement)
    _require_left(virement.from_line, virement.pence, by)
    _settle(virement, by=by, at=at, decision=decision)
    return virement


@service(DECIDE_VIREMENT, on="virement")
def decline_virement(*, virement: Virement, reason: str, by: Actor, at: datetime) -> Virement:
    """Decline it, by a post that could have approved it. Raises Refused (FU-119, FU-161, FU-162)."""
    _lock(virement.fund)
    _require_asked(virement)
    _require_authority(virement, by, at)
    return _end(virement, "declined", _said(reason, rules.REASON_NEEDED, 300), by, at)


@service(WITHDRAW_VIREMENT, on="virement")
def withdraw_virement(*, virement: Virement, by: Actor, at: datetime) -> Virement:
    """Whoever asked takes it back. Raises Refused (FU-162)."""
    _lock(virement.fund)
    _require_asked(virement)
    return _end(virement, "withdrawn", "", by, at)


def _moved_this_year(line: BudgetLine) -> int:
    """Everything moved from or to a line this year, asked for or approved."""
    there = Virement.objects.filter(Q(from_line=line) | Q(to_line=line), year=line.year, state__in=_LIVE)
    return there.aggregate(sum=Sum("pence"))["sum"] or 0


def _as_line(line: BudgetLine) -> viring.Line:
    fence = str(line.stream_id) if line.stream is not None and line.stream.is_ring_fenced else ""
    return viring.Line(
        line.pk, line.fund_id, line.year, line.partner_id, line.scheme_id, line.tier, line.is_capital, fence
    )


def _require_left(line: BudgetLine, pence: int, by: Actor) -> None:
    left = figures_of(by, line).left
    if pence > left:
        raise rules.NOT_MORE_THAN_LEFT.refused(line=line.name, left=format_pounds(left), amount=format_pounds(pence))


def _require_asked(virement: Virement) -> None:
    _lock(virement)
    if virement.state != "asked":
        raise rules.VIREMENT_WAITS.refused(state=virement.state)


def _require_authority(virement: Virement, by: Actor, at: datetime) -> None:
    """FU-161: a post of theirs is named for that level or a higher one."""
    if by.is_system:
        return
    scheme = SCHEMES[virement.scheme]
    named = VirementAuthority.objects.filter(agreement=virement.fund.agreement_id, ended_at=None, named_at__lte=at)
    mine = named.filter(post_id__in=by.post_ids).values_list("level", flat=True)
    if any(reaches(scheme, level, virement.level) for level in mine):
        return
    able = [
        f"{each.post.account.name}, {each.post.title}"
        for each in named.select_related("post__account").order_by("post__account__name")
        if reaches(scheme, each.level, virement.level)
    ]
    who = f"Ask {' or '.join(able)}." if able else "Nobody is named for it yet."
    raise rules.AUTHORITY_HELD.refused(
        level=level_words(virement.scheme, virement.level).lower(), amount=format_pounds(virement.cumulative_pence), who=who
    )  # fmt: skip


def _require_partners(virement: Virement) -> None:
    """FU-167: between capital and revenue every partner agrees first."""
    if virement.from_line.is_capital == virement.to_line.is_capital:
        return
    partners = AgreementPartner.objects.filter(agreement=virement.fund.agreement_id, left_on=None)
    there = VirementAgreed.objects.filter(virement=virement).values("partner")
    open_ = partners.exclude(pk__in=there).order_by("position").values_list("organisation__name", flat=True)
    if open_:
        raise rules.EVERY_PARTNER_AGREES.refused(who=", ".join(open_))


def _settle(virement: Virement, *, by: Actor, at: datetime, decision: str) -> None:
    draft = booking.budget_moved(
        virement.from_line, virement.to_line, virement.pence, on=timezone.localdate(at), key=f"virement {virement.pk}",
        memo=virement.reason[:300], source=virement,
    )  # fmt: skip
    (entry,) = put_into_ledger(fund=virement.fund, drafts=[draft], by=by, at=at)
    virement.entry_id = entry.pk
    virement.save(update_fields=["entry_id"])
    _end(virement, "approved", decision.strip()[:300], by, at)


def _end(virement: Virement, state: str, decision: str, by: Actor, at: datetime) -> Virement:
    virement.state, virement.decision, virement.decided_at, virement.decided_by = state, decision, at, by.account_id
    virement.save(update_fields=["state", "decision", "decided_at", "decided_by"])
    note(changed=("state",))
    return virement
