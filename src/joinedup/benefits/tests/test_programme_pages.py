"""Pages of programmes, strands, delivery and published figures through the browser's door: filled in, refused, shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.models import Account
from joinedup.benefits.models import Programme
from joinedup.benefits.tests.factories import make_programme

pytestmark = pytest.mark.django_db


def _send(client: Client, page: str, *ids: object, **said: Any) -> str:
    answer = client.post(reverse(page, args=ids), said, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_programme_is_worked_out_in_the_browser() -> None:
    """A strand, its sponsor, who is in it, its delivery with what nobody pays, and a figure; every page says it is invented."""
    run = make_programme(is_illustration=True)
    assert run.manager is not None
    client = Client()
    client.force_login(Account.objects.get(pk=run.manager.account_id))
    programme = run.programme.pk
    assert "Select the partner" in _send(client, "strand_new", programme, name="Adults")
    nhs = str(run.organisations["NHS"].pk)
    page = _send(client, "strand_new", programme, name="Adults who drink", sponsor=nhs, reason="Its beds.")
    assert "Exampleshire NHS" in page
    strand = Programme.objects.get().strands.get(name="Adults who drink")
    assert "or enter how many are expected" in _send(client, "strand_cohort", strand.pk)
    assert "1,200, from: Counted" in _send(
        client, "strand_cohort", strand.pk, expected="1200", expected_source="Counted"
    )
    day = {"starts_on": "2026-04-01"}
    _send(client, "pay_new", programme, grade="Nurse", annual="49,200", source="Scale", **day)
    _send(client, "delivery_new", strand.pk, name="Nurses", grade="3")
    model = strand.delivery_models.get()
    staff = {"agency": nhs, "grade": "Nurse", "base": "Clinic", "people": "3", "first_year": "0", "last_year": "4"}
    assert "more full-time posts than people" in _send(
        client, "delivery_staff", model.pk, full_time_equivalent="3.5", **staff
    )
    page = _send(client, "delivery_staff", model.pk, full_time_equivalent="2", **staff)
    assert "£492,000 of £492,000 is not funded yet." in page
    assert "come to more than 100" in _send(client, "delivery_funding", model.pk, share_0_0="80", share_0_1="30")
    page = _send(client, "delivery_funding", model.pk, **{f"share_{year}_1": "100" for year in range(5)})
    assert "is not funded yet" not in page
    assert "Chosen" in _send(client, "delivery_move", model.pk, "chosen")
    _send(client, "claim_new", title="Six strands", programme=str(programme), what="Benefits", pounds="106,000,000", basis="gross",
          how="forecast", source="An interview")  # fmt: skip
    page = client.get(reverse("programme", args=[programme])).content.decode()
    for words in ("Illustration: inputs invented", "Adults who drink", "1,200 expected", "£492k", "£106m", "Forecast"):
        assert words in page
    csv = client.get(reverse("delivery_csv", args=[model.pk])).content.decode()
    assert "98400.00" in csv
    assert "Illustration: inputs invented" in csv
    for table in ("pairs", "combinations"):
        assert client.get(reverse("programme_overlap_csv", args=[programme, table])).status_code == 200
    for name in (
        "strand_sponsor",
        "strand_merge",
        "strand_families",
        "strand_take_out",
        "strand_rename",
        "strand_close",
    ):
        assert "Illustration: inputs invented" in client.get(reverse(name, args=[strand.pk])).content.decode()
    assert "No figure has these words" in client.get(reverse("claims"), {"words": "nowhere"}).content.decode()
