"""The panel: the lifecycle and the pure part, every service with success and refusal, and who sees what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.casework import panelling, queries, rules, services
from joinedup.casework.lifecycle import PANEL_REQUEST_LABELS, PANEL_REQUEST_MOVES, PanelRequestState, may_move_request
from joinedup.casework.models import CasePathway, Meeting, Panel, PanelRequest
from joinedup.casework.panelling import Verdict
from joinedup.casework.pathway_file import shipped
from joinedup.casework.tests.assessed import SAID, Work, agree, make_work
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.information_sharing.services import Scope, record_sharing_agreed
from joinedup.organisations.tests.factories import AT, make_organisation, make_post
from joinedup.person_index.models import Person

TERMS = shipped()["panel", 1].panel
PAPERS = ["agreement", "views", "school", "tried"]
_S = PanelRequestState
_MOVES = {
    "asked": "complete withdrawn", "complete": "listed withdrawn", "listed": "complete more_information decided withdrawn",
    "more_information": "complete withdrawn", "decided": "disagreed", "disagreed": "listed withdrawn", "withdrawn": "",
}  # fmt: skip


def test_the_lifecycle_is_this_table() -> None:
    for start in _S:
        for end in _S:
            assert may_move_request(start, end) == (end.value in _MOVES[start.value].split()), (start, end)
    assert set(PANEL_REQUEST_MOVES) == set(PANEL_REQUEST_LABELS) == set(_S)


def test_what_is_still_to_be_decided() -> None:
    a, b, c = uuid4(), uuid4(), uuid4()
    newest = {a: "", b: "agreed", c: "more_information"}
    assert panelling.services_to_decide(newest, is_again=False) == {a, c}
    again = {a: "not_agreed", b: "agreed", c: "other_service"}
    assert panelling.services_to_decide(again, is_again=True) == {a, c}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"a": Verdict("agreed", "It helps.")}, None),
        ({}, rules.PANEL_DECIDES),
        ({"a": Verdict("agreed", " ")}, rules.PANEL_DECIDES),
        ({"a": Verdict("perhaps", "Why.")}, rules.PANEL_DECIDES),
        ({"a": Verdict("agreed", "Why."), "b": Verdict("agreed", "Why.")}, rules.PANEL_DECIDES),
        ({"a": Verdict("other_service", "Why.")}, rules.OTHER_SERVICE_NAMED),
        ({"a": Verdict("other_service", "Why.", "Family mediation")}, None),
    ],
)
def test_what_a_panel_must_say(said: dict[str, Verdict], rule: rules.Rule | None) -> None:
    assert TERMS is not None
    ids = {"a": UUID(int=1), "b": UUID(int=2)}
    assert panelling.verdicts_fault({ids["a"]}, {ids[key]: each for key, each in said.items()}, TERMS) is rule


def test_how_long_families_waited() -> None:
    assert panelling.days_waited(date(2026, 11, 18), date(2026, 11, 18)) == 0
    assert panelling.days_waited(date(2026, 11, 20), date(2026, 11, 23)) == 1
    assert panelling.days_waited(date(2026, 12, 24), date(2026, 12, 29)) == 1  # Christmas and Boxing Day observed
    found = panelling.waits([(3, True), (20, True), (31, False)])
    assert (found.count, found.median, found.percent) == (3, 20.0, 67)
    assert panelling.waits([(4, True), (7, True)]).median == 5.5
    assert panelling.waits([]).percent is None


# --- With a database.


@dataclass
class Table:
    """A case on the panel pathway, its manager Nia, Cara of health in the team, Pat of the school and Quin of the charity
    on the panel, and Dev outside."""

    work: Work
    pat: Actor
    quin: Actor
    dev: Actor
    seats: list[object]
    hosts: list[UUID]

    @property
    def manager(self) -> Actor:
        """Holds the panel."""
        return self.work.actor("manager")

    @property
    def amira(self) -> Actor:
        """Leads."""
        return self.work.actor("amira")


def later(actor: Actor, at: datetime) -> Actor:
    """The same person at another moment."""
    from dataclasses import replace

    return replace(actor, at=at)


def make_table() -> Table:
    """The cast."""
    from joinedup.organisations.tests.factories import actor_of

    work = make_work()
    school = make_organisation(code="SCH", name="Example School", kind="school")
    charity = make_organisation(code="VOL", name="Example Charity", kind="voluntary")
    pat = make_post(role=Role.REFERRER, employer=school, host=school, name="Pat Testschool")
    quin = make_post(role=Role.REFERRER, employer=charity, host=charity, name="Quin Testcharity")
    dev = make_post(role=Role.REFERRER, employer=school, host=school, name="Dev Testaway")
    services.change_pathway(
        case=work.case, pathway="panel", reason="Feelings and behaviour.", version=work.case.version,
        by=work.actor("amira"), at=AT,
    )  # fmt: skip
    return Table(
        work,
        actor_of(pat[0], AT),
        actor_of(quin[0], AT),
        actor_of(dev[0], AT),
        [pat[1], quin[1]],
        [school.pk, charity.pk],
    )


def ask(table: Table, **change: object) -> PanelRequest:
    said = {"words": "Rowan does not sleep.", "services": ["Counselling", "Parenting programme"]} | change
    return services.ask_panel(case=table.work.case, child_id=table.work.child.pk, by=table.amira, at=AT, **said)  # type: ignore[arg-type]


def complete(table: Table, request: PanelRequest) -> PanelRequest:
    return services.say_papers(request=request, papers=PAPERS, version=request.version, by=table.amira, at=AT)


def share(table: Table) -> None:
    """The parent agrees that the assessment is shared with the panel's partners."""
    record_sharing_agreed(
        person=Person.objects.get(pk=table.work.child.pk), subject=("casework.case", str(table.work.case.pk)), said=SAID,
        scope=Scope(table.hosts, ["assessment"]), by=table.amira, at=AT,
    )  # fmt: skip


