"""The panel of the whole partnership: teams put their own requests on its list, whoever chairs it, of any partner, holds it,
and nobody reads what is not theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from joinedup.access.actor import Actor
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import queries, rules, services
from joinedup.casework.models import Case, Meeting, Panel, PanelRequest
from joinedup.casework.panelling import Verdict
from joinedup.casework.tests.assessed import SAID, Work, make_work
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.casework.tests.test_assessment_pages import Visitor
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.information_sharing.services import Scope, record_sharing_agreed
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.person_index.models import Person

pytestmark = pytest.mark.django_db
MET = AT + timedelta(days=5)
PAPERS = ["agreement", "views", "school", "tried"]


@dataclass
class Town:
    """Nia's North team and Sanjay's South team each have a child on the panel pathway. Hal of health chairs; Pat of a school
    and Quin of a charity sit with them; Dev is outside."""

    work: Work
    south: Case
    people: dict[str, tuple[Account, Post]]

    def actor(self, name: str, at: datetime = AT) -> Actor:
        return actor_of(self.people[name][0], at)

    @property
    def seats(self) -> list[Post]:
        return [self.people[name][1] for name in ("pat", "quin")]

    def request_of(self, case: Case, lead: Actor) -> PanelRequest:
        """Asked, its papers complete, and shared with every partner at the table."""
        services.change_pathway(
            case=case, pathway="panel", reason="Feelings.", version=case.version, by=lead, at=AT
        )  # fmt: skip
        child = Person.objects.get(pk=case.people.get(part="child").person_id)
        request = services.ask_panel(
            case=case, child_id=child.pk, words="She does not sleep.", services=["Counselling"], by=lead, at=AT
        )
        services.say_papers(request=request, papers=PAPERS, version=request.version, by=lead, at=AT)
        hosts = {self.people[name][1].host_id for name in ("hal", "pat", "quin")}
        record_sharing_agreed(
            person=child,
            subject=("casework.case", str(case.pk)),
            said=SAID,
            scope=Scope(hosts, ["assessment"]),
            by=lead,
            at=AT,
        )
        return request

    def convene(self, by: str = "sanjay") -> Panel:
        return services.convene_partnership_panel(
            chair=self.people["hal"][1], starts_at=MET, place="Town hall", posts=self.seats, by=self.actor(by), at=AT
        )


@pytest.fixture
def town() -> Town:
    work = make_work()
    south = work.posts["ben"].team
    people = {
        "nia": (work.accounts["manager"], work.posts["manager"]),
        "amira": (work.accounts["amira"], work.posts["amira"]),
    }
    people["ben"] = (work.accounts["ben"], work.posts["ben"])
    people["sanjay"] = make_post(role=Role.TEAM_MANAGER, team=south, name="Sanjay Testsouth")
    for name, kind in (("hal", "nhs"), ("pat", "school"), ("quin", "voluntary"), ("dev", "school")):
        host = make_organisation(code=name.upper(), name=f"{name.title()}’s agency", kind=kind)
        people[name] = make_post(role=Role.REFERRER, employer=host, host=host, name=f"{name.title()} Testpanel")
    kim = make_family((make_person(given_name="Kim"), "child"))
    return Town(work, make_case(team=south, family=kim, lead=work.posts["ben"]), people)


def decide(town: Town, panel: Panel, request: PanelRequest, who: str) -> PanelRequest:
    by = town.actor(who, MET + timedelta(hours=1))
    services_asked = request.services.values_list("pk", flat=True)
    came = frozenset(panel.seats.values_list("pk", flat=True))
    said = services.PanelSaid(came, {pk: Verdict("agreed", "It helps.") for pk in services_asked}, "We will help.")
    request = PanelRequest.objects.select_related("case", "panel", "asked_by").get(pk=request.pk)
    return services.decide_request(panel=panel, request=request, said=said, version=request.version, by=by, at=by.at)


def test_every_team_asks_it_and_its_chair_of_another_agency_decides(town: Town) -> None:
    north = town.request_of(town.work.case, town.actor("amira"))
    south = town.request_of(town.south, town.actor("ben"))
    panel = town.convene()
    told = set(
        OutboxMessage.objects.filter(subject__startswith="You are asked to a panel").values_list("to", flat=True)
    )
    assert told == {town.people[name][0].email for name in ("hal", "pat", "quin")}
    services.list_request(panel=panel, request=north, by=town.actor("nia"), at=AT)
    services.list_request(panel=panel, request=south, by=town.actor("sanjay"), at=AT)

    def sees(who: str) -> tuple[set[str], int]:
        seen = queries.panel(town.actor(who), panel.pk)
        return {row.child for row in seen.requests}, seen.others

    both = {"Rowan Testerfield", "Kim Testerfield"}
    assert {who: sees(who) for who in ("hal", "pat", "quin")} == dict.fromkeys(("hal", "pat", "quin"), (both, 0))
    assert sees("nia") == ({"Rowan Testerfield"}, 1)
    assert sees("sanjay") == ({"Kim Testerfield"}, 1)
    for who in ("dev", "amira"):
        with pytest.raises(NotVisible):
            queries.panel(town.actor(who), panel.pk)
    shown = AuditEvent.objects.filter(purpose="list of a panel", actor_id=town.people["nia"][0].pk).latest("pk")
    assert shown.people == [town.work.child.pk]
    with pytest.raises(NotVisible):
        queries.panel_request(town.actor("nia"), south.pk)
    hal = queries.panel_request(town.actor("hal", MET + timedelta(hours=1)), north.pk)
    assert (hal.case_id, "decide" in hal.may) == (None, True)
    assert "decide" not in queries.panel_request(town.actor("nia", MET + timedelta(hours=1)), north.pk).may
    for who in ("nia", "sanjay", "pat"):
        with pytest.raises(NotPermitted):
            decide(town, panel, north, who)
    assert decide(town, panel, north, "hal").state == "decided"
    meeting = Meeting.objects.get(case=town.work.case, purpose="panel")
    assert meeting.places.filter(presence="present").count() == 3
    assert queries.panel_request(town.actor("amira"), north.pk).services[0].said[0].label == "Agreed"


def test_what_is_refused(town: Town) -> None:
    south = town.request_of(town.south, town.actor("ben"))
    panel = town.convene()
    with pytest.raises(NotPermitted):  # another team's request
        services.list_request(panel=panel, request=south, by=town.actor("nia"), at=AT)
    with pytest.raises(NotPermitted):  # the chair keeps no team's list
        services.list_request(panel=panel, request=south, by=town.actor("hal"), at=AT)
    own = services.convene_panel(
        team=town.work.case.team, starts_at=MET, place="Room", posts=town.seats, by=town.actor("nia"), at=AT
    )
    with pytest.raises(Refused) as other:
        services.list_request(panel=own, request=south, by=town.actor("sanjay"), at=AT)
    assert other.value.rule == rules.REQUEST_FORBIDS.code
    with pytest.raises(NotVisible):
        queries.panel(town.actor("sanjay"), own.pk)
    for who in ("pat", "amira"):
        with pytest.raises(NotPermitted):
            town.convene(who)
    with pytest.raises(Refused) as few:
        services.convene_partnership_panel(
            chair=town.people["sanjay"][1],
            starts_at=MET,
            place="Hall",
            posts=town.seats[:1],
            by=town.actor("sanjay"),
            at=AT,
        )
    assert few.value.rule == rules.PANEL_NAMED.code
    for wrong in ({}, {"team": town.work.case.team, "chair": town.people["hal"][1]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Panel.objects.create(reference=f"B-{len(wrong)}", starts_at=MET, place="x", planned_at=AT, **wrong)
    with pytest.raises(NotPermitted):
        services.cancel_panel(panel=panel, reason="Snow.", by=town.actor("nia"), at=AT)
    services.list_request(panel=panel, request=south, by=town.actor("sanjay"), at=AT)
    services.cancel_panel(panel=panel, reason="Snow.", by=replace(town.actor("hal"), at=AT), at=AT)
    south.refresh_from_db()
    assert (south.state, south.panel_id) == ("complete", None)


def test_it_is_named_and_read_on_the_pages(town: Town) -> None:
    sanjay = Visitor(town.people["sanjay"][0])
    page = sanjay.open("panel_new").content.decode()
    assert "The whole partnership" in page
    assert "E-mail address of whoever chairs it" in page
    wanted = {
        "team": "partnership", "on-day": "8", "on-month": "12", "on-year": "2099", "time": "14:30", "place": "Town hall",
        "people": "\n".join(town.people[name][0].email for name in ("pat", "quin")),
    }  # fmt: skip
    assert "Enter who chairs it" in sanjay.send(wanted, "panel_new").content.decode()
    soon = AT.date() + timedelta(days=30)
    wanted |= {"on-day": str(soon.day), "on-month": str(soon.month), "on-year": str(soon.year)}
    unknown = sanjay.send(wanted | {"chair": "nobody@nowhere.example"}, "panel_new").content.decode()
    assert "Nobody who could sit on a panel has this address now: nobody@nowhere.example" in unknown
    assert sanjay.send(wanted | {"chair": town.people["hal"][0].email}, "panel_new").status_code == 302
    panel = Panel.objects.get()
    assert (panel.team_id, panel.chair_id) == (None, town.people["hal"][1].pk)
    for who in ("hal", "nia"):
        text = Visitor(town.people[who][0]).open("panel", panel.pk).content.decode()
        assert "The whole partnership, chaired by Hal Testpanel" in text
        assert ("Could be put on the list" in text) is (who == "nia")
        assert ("Cancel this panel" in text) is (who == "hal")
        listed = Visitor(town.people[who][0]).open("panels").content.decode()
        assert "The whole partnership" in listed
    assert Visitor(town.people["dev"][0]).open("panel", panel.pk).status_code == 404
