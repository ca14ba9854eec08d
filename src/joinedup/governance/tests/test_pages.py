"""Pages of boards through the browser's door: a decision with what was chosen, and a partner's answer that carries it out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.models import Account
from joinedup.benefits.tests.factories import make_programme
from joinedup.governance import services
from joinedup.governance.services import ItemSaid
from joinedup.governance.tests.factories import BEGAN, EVERYBODY, make_meeting, make_table, said_for
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db


def test_a_partner_sees_what_was_chosen_and_its_answer_carries_it_out() -> None:
    table = make_table()
    strand = make_programme().strands["safer"]
    nhs, chief = table.organisations["NHS"], table.chiefs["NHS"]
    services.give_power(
        board=table.board,
        kind="name_sponsor",
        limit_pence=None,
        source="Minute 3",
        starts_on=BEGAN,
        by=table.officer,
        at=AT,
    )
    item = ItemSaid("decision", "Who sponsors it", matter_kind="name_sponsor", matter_id=strand.pk)
    meeting = make_meeting(table, item, there=EVERYBODY)
    chosen = {"sponsor": str(nhs.pk), "officer": str(next(iter(chief.post_ids)))}
    made = services.record_decision(
        item=meeting.items.get(position=1), said=said_for(table, chosen=chosen), by=table.chair, at=AT
    )
    client = Client()
    client.force_login(Account.objects.get(pk=chief.account_id))
    page = client.get(reverse("board_decision", args=[made.pk])).content.decode()
    for words in ("Waiting for partners", "Chosen: officer", "Chief NHS Testpound", "Record its answer"):
        assert words in page
    said = {"agrees": "yes", "body": "The board", "approved_on_0": "", "minute": "17", "approved_on": "2026-11-18"}
    sent = client.post(reverse("decision_approve", args=[made.pk, nhs.pk]), said, follow=True).content.decode()
    assert "In effect" in sent
    assert "Chief NHS Testpound answers for it." in sent
    for name, args in (("board", [table.board.pk]), ("board_meeting", [meeting.pk]), ("forward_plan", [])):
        assert client.get(reverse(name, args=args)).status_code == 200


def test_what_is_due_keeps_its_matter_under_a_title_of_ones_own() -> None:
    """Chosen and given another title it is still what waits to be decided; a title alone is an item of its own."""
    table = make_table()
    strand = make_programme().strands["safer"]
    services.give_power(
        board=table.board, kind="name_sponsor", limit_pence=None, source="Minute 3", starts_on=BEGAN, by=table.officer, at=AT
    )  # fmt: skip
    later = AT + timedelta(days=9)
    meeting = services.plan_meeting(board=table.board, starts_at=later, by=table.chair, at=AT)
    client = Client()
    client.force_login(Account.objects.get(pk=table.chair.account_id))
    address = reverse("agenda_add", args=[meeting.pk])
    said = {"kind": "report", "words": "", "is_exempt": "no", "exempt_reason": ""}
    due = f"name_sponsor:{strand.pk}"
    for sent in ({**said, "due": due, "title": "Who leads safer"}, {**said, "title": "Other business"}):
        assert client.post(address, sent).status_code == 302
    rows = meeting.items.order_by("position")
    assert list(rows.values_list("title", "kind", "matter_kind", "matter_id")) == [
        ("Who leads safer", "decision", "name_sponsor", strand.pk), ("Other business", "report", "", None),
    ]  # fmt: skip