def convene(table: Table, *, days: int = 5) -> Panel:
    return services.convene_panel(
        team=table.work.case.team, starts_at=AT + timedelta(days=days), place="Room 1", posts=table.seats,  # type: ignore[arg-type]
        by=table.manager, at=AT,
    )  # fmt: skip


def listed(table: Table) -> tuple[Panel, PanelRequest]:
    """A request on a panel's list."""
    request = complete(table, ask(table))
    share(table)
    panel = convene(table)
    return panel, services.list_request(panel=panel, request=request, by=table.manager, at=AT)


def decide(table: Table, panel: Panel, request: PanelRequest, at: datetime, **codes: str) -> PanelRequest:
    """The panel says the same of each service still open."""
    seen = queries.panel_request(table.manager, request.pk)
    code = codes.get("code", "agreed")
    verdicts = {each.id: Verdict(code, "Because.", codes.get("instead", "")) for each in seen.services if each.is_open}
    said = services.PanelSaid(frozenset(panel.seats.values_list("pk", flat=True)), verdicts, "We will help.")
    return services.decide_request(
        panel=panel, request=request, said=said, version=request.version, by=later(table.manager, at), at=at
    )


def refused(call: object, rule: rules.Rule) -> None:
    """It is refused by this rule."""
    with pytest.raises(Refused) as found:
        call()  # type: ignore[operator]
    assert found.value.rule == rule.code


@pytest.mark.django_db
def test_from_asking_to_the_decision() -> None:
    table = make_table()
    request = ask(table)
    assert request.state == _S.ASKED
    partly = services.say_papers(request=request, papers=["views"], version=request.version, by=table.amira, at=AT)
    assert partly.state == _S.ASKED
    assert complete(table, partly).state == _S.COMPLETE
    share(table)
    panel = convene(table)
    services.list_request(panel=panel, request=request, by=table.manager, at=AT)
    services.contribute(request=request, words="We see him at break.", by=table.pat, at=AT)
    met = AT + timedelta(days=6)
    request.refresh_from_db()
    decided = decide(table, panel, request, met)
    assert decided.state == _S.DECIDED
    assert decided.decided_at == met
    meeting = Meeting.objects.get(case=table.work.case, purpose="panel")
    assert meeting.state == "agreed"
    assert meeting.decisions.count() == 2
    assert meeting.places.filter(presence="present").count() == 2
    told = OutboxMessage.objects.filter(subject__startswith="The panel has decided")
    assert {each.to for each in told} == {table.work.accounts["amira"].email}
    assert not any("Rowan" in each.subject + each.body for each in OutboxMessage.objects.all())
    assert decided.family_told_by == ""  # nobody marked writing as safe
    told_now = services.tell_family_of_decision(
        request=decided, told_by="in_person", by=later(table.amira, met), at=met
    )
    assert told_now.family_told_by == "in_person"
    seen = queries.panel_request(table.amira, request.pk)
    assert [each.said[0].label for each in seen.services] == ["Agreed", "Agreed"]


