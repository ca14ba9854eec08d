"""What holds about a case after every step of the test machines, read from the tables themselves and worked out in another
way than the program does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis.stateful import invariant

from joinedup.access.actor import Actor
from joinedup.access.models import Account, AuditEvent
from joinedup.casework.models import Assessment, Case, Plan, PlanChange, PlanNeed, Step
from joinedup.casework.queries.social_work import clock_of
from joinedup.casework.reviewing import Happened, Journey, replay
from joinedup.casework.services.plan_steps import FIELDS, KINDS, as_it_is
from joinedup.casework.tests.machine_world import Tools
from joinedup.chronology.models import Event, EventMark
from joinedup.organisations.tests.factories import AT, actor_of

_SOME_TIME = AT - timedelta(days=1234, microseconds=56)  # stands for now in a statement that is kept
_LEFT_OPEN = (
    "EXISTS (SELECT 1 FROM casework_planneed n WHERE n.plan_id = p.id AND n.removed_at IS NULL AND n.ended_at IS NULL)",
    "EXISTS (SELECT 1 FROM casework_planaction a JOIN casework_planoutcome o ON o.id = a.outcome_id JOIN casework_planneed n"
    " ON n.id = o.need_id WHERE n.plan_id = p.id AND a.status IN ('to_do', 'under_way'))",
    "EXISTS (SELECT 1 FROM casework_review r WHERE r.plan_id = p.id AND r.state = 'begun')",
    "EXISTS (SELECT 1 FROM casework_step s WHERE s.case_id = p.case_id AND s.ended_at IS NULL)",
    "EXISTS (SELECT 1 FROM casework_planchild s WHERE s.plan_id = p.id AND s.ended_at IS NULL)",
    "EXISTS (SELECT 1 FROM casework_leadhandover h WHERE h.case_id = p.case_id AND h.state = 'proposed')",
    "EXISTS (SELECT 1 FROM casework_casemember m WHERE m.case_id = p.case_id AND m.left_at IS NULL)",
    "EXISTS (SELECT 1 FROM casework_meeting m WHERE m.case_id = p.case_id AND m.state = 'planned')",
    "EXISTS (SELECT 1 FROM casework_meetingaction a WHERE a.case_id = p.case_id AND a.state = 'open')",
    "NOT EXISTS (SELECT 1 FROM casework_closure c WHERE c.plan_id = p.id)",
)


class Holds(Tools):
    """The invariants."""

    def __init__(self) -> None:
        super().__init__()
        # Of an account and a case, the statement that shows it: posts do not change while they are in the example.
        self.shown: dict[tuple[Any, Any], tuple[str, tuple[Any, ...]]] = {}
        self.told: dict[Any, tuple[int, int]] = {}  # items of plans whose history was added up already, at a version
        self.signed: dict[Any, str] = {}  # an assessment and what it said when it was signed
        self.rests: dict[tuple[str, Any], bool] = {}  # what the family said, and whether it stands

    @invariant()
    def counted(self) -> None:
        Tools.steps_taken += self.has_acted
        self.has_acted = False

    @invariant()
    def one_holder_of_the_duty(self) -> None:
        for state, lead, places, posts in self.ask(
            "SELECT c.state, c.lead_professional_id, count(m.id), array_agg(m.post_id) FROM casework_case c LEFT JOIN"
            " casework_casemember m ON m.case_id = c.id AND m.part = 'lead' AND m.left_at IS NULL WHERE c.family_id = %s"
            " GROUP BY c.id", self.family.pk,
        ):  # fmt: skip
            assert places == (1 if state == "open" else 0)
            assert state == "closed" or (lead is not None) == (state == "open")
            assert state != "open" or posts == [lead]

    @invariant()
    def whoever_is_no_social_worker_is_followed_up(self) -> None:
        """While a child is in need by a plan in force, the case is on the manager's list exactly where its lead is no
        registered social worker; and who it is flagged for is known from the tables alone."""
        row = self.row()
        lead = row.lead_professional
        is_flagged = (
            row.state != "closed" and self.has_social_work() and not (lead and lead.is_registered_social_worker)
        )
        assert (clock_of(row, self.at) is not None) == is_flagged

    @invariant()
    def no_open_plan_without_a_next_review(self) -> None:
        assert self.ask(
            "SELECT p.id FROM casework_plan p JOIN casework_case c ON c.id = p.case_id WHERE p.family_id = %s AND p.state = 'open'"
            " AND (c.state = 'closed' OR c.review_due_on IS NULL)", self.family.pk,
        ) == []  # fmt: skip

    @invariant()
    def one_open_plan_and_one_open_case_for_the_family(self) -> None:
        for table in ("casework_plan", "casework_case"):
            count = f"SELECT count(*) FROM {table} WHERE family_id = %s AND state <> 'closed'"
            assert self.ask(count, self.family.pk)[0][0] <= 1

    @invariant()
    def no_closed_plan_with_an_open_duty(self) -> None:
        asked = ", ".join(_LEFT_OPEN)
        for left in self.ask(
            f"SELECT {asked} FROM casework_plan p WHERE p.family_id = %s AND p.state = 'closed'", self.family.pk
        ):
            assert not any(left), [words for words, is_open in zip(_LEFT_OPEN, left, strict=True) if is_open]

    @invariant()
    def one_plan_leads_for_each_child(self) -> None:
        assert self.ask(
            "SELECT s.person_id FROM casework_planchild s WHERE s.person_id = ANY(%s::uuid[]) AND s.ended_at IS NULL"
            " GROUP BY s.person_id HAVING count(*) FILTER (WHERE s.leads) <> 1", [str(each.pk) for each in self.children],
        ) == []  # fmt: skip

    @invariant()
    def every_access_has_a_live_ground(self) -> None:
        """Whoever the audit trail says looked or wrote in this step had their ground when it began, or has it now; and the
        case is shown now to those who have a ground, and to nobody else."""
        may_now = self.who_may_see()
        for row in AuditEvent.objects.filter(pk__gt=self.last_audit).order_by("pk"):
            self.last_audit = row.pk
            if row.actor_id is None or row.kind == "refusal":
                continue
            assert row.actor_id in self.seers | may_now | self.asked.get(row.action, set()), (row.kind, row.action)
        self.look_who_may_see(may_now)
        names = {account.pk: account.name for account in self.accounts}
        assert {names[each] for each in self.who_sees()} == {name for pk, name in names.items() if pk in may_now}

    def who_sees(self) -> set[Any]:
        """Accounts to whom the program shows the case now, all of them asked at once."""
        asked, values = [], []
        for account in self.accounts:
            shown, told = self.shown_to(account)
            asked.append(f"SELECT %s::uuid WHERE EXISTS ({shown})")
            values += [str(account.pk), *(self.at if each == _SOME_TIME else each for each in told)]
        return {pk for (pk,) in self.ask(" UNION ALL ".join(asked), *values)}

    def shown_to(self, account: Account) -> tuple[str, tuple[Any, ...]]:
        """The program's own statement that shows an account the case, with a moment of its own in place of now."""
        key = (account.pk, self.case.pk)
        if key not in self.shown:
            known = actor_of(account, self.at)
            self.shown[key] = self._statement(replace(known, at=_SOME_TIME))
            sql, values = self._statement(known)  # nothing but the moment itself may depend on the moment
            put_in = tuple(self.at if each == _SOME_TIME else each for each in self.shown[key][1])
            assert (sql, values) == (self.shown[key][0], put_in)
        return self.shown[key]

    def _statement(self, viewer: Actor) -> tuple[str, tuple[Any, ...]]:
        sql, values = Case.objects.visible_to(viewer).filter(pk=self.case.pk).values("pk").query.sql_with_params()
        return str(sql), tuple(values)

    @invariant()
    def the_chronology_adds_up(self) -> None:
        """Everything that happened, whether or not it is shown; what stands about the right people instead is no second
        happening."""
        instead = set(EventMark.objects.exclude(instead=None).values_list("instead_id", flat=True))
        happened = [each for each in self.new_events() if each.pk not in instead]
        assert replay(Happened(each.kind, each.code, _who(each)) for each in happened) == self.model
        assert self._as_it_is() == self.model

    def _as_it_is(self) -> Journey:
        row, newest = self.row(), Step.objects.filter(case=self.case).order_by("-asked_at", "-pk").first()
        stage = newest.disagreements.filter(ended_at=None).values_list("number", flat=True).first() if newest else None
        return Journey(
            is_open=row.state != "closed", level=row.level,
            lead=row.lead_professional.account.name if row.lead_professional else "",
            has_open_plan=self.plan() is not None, plans=Plan.objects.filter(family_id=self.family.pk).count(),
            open_needs=self.live_needs(self.plan()), step=newest.state if newest else "", stage=stage or 0,
        )  # fmt: skip

    @invariant()
    def a_disagreement_is_somebodys_and_shown_to_them_alone(self) -> None:
        """Each open step of it has somebody to settle it; a director sees the step while they are named, and never the case."""
        for director in ("Dora Testdirector", "Nolan Mockdirector"):
            post = self.world.settlers[director]
            named = self.ask(
                "SELECT s.id FROM casework_disagreement d JOIN casework_step s ON s.id = d.step_id WHERE d.holder_id = %s"
                " AND d.ended_at IS NULL AND s.case_id = %s", post.pk, self.case.pk,
            )  # fmt: skip
            viewer = actor_of(post.account, self.at)
            assert set(Step.objects.visible_to(viewer).filter(case=self.case).values_list("pk", flat=True)) == {
                each for (each,) in named
            }
            assert not Case.objects.visible_to(viewer).filter(pk=self.case.pk).exists()
        alone = "SELECT 1 FROM casework_disagreement WHERE ended_at IS NULL AND holder_id IS NULL"
        assert self.ask(alone) == []

    @invariant()
    def the_history_of_the_plan_adds_up(self) -> None:
        """Every change and every undoing of one, in their order, end in what the plan says now."""
        plan = Plan.objects.filter(case=self.case).order_by("-opened_at", "-pk").first()
        said: list[tuple[Any, int, Any, dict[str, Any]]] = []
        kinds: dict[Any, str] = {}
        for each in PlanChange.objects.filter(plan=plan):
            kinds[each.target_id] = each.kind
            said.append((each.at, each.pk.int, each.target_id, each.after))
            if each.undone_at is not None:
                said.append((each.undone_at, each.pk.int, each.target_id, each.before))
        stands: dict[Any, dict[str, Any]] = {}
        for _, _, target, values in sorted(said, key=lambda each: each[:2]):
            stands.setdefault(target, {}).update(values)
        items = {kind: KINDS[kind]._default_manager.in_bulk([t for t in kinds if kinds[t] == kind]) for kind in FIELDS}
        for target, values in stands.items():
            item = items[kinds[target]][target]
            if self.told.get(target) != (item.version, len(said)):
                now = as_it_is(item, self.by)
                assert {name: now[name] for name in values} == values, kinds[target]
                self.told[target] = (item.version, len(said))

    @invariant()
    def what_was_signed_stays_as_it_was(self) -> None:
        """One signed assessment in force for a child, at most one begun; and no signed word ever changes."""
        assert self.ask(
            "SELECT child_id FROM casework_assessment WHERE case_id = %s AND state IN ('signed', 'draft') GROUP BY child_id, state"
            " HAVING count(*) > 1", self.case.pk,
        ) == []  # fmt: skip
        for assessment, digest in self.signed.items():
            assert self.digest_of(assessment) == digest
        found = Assessment.objects.filter(case__family=self.family).exclude(state="draft").values_list("pk", flat=True)
        assert set(found) == set(self.signed)

    def digest_of(self, assessment: Any) -> str:
        """What an assessment says, in a word."""
        said = "SELECT md5(string_agg(code || answers::text, '|' ORDER BY code)) FROM casework_assessmentsection"
        return str(self.ask(f"{said} WHERE assessment_id = %s", assessment)[0][0])

    @invariant()
    def withdrawing_ended_what_rested_on_agreement_and_nothing_else(self) -> None:
        kept = {("help", pk): is_live for pk, is_live in self.ask(
            "SELECT id, withdrawn_at IS NULL FROM information_sharing_helpagreed WHERE person_id = ANY(%s::uuid[])", self._ids()
        )} | {("sharing", pk): is_live for pk, is_live in self.ask(
            "SELECT id, ended_at IS NULL FROM information_sharing_sharingbasis WHERE person_id = ANY(%s::uuid[])", self._ids()
        )}  # fmt: skip
        assert kept == self.rests

    def _ids(self) -> list[str]:
        return [str(each.pk) for each in (*self.children, self.parent)]

    @invariant()
    def nothing_is_lost(self) -> None:
        """A note that is shown has its event and the event its note; nothing of either is ever deleted."""
        assert self.ask(
            "SELECT n.id FROM casework_casenote n WHERE n.case_id = %s AND (NOT EXISTS (SELECT 1 FROM chronology_event e WHERE"
            " e.source_id = n.id::text) OR (n.taken_out_at IS NOT NULL) <> (SELECT bool_and((SELECT k.kind FROM chronology_eventmark k"
            " WHERE k.event_id = e.id AND k.kind IN ('taken_out', 'put_back') ORDER BY k.id DESC LIMIT 1) IS NOT DISTINCT FROM"
            " 'taken_out') FROM chronology_event e WHERE e.source_id = n.id::text))", self.case.pk,
        ) == []  # fmt: skip
        assert not PlanNeed.objects.filter(plan__case=self.case, ended_at=None).exclude(end_code="").exists()


def _who(event: Event) -> str:
    words = event.words.words if hasattr(event, "words") else None
    return str((words or {}).get("who", ""))
