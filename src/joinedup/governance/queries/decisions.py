"""Reading decisions: what was decided on what evidence, whose approval it waits for, and what it did."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.benefits.queries import Accepted
from joinedup.core.errors import NotVisible
from joinedup.engines.money import format_pounds
from joinedup.governance.effects import effect_kinds, invented_matters
from joinedup.governance.frozen import digest_of
from joinedup.governance.lifecycle import (
    DECISION_LABELS,
    DecisionFacts,
    DecisionState,
    decision_state,
    may_be_called_in,
)
from joinedup.governance.models import AgendaItem, BoardTerms, Decision, Recommendation, RoundAcceptance
from joinedup.governance.permissions import (
    APPROVE_FOR_PARTNER,
    CALL_IN_DECISION,
    CARRY_OUT_DECISION,
    READ_BOARDS,
    REPLY_TO_SCRUTINY,
    RUN_MEETINGS,
    reads_exempt,
)
from joinedup.governance.queries.boards import names_of_boards

TONES = {
    DecisionState.NOT_CARRIED: "grey", DecisionState.REFUSED: "red", DecisionState.CALLED_IN: "amber",
    DecisionState.SET_ASIDE: "red", DecisionState.WAITING: "amber", DecisionState.CALL_IN_OPEN: "amber",
    DecisionState.READY: "blue", DecisionState.IN_EFFECT: "green",
}  # fmt: skip


@dataclass(frozen=True)
class DecisionLine:
    """A decision in a list; `title` says nothing of an exempt one to whoever may not read it."""

    id: UUID
    reference: str
    title: str
    board_id: UUID
    board: str
    decided_at: datetime
    state: str
    tone: str
    is_illustration: bool


@dataclass(frozen=True)
class BodySeen:
    """A partner whose power is used, and its answer."""

    id: UUID
    name: str
    agrees: bool | None
    body: str
    approved_on: date | None
    minute: str
    recorded_by: str
    may_answer: bool


@dataclass(frozen=True)
class DecisionPage:
    """One decision in full."""

    row: Decision
    item: AgendaItem
    board: str
    state: DecisionState
    tone: str
    maker: str
    evidence: tuple[tuple[str, str], ...]
    is_intact: bool
    votes: tuple[tuple[str, str], ...]
    bodies: tuple[BodySeen, ...]
    decided_by: str
    effect: str
    refusals: tuple[tuple[datetime, str, str], ...]
    may: frozenset[str]
    is_illustration: bool

    @property
    def chosen(self) -> tuple[tuple[str, str], ...]:
        """What was chosen besides yes or no, such as who becomes the sponsor."""
        words = {key.removesuffix("_words"): said for key, said in self.row.chosen.items() if key.endswith("_words")}
        return tuple((f"Chosen: {key.replace('_', ' ')}", words[key]) for key in self.row.chosen if key in words)

    @property
    def state_words(self) -> str:
        """Where it stands."""
        return DECISION_LABELS[self.state]

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The partners that have not answered."""
        return tuple(each.name for each in self.bodies if each.agrees is None)


def facts_of(viewer: Actor, row: Decision) -> DecisionFacts:
    """What decides where it stands; no statement where the caller has prefetched what belongs to it."""
    approvals = [each.agrees for each in row.approvals.all()]
    call_in = getattr(row, "call_in", None)
    answer = getattr(call_in, "answer", None) if call_in is not None else None
    return DecisionFacts(
        carried=row.carried, bodies=len(row.bodies.all()), agreed=approvals.count(True), refused=approvals.count(False),
        call_in_until=row.call_in_until, is_called_in=call_in is not None,
        confirmed=answer.is_confirmed if answer is not None else None,
        is_effected=getattr(row, "effected", None) is not None,
    )  # fmt: skip


def _whole() -> Any:
    rows = Decision.objects.select_related("item__meeting", "maker", "call_in__answer", "effected")
    return rows.prefetch_related("approvals", "bodies__organisation")


def decisions_to_carry_out(viewer: Actor) -> list[Decision]:
    """Decisions that are ready to take effect and were never tried, the oldest first; for the keeper. One that was refused is
    tried again by a person, who sees why."""
    day = timezone.localdate(viewer.at)
    rows = _whole().filter(carried=True, effected=None, refusals=None).order_by("decided_at")
    return [each for each in rows if decision_state(facts_of(viewer, each), day) == DecisionState.READY]