@pytest.mark.django_db
def test_what_is_refused_on_the_way() -> None:
    table = make_table()
    refused(lambda: ask(table, words=" "), rules.REQUEST_SAID)
    refused(lambda: ask(table, services=[" "]), rules.REQUEST_SAID)
    request = ask(table)
    refused(lambda: ask(table), rules.ONE_REQUEST)
    panel = convene(table)
    refused(lambda: services.list_request(panel=panel, request=request, by=table.manager, at=AT), rules.SHARING_BASED)
    share(table)
    refused(lambda: services.list_request(panel=panel, request=request, by=table.manager, at=AT), rules.REQUEST_FORBIDS)
    request.refresh_from_db()
    complete(table, request)
    services.list_request(panel=panel, request=request, by=table.manager, at=AT)
    refused(lambda: decide(table, panel, request, AT), rules.PANEL_NOT_MET)
    refused(
        lambda: services.convene_panel(
            team=table.work.case.team,
            starts_at=AT,
            place="Room",
            posts=table.seats,
            by=table.manager,
            at=AT,  # type: ignore[arg-type]
        ),
        rules.PANEL_AHEAD,
    )
    refused(
        lambda: services.convene_panel(
            team=table.work.case.team, starts_at=AT + timedelta(days=1), place="Room", posts=table.seats[:1],  # type: ignore[arg-type]
            by=table.manager, at=AT,
        ),
        rules.PANEL_NAMED,
    )  # fmt: skip
    refused(lambda: services.contribute(request=request, words=" ", by=table.pat, at=AT), rules.CONTRIBUTION_SAID)
    case = table.work.case
    case.refresh_from_db()
    refused(
        lambda: services.change_pathway(
            case=case, pathway="early_help", reason="No.", version=case.version, by=table.amira, at=AT
        ),
        rules.PANEL_WAITS,
    )
    refused(
        lambda: services.close_case(
            case=case, code="RC7", reason="Done.", version=case.version, by=table.manager, at=AT
        ),
        rules.PANEL_WAITS,
    )
    refused(
        lambda: services.close_case(
            case=case, code="RC1", reason="Done.", version=case.version, by=table.manager, at=AT
        ),
        rules.CLOSURE_OF_PATHWAY,
    )


@pytest.mark.django_db
def test_more_information_and_then_again() -> None:
    table = make_table()
    panel, request = listed(table)
    met = AT + timedelta(days=6)
    waiting = decide(table, panel, request, met, code="more_information")
    assert waiting.state == _S.MORE_INFORMATION
    assert waiting.panel is None
    with pytest.raises(NotVisible):
        queries.panel_request(later(table.pat, met), request.pk)
    ready = services.say_papers(
        request=waiting, papers=PAPERS, version=waiting.version, by=later(table.amira, met), at=met
    )
    again = services.convene_panel(
        team=table.work.case.team, starts_at=met + timedelta(days=2), place="Room 1", posts=table.seats,  # type: ignore[arg-type]
        by=later(table.manager, met), at=met,
    )  # fmt: skip
    services.list_request(panel=again, request=ready, by=later(table.manager, met), at=met)
    assert decide(table, again, ready, met + timedelta(days=3)).state == _S.DECIDED


