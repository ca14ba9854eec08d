"""The pages of shared money: who gets them, what they say, and what a form sent to them does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.actor import Actor, system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.access.tests.factories import make_fresh
from joinedup.funds.lifecycle import PartnershipState
from joinedup.funds.models import AgreementItem, PartnershipAgreement, Virement
from joinedup.funds.tests.factories import Shared, make_agreement, make_open, make_person, make_ready
from joinedup.organisations.tests.factories import AT, make_organisation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BY = system(AT)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id), backend=BACKEND)
    make_fresh(client)
    return client


def get(client: Client, name: str, *args: Any) -> Any:
    return client.get(reverse(name, args=args), secure=True)


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(name, args=args), data, secure=True)


@pytest.fixture
def shared() -> Shared:
    return make_agreement()


def test_the_list_shows_partners_their_agreements_and_nobody_else(shared: Shared) -> None:
    page = get(client_of(shared.directors["nhs"]), "fund_agreements").content.decode()
    assert "Commissioning pool" in page
    other = make_organisation(code="ELSEWHERE", name="Elsewhere Council")
    stranger = client_of(make_person(Role.FINANCE_DIRECTOR, other, "Stranger Testpenny"))
    assert "Commissioning pool" not in get(stranger, "fund_agreements").content.decode()
    for name in ("fund_agreement", "fund_agreement_tasks", "fund_agreement_change"):
        assert get(stranger, name, shared.agreement.pk).status_code == 404
    worker = client_of(make_person(Role.KEY_WORKER, shared.council, "Amira Testerly"))
    assert get(worker, "fund_agreements").status_code == 403
    assert get(worker, "fund_agreement", shared.agreement.pk).status_code == 404
    auditor = client_of(make_person(Role.AUDITOR, shared.council, "Ledger Mockaudit"))
    assert get(auditor, "fund_agreement", shared.agreement.pk).status_code == 200
    assert get(auditor, "fund_agreement_change", shared.agreement.pk).status_code == 403


def test_an_item_is_written_on_its_page_and_the_aims_come_first(shared: Shared) -> None:
    client = client_of(shared.directors["council"])
    refused = post(client, "fund_agreement_item", shared.agreement.pk, "vat", words="By whoever delivers.")
    assert "Say first what you want to achieve" in refused.content.decode()
    answer = post(client, "fund_agreement_item", shared.agreement.pk, "aims", words="One story, one team.")
    assert answer.status_code == 302
    assert AgreementItem.objects.get(agreement=shared.agreement).words == "One story, one team."
    page = get(client, "fund_agreement_tasks", shared.agreement.pk).content.decode()
    assert "Completed" in page
    assert "regulation 7(3)(a)" in page


def test_an_agreement_is_drafted_from_its_form(shared: Shared) -> None:
    client = client_of(shared.directors["council"])
    said = {
        "organisation": str(shared.council.pk), "title": "Disabled children", "power": "S75", "notice_months": "12",
        "days_to_pay": "30", "virement_scheme": "", "starts_on_0": "1", "starts_on_1": "4", "starts_on_2": "2027",
    }  # fmt: skip
    answer = post(client, "fund_agreement_draft", **said)
    assert answer.status_code == 302, answer.content.decode()
    made = PartnershipAgreement.objects.get(title="Disabled children")
    assert made.power == "S75"
    assert post(client, "fund_agreement_draft", **{**said, "power": "S31"}).status_code == 200


def test_ready_authorised_and_opened_by_buttons(shared: Shared) -> None:
    make_ready(shared)
    chiefs = {code: client_of(actor) for code, actor in shared.chiefs.items()}
    for code, client in chiefs.items():
        page = get(client, "fund_agreement", shared.agreement.pk).content.decode()
        assert f"Authorise for {shared.partners[code].organisation.name}" in page
        answer = post(client, "fund_agreement_authorise", shared.agreement.pk, shared.partners[code].pk)
        assert answer.status_code == 302
    forbidden = post(client_of(shared.directors["nhs"]), "fund_agreement_open", shared.agreement.pk)
    assert forbidden.status_code == 403
    assert shared.pool_manager is not None
    assert post(client_of(shared.pool_manager), "fund_agreement_open", shared.agreement.pk).status_code == 302
    shared.agreement.refresh_from_db()
    assert shared.agreement.state == PartnershipState.OPEN


def test_the_funds_page_says_what_is_left_and_who_paid() -> None:
    shared = make_open()
    client = client_of(shared.directors["nhs"])
    assert shared.fund is not None
    page = get(client, "fund", shared.fund.pk).content.decode()
    for words in ("£28,000,000", "£20,000,000", "£8,000,000", "Child mental health", "Budget and spending by scheme"):
        assert words in page
    for name in ("fund_contributions", "fund_virements"):
        assert get(client, name, shared.fund.pk).status_code == 200
    assert get(client, "fund_line", shared.lines["CAMHS-nhs"].pk).status_code == 200


def test_every_page_of_an_open_agreement_opens_within_its_statements(django_assert_max_num_queries: Any) -> None:
    shared = make_open()
    assert shared.pool_manager is not None
    assert shared.fund is not None
    manager = client_of(shared.pool_manager)
    partner = shared.partners["nhs"].pk
    pages = [
        ("fund_agreements", ()), ("fund_agreement", (shared.agreement.pk,)), ("fund_agreement_tasks", (shared.agreement.pk,)),
        ("budget_sheet", (partner,)), ("fund", (shared.fund.pk,)), ("fund_scheme_new", (shared.fund.pk,)),
        ("fund_contributions", (shared.fund.pk,)), ("fund_contribution_set", (shared.fund.pk,)),
        ("fund_virements", (shared.fund.pk,)), ("fund_virement_new", (shared.fund.pk,)),
        ("fund_line", (shared.lines["CAMHS-nhs"].pk,)), ("fund_line_hand_on", (shared.lines["CAMHS-nhs"].pk,)),
        ("fund_new", (shared.agreement.pk,)), ("fund_secondment_add", (shared.agreement.pk,)),
        ("fund_variation_new", (shared.agreement.pk,)), ("fund_pooling", (shared.fund.pk,)),
    ]  # fmt: skip
    for name, args in pages:
        with django_assert_max_num_queries(40):
            answer = get(manager, name, *args)
        assert answer.status_code == 200, name


def test_a_virement_is_asked_for_and_decided_on_its_page() -> None:
    from joinedup.funds import services

    shared = make_open()
    assert shared.pool_manager is not None
    assert shared.fund is not None
    chief = shared.chiefs["council"]
    services.name_authority(agreement=shared.agreement, level="chief_officer", post=_post_of(chief), by=BY, at=AT)
    manager, officer = client_of(shared.pool_manager), client_of(chief)
    start, end = shared.lines["SHORT-council"], shared.lines["CAMHS-nhs"]
    said = {"from_line": str(start.pk), "to_line": str(end.pk), "amount": "30,000", "reason": "The waiting list."}
    answer = post(manager, "fund_virement_new", shared.fund.pk, **said)
    assert answer.status_code == 302, answer.content.decode()
    made = Virement.objects.get()
    assert made.level == "chief_officer"
    assert "It waits for Chief of council Testpound" in get(manager, "fund_virement", made.pk).content.decode()
    assert post(officer, "fund_virement", made.pk, answer="approve", decision="").status_code == 302
    made.refresh_from_db()
    assert made.state == "approved"


def _post_of(actor: Actor) -> Any:
    from joinedup.organisations.models import Post

    return Post.objects.get(pk=next(iter(actor.post_ids)))