def lines_of(viewer: Actor, rows: Iterable[Decision]) -> list[DecisionLine]:
    """Decisions for a list, as the viewer may read them."""
    names, day, may = names_of_boards(viewer), timezone.localdate(viewer.at), {}
    whole, found = list(rows), []
    invented = invented_matters(viewer, [(each.effect, each.matter_id) for each in whole])
    for each in whole:
        if each.board_id not in may:
            may[each.board_id] = reads_exempt(viewer, each.board_id)
        state = decision_state(facts_of(viewer, each), day)
        is_open = not each.item.exempt_reason or may[each.board_id]
        found.append(
            DecisionLine(
                each.pk, each.reference, each.item.title if is_open else "An exempt item", each.board_id,
                names[each.board_id], each.decided_at, DECISION_LABELS[state], TONES[state],
                is_open and each.matter_id in invented,
            )
        )  # fmt: skip
    return found


def decisions_of_board(viewer: Actor, board_id: UUID) -> list[DecisionLine]:
    """The twenty latest decisions of a board."""
    check(viewer, READ_BOARDS)
    return lines_of(viewer, _whole().filter(board_id=board_id).order_by("-decided_at")[:20])


def decided_between(viewer: Actor, since: datetime, until: datetime, *, most: int) -> tuple[int, list[DecisionLine]]:
    """How many decisions were recorded from a moment until before another, and the newest of them."""
    check(viewer, READ_BOARDS)
    rows = _whole().filter(decided_at__gte=since, decided_at__lt=until).order_by("-decided_at", "pk")
    return rows.count(), lines_of(viewer, rows[:most])


def waiting_for_viewer(viewer: Actor) -> list[DecisionLine]:
    """Decisions that wait for an answer of a body the viewer may answer for, the oldest first."""
    check(viewer, READ_BOARDS)
    mine = {each.organisation_id for each in viewer.standings if each.role in APPROVE_FOR_PARTNER.roles}
    rows = _whole().filter(carried=True, effected=None, bodies__organisation_id__in=mine)
    day = timezone.localdate(viewer.at)
    waiting = [
        each
        for each in rows.distinct().order_by("decided_at")
        if decision_state(facts_of(viewer, each), day) in {DecisionState.WAITING, DecisionState.CALLED_IN}
        and {one.organisation_id for one in each.bodies.all()}
        & mine - {one.organisation_id for one in each.approvals.all()}
    ]
    return lines_of(viewer, waiting)


def decision_for(viewer: Actor, decision_id: UUID) -> Decision:
    """One decision the viewer may read, to hand to a service. An exempt one is for the board, and for whoever answers for a
    partner it asks."""
    check(viewer, READ_BOARDS)
    found = _whole().filter(pk=decision_id).first()
    if found is None:
        raise NotVisible
    asked = any(can(viewer, APPROVE_FOR_PARTNER, each.organisation) for each in found.bodies.all())
    if found.item.exempt_reason and not asked and not reads_exempt(viewer, found.board_id):
        raise NotVisible
    decision: Decision = found
    return decision


def decision_page(viewer: Actor, decision_id: UUID) -> DecisionPage:
    """One decision in full, with what the viewer may do."""
    row = decision_for(viewer, decision_id)
    facts = facts_of(viewer, row)
    state = decision_state(facts, timezone.localdate(viewer.at))
    refusals = list(row.refusals.order_by("-at", "-pk")[:5])
    ids = {each for each in (row.decided_by, *(one.recorded_by for one in row.approvals.all())) if each}
    who = names_of_accounts(viewer, ids)
    votes = row.votes.select_related("appointment__seat").order_by("appointment__seat__position")
    may = {
        "call_in": may_be_called_in(facts, timezone.localdate(viewer.at)) and can(viewer, CALL_IN_DECISION, row),
        "answer": state is DecisionState.CALLED_IN and can(viewer, RUN_MEETINGS, row),
        "carry_out": state is DecisionState.READY and can(viewer, CARRY_OUT_DECISION, row),
    }  # fmt: skip
    return DecisionPage(
        row, row.item, names_of_boards(viewer)[row.board_id], state, TONES[state], row.maker.name, _evidence(row.evidence),
        digest_of(row.evidence, row.effect, row.matter_id, row.chosen) == row.digest,
        tuple((f"{each.appointment.name}, {each.appointment.seat.title}", each.get_vote_display()) for each in votes),
        tuple(_bodies(viewer, row, state, who)), who.get(row.decided_by, "") if row.decided_by else "",
        effect_kinds().get(row.effect, ""), tuple((each.at, each.sentence, each.rule) for each in refusals),
        frozenset(name for name, is_so in may.items() if is_so),
        bool(invented_matters(viewer, [(row.effect, row.matter_id)])),
    )  # fmt: skip


