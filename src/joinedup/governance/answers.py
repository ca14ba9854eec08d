"""What boards answer on the first page: what waits to be decided, what is worse, who answers for it; and for whoever keeps the
boards, which meetings to prepare, what to record, which seats are empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.core.answers import Fact, register_answer
from joinedup.core.formats import date_long
from joinedup.governance.models import AgendaItem, Appointment, BoardAction, Decision, Meeting, Recommendation
from joinedup.governance.permissions import READ_BOARDS, READ_RISKS
from joinedup.governance.queries.boards import gaps_of, names_of_boards
from joinedup.governance.queries.decisions import waiting_for_viewer
from joinedup.governance.queries.risks import risk_lines

_SOON = timedelta(days=42)
_MOST = 4


def to_decide(viewer: Actor) -> Iterator[Fact]:
    """What the coming meetings of the boards the viewer sits on are to decide, and the decisions that wait for an answer of
    their own organisation; as many statements however much there is."""
    if not can(viewer, READ_BOARDS):
        return
    waiting = waiting_for_viewer(viewer)
    if waiting:
        first = reverse("board_decision", args=[waiting[0].id]) if len(waiting) == 1 else reverse("boards")
        yield Fact("decision[s] waiting for your organisation’s answer", first, n=len(waiting), urgent=True)
    day = timezone.localdate(viewer.at)
    seats = Appointment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, post_id__in=viewer.post_ids
    )
    items = AgendaItem.objects.filter(
        kind="decision", taken_off_at=None, decision=None, meeting__state__in=("planned", "called"),
        meeting__board__in=seats.values("seat__board_id"),
    )  # fmt: skip
    columns = "meeting_id", "meeting__board_id", "meeting__starts_at"
    rows = list(items.values_list(*columns).annotate(n=Count("pk")).order_by("meeting__starts_at"))
    names = names_of_boards(viewer)
    for meeting_id, board_id, starts_at, n in rows[:_MOST]:
        words = f"to decide at {names[board_id]}, {date_long(starts_at)}"
        yield Fact(words, reverse("board_meeting", args=[meeting_id]), n=n)
    if not waiting and not rows:
        yield Fact("decisions waiting for you", reverse("forward_plan"), n=0)


def answerable(viewer: Actor) -> Iterator[Fact]:
    """Who has something overdue that a board asked for, the longest list first; actions under exempt items are left out of
    the names and counted with the rest. One statement."""
    if not can(viewer, READ_BOARDS):
        return
    day = timezone.localdate(viewer.at)
    late = BoardAction.objects.filter(done_on=None, due_on__lt=day)
    rows = list(late.values_list("owner", "item__exempt_reason"))
    owners = Counter(owner for owner, exempt in rows if not exempt)
    for owner, n in sorted(owners.items(), key=lambda each: (-each[1], each[0]))[:_MOST]:
        yield Fact(f"overdue action[s] of {owner}", reverse("board_actions"), n=n, urgent=True)
    rest = len(rows) - sum(n for _, n in owners.most_common(_MOST))
    if rest > 0:
        yield Fact("more overdue action[s]", reverse("board_actions"), n=rest, urgent=True)
    if not rows:
        yield Fact("overdue actions of boards", reverse("board_actions"), n=0)


def risks(viewer: Actor) -> Iterator[Fact]:
    """Risks over what their board accepts, each with its owner, the highest first; as many statements however many."""
    if not can(viewer, READ_RISKS):
        return
    over = [each for each in risk_lines(viewer) if each.is_over]
    href = reverse("risks") + "?only=over"
    for each in over[: _MOST - 2]:
        words = f"is the score of “{each.title}”, more than its board accepts; {each.owner} owns it"
        yield Fact(words, reverse("risk", args=[each.id]), value=str(each.current.value), urgent=True)
    rest = len(over) - (_MOST - 2)
    if rest > 0 or not over:
        yield Fact(f"{'more ' if over else ''}risk[s] over what a board accepts", href, n=max(rest, 0), urgent=True)


def to_prepare(viewer: Actor) -> Iterator[Fact]:
    """Meetings of the next six weeks that are planned or called, with how much stands on their agendas; two statements."""
    if not can(viewer, READ_BOARDS):
        return
    live = Q(items__taken_off_at=None, items__isnull=False)
    rows = list(
        Meeting.objects.filter(state__in=("planned", "called"), starts_at__gte=viewer.at, starts_at__lt=viewer.at + _SOON)
        .annotate(n=Count("items", filter=live, distinct=True), bare=Count("items", filter=live & Q(items__papers=None), distinct=True))
        .order_by("starts_at", "pk")
    )  # fmt: skip
    names = names_of_boards(viewer) if rows else {}
    for each in rows[:_MOST]:
        bare = f", {each.bare} without a paper" if each.bare else ""
        words = f"item[s] for {names[each.board_id]}, {date_long(each.starts_at)}{bare}"
        yield Fact(words, reverse("board_meeting", args=[each.pk]), n=each.n, urgent=each.n == 0)
    if len(rows) > _MOST:
        yield Fact("more meeting[s] in six weeks", reverse("forward_plan"), n=len(rows) - _MOST)
    if not rows:
        yield Fact("meetings in the next six weeks", reverse("forward_plan"), n=0)


def to_record(viewer: Actor) -> Iterator[Fact]:
    """Held meetings with items to decide under which no decision is recorded, or whose minutes are not agreed; two
    statements."""
    if not can(viewer, READ_BOARDS):
        return
    live = Q(items__taken_off_at=None, items__isnull=False)
    undecided = live & Q(items__kind="decision", items__decision=None)
    rows = list(
        Meeting.objects.filter(state="held")
        .annotate(n=Count("items", filter=undecided, distinct=True), bare=Count("items", filter=live & Q(items__minute=""), distinct=True))
        .order_by("starts_at", "pk")
    )  # fmt: skip
    names = names_of_boards(viewer) if rows else {}
    for each in rows[:_MOST]:
        bare = f", {each.bare} without a minute" if each.bare else ""
        words = f"decision[s] to record of {names[each.board_id]}, {date_long(each.starts_at)}{bare}"
        yield Fact(words, reverse("board_meeting", args=[each.pk]), n=each.n, urgent=each.n > 0)
    if not rows:
        yield Fact("held meetings whose minutes are not agreed", reverse("boards"), n=0)


def vacant(viewer: Actor) -> Iterator[Fact]:
    """Seats nobody holds, the longest empty first; three statements."""
    if not can(viewer, READ_BOARDS):
        return
    gaps = gaps_of(viewer, names_of_boards(viewer))
    yield Fact("seat[s] nobody holds", reverse("boards"), n=len(gaps), urgent=bool(gaps))
    for each in gaps[: _MOST - 1]:
        words = f"since when nobody is {each.seat} of {each.board}"
        yield Fact(words, reverse("board", args=[each.board_id]), value=date_long(each.since), urgent=True)


def may_call_in(viewer: Actor) -> Iterator[Fact]:
    """Decisions that scrutiny may still call in; two statements. Exempt ones are counted without their title."""
    if not can(viewer, READ_BOARDS):
        return
    day = timezone.localdate(viewer.at)
    rows = list(
        Decision.objects.filter(carried=True, call_in_until__gte=day, call_in=None, effected=None)
        .order_by("call_in_until", "pk")
        .values_list("pk", "item__title", "item__exempt_reason", "call_in_until")
    ) if viewer.has_role(Role.SCRUTINY_MEMBER, Role.GOVERNANCE_OFFICER) else []  # fmt: skip
    for pk, title, exempt, until in rows[:_MOST]:
        if not exempt:
            yield Fact(f"last day to call in: {title}", reverse("board_decision", args=[pk]), value=date_long(until))
    rest = len(rows) - sum(not exempt for _, _, exempt, _ in rows[:_MOST])
    if rest > 0 or not rows:
        yield Fact(
            f"{'more ' if rest > 0 else ''}decision[s] that may be called in",
            reverse("boards_published"),
            n=max(rest, 0),
        )


def replies(viewer: Actor) -> Iterator[Fact]:
    """Recommendations of scrutiny without a reply, and how many of those are late; one statement."""
    if not can(viewer, READ_BOARDS):
        return
    day = timezone.localdate(viewer.at)
    rows = Recommendation.objects.filter(replied_at=None)
    found = rows.aggregate(n=Count("pk"), late=Count("pk", filter=Q(reply_due_on__lt=day)))
    yield Fact("repl[y|ies] scrutiny is owed", reverse("recommendations"), n=found["n"])
    if found["late"]:
        yield Fact("of them late", reverse("recommendations"), n=found["late"], urgent=True)


register_answer("governance.to_decide", "what waits to be decided by the viewer’s boards and organisation", to_decide)
register_answer("governance.answerable", "who has something overdue that a board asked for", answerable)
register_answer("governance.risks", "which risks are over what their board accepts, and who owns them", risks)
register_answer("governance.to_prepare", "which meetings come and what is on their agendas", to_prepare)
register_answer("governance.to_record", "which held meetings wait for decisions and minutes", to_record)
register_answer("governance.vacant", "which seats of boards nobody holds", vacant)
register_answer("governance.may_call_in", "which decisions may still be called in", may_call_in)
register_answer("governance.replies", "which replies scrutiny is owed", replies)