@pytest.mark.django_db
def test_somebody_does_not_agree_once() -> None:
    table = make_table()
    panel, request = listed(table)
    met = AT + timedelta(days=6)
    decided = decide(table, panel, request, met, code="not_agreed")
    amira = later(table.amira, met)
    refused(lambda: services.disagree_with_panel(request=decided, words=" ", by=amira, at=met), rules.DISAGREE_SAID)
    late = met + timedelta(days=60)
    refused(
        lambda: services.disagree_with_panel(
            request=decided, words="We need it.", by=later(table.amira, late), at=late
        ),
        rules.DISAGREE_IN_TIME,
    )
    disagreed = services.disagree_with_panel(request=decided, words="We need it.", by=amira, at=met)
    assert disagreed.state == _S.DISAGREED
    assert disagreed.due_at > met
    again = services.convene_panel(
        team=table.work.case.team, starts_at=met + timedelta(days=2), place="Room 1", posts=table.seats,  # type: ignore[arg-type]
        by=later(table.manager, met), at=met,
    )  # fmt: skip
    services.list_request(panel=again, request=disagreed, by=later(table.manager, met), at=met)
    over = met + timedelta(days=3)
    final = decide(table, again, disagreed, over, code="other_service", instead="Family mediation")
    assert final.state == _S.DECIDED
    refused(
        lambda: services.disagree_with_panel(request=final, words="Still.", by=later(table.amira, over), at=over),
        rules.DISAGREE_ONCE,
    )


@pytest.mark.django_db
def test_a_panel_that_is_cancelled_gives_its_list_back() -> None:
    table = make_table()
    panel, request = listed(table)
    refused(lambda: services.cancel_panel(panel=panel, reason=" ", by=table.manager, at=AT), rules.REASON_NEEDED)
    services.cancel_panel(panel=panel, reason="Snow.", by=table.manager, at=AT)
    request.refresh_from_db()
    assert (request.state, request.panel_id) == (_S.COMPLETE, None)
    refused(lambda: services.list_request(panel=panel, request=request, by=table.manager, at=AT), rules.PANEL_OVER)


@pytest.mark.django_db
def test_who_sees_and_does_what() -> None:
    table = make_table()
    panel, request = listed(table)
    for name in ("amira", "noor", "cara", "manager"):
        assert queries.panel_request(table.work.actor(name), request.pk).case_id == table.work.case.pk
    assert queries.panel_request(table.pat, request.pk).case_id is None  # the panel reads the request, not the case
    with pytest.raises(NotVisible):
        queries.case_frame(table.pat, table.work.case.pk, purpose="test")
    for stranger in (table.dev, table.work.actor("ben")):
        with pytest.raises(NotVisible):
            queries.panel_request(stranger, request.pk)
        with pytest.raises(NotVisible):
            queries.panel(stranger, panel.pk)
    assert queries.panel(table.quin, panel.pk).may_hold is False
    assert [each.id for each in queries.panel(table.quin, panel.pk).requests] == [request.pk]
    with pytest.raises(NotPermitted):
        services.contribute(request=request, words="Not mine.", by=table.dev, at=AT)
    with pytest.raises(NotPermitted):
        services.list_request(panel=panel, request=request, by=table.amira, at=AT)
    with pytest.raises(NotPermitted):
        services.withdraw_panel_request(request=request, reason="No.", by=table.pat, at=AT)
    decide_as_pat = services.PanelSaid(frozenset(), {}, "")
    with pytest.raises(NotPermitted):
        services.decide_request(
            panel=panel, request=request, said=decide_as_pat, version=request.version, by=table.pat, at=AT
        )


@pytest.mark.django_db
def test_the_pathway_of_a_case_has_a_history_and_keeps_the_plan() -> None:
    work = make_work()
    agree(work)
    plan = services.open_plan(case=work.case, family_words="Sleep.", by=work.actor("amira"), at=AT)
    due = work.case.review_due_on
    assert queries.pathway_history(work.actor("amira"), work.case)[0].name == "Early help"
    services.change_pathway(
        case=work.case, pathway="early_support", reason="Rowan’s disability.", version=work.case.version,
        by=work.actor("amira"), at=AT,
    )  # fmt: skip
    frame = queries.case_frame(work.actor("cara"), work.case.pk, purpose="test")
    assert (frame.pathway.words.lead, frame.pathway_name) == ("Key worker", "Early Support")
    assert frame.review_due_on == due  # never later than it was
    plan.refresh_from_db()
    assert plan.state == "open"
    rows = [(each.code, each.ends_at) for each in CasePathway.objects.filter(case=work.case).order_by("starts_at")]
    assert rows == [("early_help", AT), ("early_support", None)]
    history = queries.pathway_history(work.actor("amira"), work.case)
    assert [(each.name, each.reason) for each in history] == [
        ("Early help", ""),
        ("Early Support", "Rowan’s disability."),
    ]
    with pytest.raises(NotPermitted):
        services.change_pathway(
            case=work.case, pathway="panel", reason="No.", version=work.case.version, by=work.actor("noor"), at=AT
        )