def rounds_accepted(viewer: Actor, ids: Collection[UUID]) -> dict[UUID, Accepted]:
    """Those of these rounds that a board accepted and whose decision the viewer may read; none for whoever reads no boards.
    One statement, and one for each board whose item was exempt."""
    if not can(viewer, READ_BOARDS):
        return {}
    terms = BoardTerms.objects.filter(board=OuterRef("decision__board"), starts_on__lte=timezone.localdate(viewer.at))
    named = RoundAcceptance.objects.annotate(board=Subquery(terms.order_by("-starts_on").values("name")[:1]))
    rows = list(named.filter(round_id__in=ids).select_related("decision__item"))
    exempt = {each.decision.board_id for each in rows if each.decision.item.exempt_reason}
    withheld = {each for each in exempt if not reads_exempt(viewer, each)}
    return {
        each.round_id: Accepted(
            each.board, timezone.localdate(each.accepted_at),
            reverse("board_decision", args=[each.decision_id]),
        )
        for each in rows
        if not (each.decision.item.exempt_reason and each.decision.board_id in withheld)
    }  # fmt: skip


def _bodies(viewer: Actor, row: Decision, state: DecisionState, who: dict[UUID, str]) -> list[BodySeen]:
    answers = {each.organisation_id: each for each in row.approvals.all()}
    is_open = state in {DecisionState.WAITING, DecisionState.CALLED_IN}
    found = []
    for each in sorted(row.bodies.all(), key=lambda one: one.organisation.name):
        said = answers.get(each.organisation_id)
        may = said is None and is_open and can(viewer, APPROVE_FOR_PARTNER, each.organisation)
        found.append(
            BodySeen(
                each.organisation_id, each.organisation.name, said.agrees if said else None, said.body if said else "",
                said.approved_on if said else None, said.minute if said else "",
                who.get(said.recorded_by, "") if said and said.recorded_by else "", may,
            )
        )  # fmt: skip
    return found


def _evidence(evidence: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    found = []
    for key, value in evidence.items():
        name = key.removesuffix("_pence").replace("_", " ")
        is_money = (key == "pence" or key.endswith("_pence")) and isinstance(value, int)
        words = format_pounds(value) if is_money else ", ".join(value) if isinstance(value, list) else str(value)
        found.append(("Amount" if key == "pence" else name[:1].upper() + name[1:], words))
    return tuple(found)


@dataclass(frozen=True)
class RecommendationSeen:
    """What scrutiny recommended, and the reply."""

    row: Recommendation
    id: UUID
    organisation: str
    words: str
    due_on: date
    is_late: bool
    reply: str
    is_accepted: bool | None
    may_reply: bool


def recommendation_for(viewer: Actor, recommendation_id: UUID) -> Recommendation:
    """One recommendation, to hand to a service. One under an exempt item is for the committee, and for whoever answers for the
    body that owes the reply."""
    check(viewer, READ_BOARDS)
    found = Recommendation.objects.select_related("organisation", "item__meeting").filter(pk=recommendation_id).first()
    if found is None or not _reads_recommendation(viewer, found, {}):
        raise NotVisible
    return found


def _reads_recommendation(viewer: Actor, row: Recommendation, known: dict[UUID, bool]) -> bool:
    if not row.item.exempt_reason or can(viewer, REPLY_TO_SCRUTINY, row.organisation):
        return True
    board_id = row.item.board_id
    if board_id not in known:
        known[board_id] = reads_exempt(viewer, board_id)
    return known[board_id]


def recommendations(viewer: Actor, *, item_ids: Iterable[UUID] | None = None) -> list[RecommendationSeen]:
    """Those of some items; or every one that waits for a reply, and what was replied in the last year. Those under exempt
    items as in `recommendation_for`."""
    check(viewer, READ_BOARDS)
    from_may = Q(replied_at=None) | Q(replied_at__year__gte=viewer.at.year - 1)
    wanted = Q(item_id__in=list(item_ids)) if item_ids is not None else from_may
    rows = Recommendation.objects.filter(wanted).select_related("organisation", "item__meeting")
    day = timezone.localdate(viewer.at)
    known: dict[UUID, bool] = {}
    return [
        RecommendationSeen(
            each, each.pk, each.organisation.name, each.words, each.reply_due_on,
            each.replied_at is None and each.reply_due_on < day, each.reply, each.is_accepted,
            each.replied_at is None and can(viewer, REPLY_TO_SCRUTINY, each.organisation),
        )
        for each in rows.order_by("reply_due_on", "pk")
        if _reads_recommendation(viewer, each, known)
    ]  # fmt: skip