FOURTH = {
    "code": "bereavement", "name": "Bereavement support", "summary": "After a death.", "levels": [2, 3],
    "words": {"lead": "Befriender", "assessment": "First conversation"}, "clocks": {"review_weeks": 2},
    "closures": ["RC7"],
    "steps": [{"code": "lead_named", "words": "Somebody is there"}],
    "assessment": {
        "sections": ["child", "present", "childs_words", "agreement", "review"],
        "extra": [{"code": "grief", "title": "The loss", "group": "The loss", "questions": [{"code": "who", "label": "Who died?", "required": True}]}],
    },
}  # fmt: skip


@pytest.mark.django_db
def test_a_fourth_pathway_from_data_alone_works_through_the_same_services() -> None:
    kept = services.load_pathway(terms=FOURTH, file_name="bereavement.toml", by=system(AT), at=AT)
    assert services.load_pathway(terms=FOURTH, file_name="again.toml", by=system(AT), at=AT).pk == kept.pk
    refused(
        lambda: services.load_pathway(terms={**FOURTH, "code": "panel"}, file_name="p.toml", by=system(AT), at=AT),
        rules.PATHWAY_SHIPPED,
    )
    work = make_work()
    agree(work)
    amira = work.actor("amira")
    services.change_pathway(
        case=work.case, pathway="bereavement", reason="A death.", version=work.case.version, by=amira, at=AT
    )
    frame = queries.case_frame(amira, work.case.pk, purpose="test")
    assert frame.pathway.words.lead == "Befriender"
    assert (frame.review_due_on - AT.date()).days == 14  # type: ignore[operator]
    begun = services.start_assessment(case=work.case, child_id=work.child.pk, by=amira, at=AT)
    newer = {**FOURTH, "assessment": {**FOURTH["assessment"], "extra": []}}  # type: ignore[dict-item]
    assert services.load_pathway(terms=newer, file_name="newer.toml", by=system(AT), at=AT).number == 2
    seen = queries.assessment(amira, begun.pk)
    assert seen.called == "First conversation"
    # The assessment keeps the version it was begun with.
    codes = [each.spec.code for each in seen.sections]
    assert codes == ["child", "present", "childs_words", "grief", "agreement", "review"]
    shown = queries.pathway_shown(amira, frame)
    assert [(each.words, each.is_done) for each in shown.steps] == [("Somebody is there", True)]
    refused(
        lambda: services.close_case(
            case=work.case, code="RC8", reason="Done.", version=work.case.version, by=work.actor("manager"), at=AT
        ),
        rules.CLOSURE_OF_PATHWAY,
    )


@pytest.mark.django_db
def test_a_partnership_changes_words_and_switches_one_off() -> None:
    from joinedup.core.partnership import store

    store(
        "casework.pathways", {"panel": {"is_off": True}, "early_help": {"lead": "Family worker", "review_weeks": 3}},
        starts_on=AT.date(), set_by=None, set_at=AT,
    )  # fmt: skip
    work = make_work()
    frame = queries.case_frame(work.actor("amira"), work.case.pk, purpose="test")
    assert frame.pathway.words.lead == "Family worker"
    assert queries.weeks_to_review("early_help", AT.date()) == 3
    assert [each.code for each in queries.pathways_open(AT.date())] == ["early_help", "early_support"]
    refused(
        lambda: services.change_pathway(
            case=work.case, pathway="panel", reason="No.", version=work.case.version, by=work.actor("amira"), at=AT
        ),
        rules.PATHWAY_KNOWN,
    )
